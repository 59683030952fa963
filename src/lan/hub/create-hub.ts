/** A hub of its parts: our own programs on one side, the network on the other. */
import type { DeviceId } from '../../base/ids.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Address, Link } from '../../link/link.ts';
import { interfaceTable, offerable } from '../../peer/addresses.ts';
import { Timers } from '../../peer/tasks.ts';
import type { Announcement } from '../announcement.ts';
import { encodeAnnouncement } from '../announcement-codec.ts';
import type { Discovery, DiscoveryPorts } from '../discovery/discovery.ts';
import type { Lobby, LobbyPorts } from '../lobby/lobby.ts';
import type { Mesh, MeshPorts } from '../mesh/mesh.ts';
import { type Core, createCore, presenceOf } from './core.ts';
import { receive } from './handlers/index.ts';
import type { Hub, HubOptions } from './hub.ts';
import { LEAVE_WITHIN_MS } from './limits.ts';
import { takeFrame } from './peer-frames.ts';
import { Problems, problemLine } from './problems.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { signingOf } from './signing.ts';

/** What `openHub` makes of sockets, and a test of memory. */
export interface HubParts {
  readonly openMesh: (ports: MeshPorts) => Promise<Result<Mesh, string>>;
  /** @param ownPort that of the mesh. */
  readonly openDiscovery: (ports: DiscoveryPorts, ownPort: number) => Promise<Result<Discovery, string>>;
  readonly createLobby: (ports: LobbyPorts) => Lobby;
}

/** Of a link inside this process: our own screen. */
const OWN_PROGRAM = 'memory';

/** Others of our programs, one of which is about to take over. */
const isOther = ({ link }: Session): boolean => link.remote.host !== OWN_PROGRAM;

class OpenedHub implements Hub {
  readonly #options: HubOptions;
  readonly #parts: HubParts;
  readonly #problems = new Problems();
  readonly #timers = new Timers((error) => this.#problems.fault(error));
  readonly #sessions: Sessions;
  readonly #core: Core;
  /** Links with people who are not known yet, since too many are new. */
  readonly #unmet = new Map<DeviceId, Address>();
  #closing: Promise<void> | undefined;

  constructor(options: HubOptions, parts: HubParts) {
    const { identity, name, port, clock, newId, store } = options;
    this.#options = options;
    this.#parts = parts;
    this.#sessions = new Sessions({
      clock,
      timers: this.#timers,
      message: (session, message) => receive(this.#core, session, message),
      drained: (session) => this.#core.mailbox.drained(session),
      left: (session) => this.#left(session),
      fault: (error) => this.#problems.fault(error),
    });
    this.#core = createCore({
      device: identity.device,
      name,
      port,
      clock,
      newId,
      store,
      problems: this.#problems,
      timers: this.#timers,
      signing: signingOf(identity),
      createLobby: parts.createLobby,
      sessions: this.#sessions,
    });
  }

  /** @returns or one line for people. Then nothing of it is left, but the store. */
  async open(): Promise<Result<Hub, string>> {
    const { net } = this.#core;
    const mesh = await this.#parts.openMesh(this.#meshPorts());
    if (!mesh.ok) {
      this.#timers.close();
      return mesh;
    }
    net.mesh = mesh.value;
    const discovery = await this.#parts.openDiscovery(
      {
        announcement: (being) => this.#announcement(being),
        heard: (announcement, host) => this.#guarded(() => this.#heard(announcement, host)),
      },
      mesh.value.port,
    );
    if (!discovery.ok) {
      mesh.value.close();
      this.#timers.close();
      return discovery;
    }
    net.discovery = discovery.value;
    return ok(this);
  }

  accept(link: Link): void {
    this.#sessions.accept(link);
  }

  get sessions(): number {
    return this.#sessions.online.length;
  }

  get problems(): readonly string[] {
    const { discovery } = this.#core.net;
    return [...this.#problems.lines, ...(discovery?.figures.problems ?? [])].map(problemLine);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { net, people } = this.#core;
    // Where another program of ours goes on in a moment, nobody need be told that we have gone.
    const isGoodbye = !this.#sessions.online.some(isOther);
    this.#sessions.stop();
    this.#guarded(() => people.save());
    if (isGoodbye) await this.#leave();
    net.discovery?.close();
    net.mesh?.close();
    this.#timers.close();
    this.#guarded(() => this.#options.store.close());
    for (const session of this.#sessions.online)
      this.#sessions.sayBye(session, 'shutdown', 'the program that was on the local network has ended');
    this.#sessions.close();
  }

  /** The good-byes, as far as they go at once. */
  async #leave(): Promise<void> {
    const { mesh, discovery } = this.#core.net;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LEAVE_WITHIN_MS);
    });
    const said = Promise.allSettled([discovery?.leave(), mesh?.leave()]);
    await Promise.race([said, late]);
    clearTimeout(timer);
  }

  #meshPorts(): MeshPorts {
    const core = this.#core;
    return {
      device: this.#options.identity.device,
      announcement: () => this.#announcement(),
      heard: (announcement) => this.#guarded(() => void core.people.heard(announcement)),
      alive: (device) => this.#guarded(() => core.people.alive(device)),
      linked: (device, remote) => this.#guarded(() => this.#linked(device, remote)),
      unlinked: (device, bye) => this.#guarded(() => this.#unlinked(device, bye)),
      frame: (device, frame) => this.#guarded(() => takeFrame(core, device, frame)),
      lobbyDigest: () => core.room.lobby.digest,
    };
  }

  /** Nothing that comes from outside may end the program. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#problems.fault(error);
    }
  }

  #announcement(being?: 'bye'): Uint8Array {
    const { identity, name, clock } = this.#options;
    const { net, own } = this.#core;
    return encodeAnnouncement(identity, {
      name,
      being: being ?? own.being,
      pin: net.mesh?.pin ?? '',
      port: net.mesh?.port ?? 0,
      addresses: offerable(interfaceTable()),
      time: clock.now(),
    });
  }

  #heard(announcement: Announcement, host: string | undefined): void {
    const { people, net } = this.#core;
    const person = people.heard(announcement);
    if (person === undefined) return;
    net.mesh?.heard(announcement, host);
    const remote = this.#unmet.get(person.device);
    if (remote !== undefined) this.#linked(person.device, remote);
  }

  #linked(device: DeviceId, remote: Address): void {
    const core = this.#core;
    const { host } = remote;
    const person = core.people.byDevice(device);
    if (person === undefined) {
      this.#unmet.set(device, remote);
      return;
    }
    this.#unmet.delete(device);
    core.people.keep(person);
    if (person.port !== undefined) core.net.linked(device, { host, port: person.port });
    core.sync.linked(device);
    core.mailOut.linked(device);
    core.packages.linked(device, !core.ignored.blocks(device));
    // They were told to be here when they were heard; now what waits for them can go.
    if (person.state !== 'offline') core.sessions.tell(presenceOf(person), { only: ({ follows }) => follows });
  }

  #unlinked(device: DeviceId, bye: boolean): void {
    const core = this.#core;
    this.#unmet.delete(device);
    core.net.unlinked(device);
    core.sync.unlinked(device);
    core.mailOut.unlinked(device);
    core.packages.unlinked(device);
    if (bye) core.people.bye(device);
  }

  #left(session: Session): void {
    const { own, mailOut, privates, sessions } = this.#core;
    mailOut.left(session);
    privates.left(session);
    if (session.visible && !sessions.online.some(({ visible }) => visible)) own.gone();
  }
}

/** Never rejects, unless the store does. */
export const createHub = async (options: HubOptions, parts: HubParts): Promise<Result<Hub, string>> =>
  await new OpenedHub(options, parts).open();
