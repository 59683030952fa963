/**
 * A client's core with a server that the test plays, and real programs on a local network in memory, joined as the client's
 * shell joins them. Clocks are those of vitest.
 */
import { onTestFinished } from 'vitest';
import type { DeviceId } from '../../../../src/base/ids.ts';
import { err, ok } from '../../../../src/base/result.ts';
import type { Effect, Env, Event } from '../../../../src/client/core/event.ts';
import { BesideServer } from '../../../../src/client/shell/both/beside-server.ts';
import type { Link } from '../../../../src/link/link.ts';
import { memoryLinks } from '../../../../src/link/memory.ts';
import { memoryVault } from '../../../../src/peer/memory-vault.ts';
import { createMessenger } from '../../../../src/peer/messenger.ts';
import type { PrivateCommand } from '../../../../src/peer/private.ts';
import type { Pin } from '../../../../src/peer/vault.ts';
import type { ClientMessage } from '../../../../src/protocol/client-messages.ts';
import type { PersonInfo, RoomInfo, ServerMessage } from '../../../../src/protocol/server-messages.ts';
import { clock, type Person, pass, settle, World } from '../../../lan/hub/world.ts';
import { at, clientId, Drive, groupId, info, user } from '../../core/drive.ts';

export { pass, settle };

/** Of the real clock: what takes keys or files is done between two moments of the test's. */
const later = setImmediate;
/** Milliseconds, real ones. */
const PATIENCE_MS = 8000;
const realTime = process.hrtime.bigint.bind(process.hrtime);
const realNow = (): number => Number(realTime() / 1_000_000n);

/** Until it holds, while the clocks of the test go on. */
export async function meanwhile(holds: () => boolean): Promise<void> {
  const deadline = realNow() + PATIENCE_MS;
  while (!holds()) {
    if (realNow() > deadline) throw new Error(`it has not come: ${String(holds)}`);
    await pass(5);
    await new Promise((resolve) => {
      later(resolve);
    });
  }
}

/** Long enough for everybody to be heard, and linked. */
export const MEET_MS = 4000;

/** Its chats go over a wire, so their names are such as a wire takes. */
class WiredDrive extends Drive {
  #groups = 0;

  override get env(): Env {
    return { ...super.env, newGroup: () => groupId(`${`${++this.#groups}`.padStart(21, 'A')}A`) };
  }
}

/** What the server sees and says of us, and what our program on the network does. */
export class Scene {
  readonly world = new World();
  readonly drive: Drive;
  readonly both: BesideServer;
  /** What came to the server. */
  readonly toServer: ClientMessage[] = [];
  /** What came to the server's messenger. */
  readonly toMessenger: PrivateCommand[] = [];
  readonly pins = new Map<string, Pin[]>();
  /** Of whom the server knows which devices. */
  readonly devices = new Map<string, readonly DeviceId[]>();
  /** Why our program can't be reached. */
  trouble: string | undefined;
  left = 0;
  #links: Link[] = [];
  #me: Person | undefined;
  #ids = 0;

  constructor() {
    this.drive = new WiredDrive();
    this.both = new BesideServer({
      dial: async () => {
        if (this.#me === undefined || this.trouble !== undefined)
          return err({ text: this.trouble ?? 'nobody is there' });
        const [ours, theirs] = memoryLinks();
        this.#me.hub.accept(theirs);
        this.#links.push(ours);
        return ok({ link: ours });
      },
      leaveLan: async () => {
        this.left++;
      },
      openMessenger: async (ports) => {
        const vault = this.vault ?? memoryVault(this.me.identity);
        this.vault = vault;
        const messenger = createMessenger({
          ...ports,
          clock,
          newId: () => clientId(`lan-${++this.#ids}`),
          vault,
          direct: undefined,
          byKey: true,
          write: (path) => ok(path),
        });
        return { kind: 'open', messenger, close: () => messenger.close() };
      },
      toServer: (message) => this.#serverGets(message),
      happens: (event) => this.happens(event),
      state: this.drive.state,
      pins: (name) => this.pins.get(name) ?? [],
      newId: () => clientId(`both-${++this.#ids}`),
      clock,
      random: () => 0.5,
    });
    onTestFinished(() => this.both.close());
  }

  vault: ReturnType<typeof memoryVault> | undefined;

  get me(): Person {
    if (this.#me === undefined) throw new Error('we are nobody there');
    return this.#me;
  }

  /** As whom we are on the network. */
  async on(name = 'ali'): Promise<void> {
    this.#me = await this.world.comes(name);
  }

  happens(event: Event): void {
    this.drive.mono = performance.now();
    this.#perform(this.drive.event(event));
    this.both.settled(this.drive.state);
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === 'send') {
        const left = this.both.toServer(effect.message);
        if (left !== undefined) this.#serverGets(left);
      } else if (effect.do === 'private') {
        const left = this.both.command(effect.command);
        if (left !== undefined) this.toMessenger.push(left);
      } else if (effect.do === 'lan') this.both.turn(effect.on);
      else if (effect.do === 'disconnect') this.both.serverDown();
    }
  }

  /** The server knows devices, and nothing else by itself. */
  #serverGets(message: ClientMessage): void {
    this.toServer.push(message);
    if (message.type !== 'devices') return;
    const devices = (this.devices.get(message.user) ?? []).map((device) => ({ device }));
    queueMicrotask(() => this.server({ ...message, devices }));
  }

  /** The server says. */
  server(message: ServerMessage): void {
    if (this.both.takes(message)) return;
    this.happens({ type: 'message', message: this.both.fromServer(message) });
  }

  /** We log in to the server, where these are. */
  logIn(people: readonly string[] = [], rooms: readonly RoomInfo[] = [info('#lobby')], name = 'alice'): void {
    this.happens({ type: 'start' });
    this.happens({ type: 'linkUp' });
    this.server({
      type: 'welcome',
      version: 1,
      server: 'box',
      user: user(name),
      time: at(Date.now()),
      awayAfter: 10_000,
      logOffAfter: 900_000,
      rooms,
    });
    this.list([name, ...people]);
    if (this.drive.state.privates.kind === 'starting')
      this.happens({
        type: 'private',
        event: this.both.fromMessenger({ type: 'available', available: true, text: '' }),
      });
  }

  /** The server's answer to the last `who`. */
  list(people: readonly string[]): void {
    const asked = this.toServer.findLast((message) => message.type === 'who');
    const users = people.map((name): PersonInfo => ({ name: user(name), state: 'online', since: at(1) }));
    this.server({ type: 'users', ...(asked?.id === undefined ? {} : { id: asked.id }), users, more: false });
  }

  /** The server's connection breaks. */
  loseServer(): void {
    this.both.serverDown();
    this.happens({ type: 'linkDown', text: 'the line broke' });
  }

  /** Our link to our own program there breaks. */
  loseLan(): void {
    for (const link of this.#links.splice(0)) link.destroy();
  }

  async enter(text: string): Promise<void> {
    this.happens({ type: 'key', key: { kind: 'text', text } });
    this.happens({ type: 'key', key: { kind: 'key', name: 'enter' } });
    await pass(300);
  }

  /** `/lan on`, and time to meet everybody. */
  async lanOn(): Promise<void> {
    await this.enter('/lan on');
    await this.meet();
  }

  /** It is loaded, and everybody is met. */
  async meet(): Promise<void> {
    await meanwhile(() => this.drive.state.lanAlso);
    await pass(MEET_MS);
  }

  /** Who is on the list, and not gone; with the mark of the network. */
  people(): string[] {
    return [...this.drive.state.people.values()]
      .filter(({ state }) => state !== 'offline')
      .map(({ name, device }) => (device === undefined ? name : `${name} @`))
      .toSorted();
  }

  pin(name: string, device: DeviceId, more: Partial<Pin> = {}): void {
    const pin: Pin = { user: user(name), device, since: at(1), verified: false, accepted: true, ...more };
    this.pins.set(name, [...(this.pins.get(name) ?? []), pin]);
  }
}
