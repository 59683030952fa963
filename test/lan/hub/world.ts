/**
 * Several people on a network in memory: real hubs with real lobbies, and announcements and links that a test cuts. Clocks
 * are those of vitest; everything takes a moment to arrive.
 */
import { randomBytes } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { type ClientId, type DeviceId, type UnixMs, unixMs } from '../../../src/base/ids.ts';
import { ok } from '../../../src/base/result.ts';
import { type Identity, newIdentity } from '../../../src/crypto/identity.ts';
import type { Announcement } from '../../../src/lan/announcement.ts';
import { readAnnouncement } from '../../../src/lan/announcement-codec.ts';
import type { Discovery, DiscoveryPorts } from '../../../src/lan/discovery/discovery.ts';
import { createHub, type HubParts } from '../../../src/lan/hub/create-hub.ts';
import type { Hub } from '../../../src/lan/hub/hub.ts';
import { ANNOUNCE_EVERY_MS, LINK_PING_MS } from '../../../src/lan/limits.ts';
import { createLobby } from '../../../src/lan/lobby/create-lobby.ts';
import { lineOf, readLine } from '../../../src/lan/mesh/lines.ts';
import type { Mesh, MeshFrame, MeshPorts } from '../../../src/lan/mesh/mesh.ts';
import { memoryStore } from '../../../src/lan/store/memory.ts';
import type { LanStore } from '../../../src/lan/store/store.ts';
import { Program } from './program.ts';

/** Milliseconds until something has arrived. */
const ON_ITS_WAY_MS = 2;
/** Milliseconds until a link stands. */
const HANDSHAKE_MS = 20;

export const clock = {
  now: (): UnixMs => unixMs(Math.trunc(Date.now())),
  monotonic: (): number => performance.now(),
};

/** Time goes by, and everybody does what there is to do in it. */
export const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** What the hub has to do is done, and has come where it goes. */
export const settle = (): Promise<void> => pass(10);

interface Options {
  readonly identity?: Identity;
  readonly store?: LanStore;
}

/** An announcement of somebody who isn't there. */
export const invented = (name: string): Announcement => ({
  device: randomBytes(32).toString('base64url') as DeviceId,
  name,
  being: 'here',
  pin: `SHA256:${'B'.repeat(43)}`,
  port: 40_001,
  addresses: [],
  time: clock.now(),
  nonce: randomBytes(8).toString('hex'),
});

export class World {
  readonly people: Person[] = [];
  /** Pairs, by their devices in order, that don't reach each other. */
  readonly #cut = new Set<string>();
  #ids = 0;

  /** In a test: its clocks stand still. */
  constructor() {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12) });
    onTestFinished(async () => {
      // A test may have had several.
      if (!vi.isFakeTimers()) return;
      const closed = Promise.all(this.people.map((person) => person.hub?.close()));
      await pass(5000);
      await closed;
      vi.useRealTimers();
    });
  }

  /** Somebody comes, and their screen logs in. */
  async comes(name: string, options: Options = {}): Promise<Person> {
    const person = new Person(this, name, options);
    this.people.push(person);
    await person.start();
    return person;
  }

  newId = (): ClientId => `id-${++this.#ids}` as ClientId;

  reaches(one: Person, other: Person): boolean {
    return one !== other && one.isUp && other.isUp && !this.#cut.has(pair(one, other));
  }

  /** These two don't reach each other any more. @param how `links`: announcements still come through. */
  cut(one: Person, other: Person): void {
    this.#cut.add(pair(one, other));
    one.unlink(other, false);
    other.unlink(one, false);
  }

  /** Whoever is in one group doesn't reach who is in another. */
  part(groups: readonly (readonly Person[])[]): void {
    for (const [i, group] of groups.entries())
      for (const others of groups.slice(i + 1))
        for (const one of group) for (const other of others) this.cut(one, other);
  }

  heal(): void {
    this.#cut.clear();
  }
}

const pair = (one: Person, other: Person): string => [one.device, other.device].toSorted().join(' ');

export class Person {
  readonly world: World;
  readonly name: string;
  readonly identity: Identity;
  readonly store: LanStore;
  hub!: Hub;
  program!: Program;
  isUp = false;
  mesh: MeshPorts | undefined;
  discovery: DiscoveryPorts | undefined;
  /** Announcements are lost; links stand. */
  isSilent = false;
  /** Whoever this is for is lost on its way, both ways. */
  loses: (frame: MeshFrame) => boolean = () => false;
  readonly links = new Map<DeviceId, Person>();
  /** Frames that came from others. */
  readonly frames: { readonly from: DeviceId; readonly frame: MeshFrame }[] = [];
  byes = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(world: World, name: string, { identity = newIdentity(), store = memoryStore() }: Options) {
    this.world = world;
    this.name = name;
    this.identity = identity;
    this.store = store;
  }

  get device(): DeviceId {
    return this.identity.device;
  }

  async start(): Promise<void> {
    this.isUp = true;
    const opened = await createHub(
      {
        identity: this.identity,
        name: this.name,
        port: 2428,
        peers: [],
        linkPort: 0,
        clock,
        newId: this.world.newId,
        store: this.store,
      },
      this.#parts(),
    );
    if (!opened.ok) throw new Error(opened.error);
    this.hub = opened.value;
    this.program = new Program(this.hub).logIn();
    this.program.say({ type: 'who', follow: true });
    await settle();
  }

  /** Another program of theirs. */
  async opens(more: Readonly<Record<string, unknown>> = {}, host?: string): Promise<Program> {
    const program = new Program(this.hub, host).logIn(more);
    await settle();
    return program;
  }

  /** The program ends in good order. */
  async leaves(): Promise<void> {
    const closed = this.hub.close();
    await pass(2000);
    await closed;
  }

  /** The power is off. */
  async dies(): Promise<void> {
    this.vanish();
    this.hub.accept = () => undefined;
    await settle();
  }

  vanish(): void {
    this.isUp = false;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    for (const other of this.links.values()) {
      this.links.delete(other.device);
      other.unlink(this, false);
    }
    this.mesh = undefined;
    this.discovery = undefined;
  }

  /** As whom this person's programs know somebody. */
  nameOf(other: Person): string {
    const users = this.program.of('users').flatMap(({ users: page }) => page);
    const found = users.find(({ device }) => device === other.device);
    const user = this.program.of('presence').find(({ device }) => device === other.device)?.user ?? found?.name;
    if (user === undefined) throw new Error(`${this.name} does not know ${other.name}`);
    return user;
  }

  /** A frame of theirs to somebody, as no hub of ours would send it. */
  sends(to: Person, frame: MeshFrame): void {
    to.mesh?.frame(this.device, frame);
  }

  unlink(other: Person, bye: boolean): void {
    if (!this.links.delete(other.device)) return;
    this.mesh?.unlinked(other.device, bye);
  }

  /** Another's announcement has come. */
  hears(bytes: Uint8Array, from: Person): void {
    const read = readAnnouncement(bytes, clock.now());
    if (read.ok) this.discovery?.heard(read.value, '10.0.0.1');
    else throw new Error(`${from.name} has announced nonsense: ${read.error}`);
  }

  #parts(): HubParts {
    return {
      openMesh: (ports) => {
        this.mesh = ports;
        this.#timers.push(setInterval(() => this.#ping(), LINK_PING_MS));
        return Promise.resolve(ok(this.#mesh()));
      },
      openDiscovery: (ports) => {
        this.discovery = ports;
        this.#timers.push(setInterval(() => this.announce(), ANNOUNCE_EVERY_MS));
        this.announce();
        return Promise.resolve(ok(this.#discovery()));
      },
      createLobby,
    };
  }

  announce(being?: 'bye'): void {
    const { discovery } = this;
    if (discovery === undefined || this.isSilent) return;
    const bytes = discovery.announcement(being);
    for (const other of this.world.people)
      if (this.world.reaches(this, other))
        setTimeout(() => {
          if (other.isUp) other.hears(bytes, this);
        }, ON_ITS_WAY_MS);
  }

  #discovery(): Discovery {
    const figures = { heard: 3, dropped: new Map(), interfaces: ['eth0 10.0.0.7/24'], peers: [], problems: [] };
    return {
      figures,
      announce: () => this.announce(),
      far: () => undefined,
      leave: () => {
        this.byes += 1;
        this.announce('bye');
        return Promise.resolve();
      },
      close: () => {
        this.discovery = undefined;
      },
    };
  }

  #ping(): void {
    for (const other of this.links.values())
      this.#deliver(other, { type: 'ping', lobby: this.mesh?.lobbyDigest() ?? '' });
  }

  #deliver(other: Person, frame: MeshFrame): void {
    const line = lineOf(frame).toString().trimEnd();
    const read = readLine(line);
    if (read.kind !== 'frame' || line.length >= 65_536) throw new Error(`no frame for others: ${line.slice(0, 200)}`);
    if (this.loses(frame) || other.loses(frame)) return;
    setTimeout(() => {
      if (other.links.get(this.device) !== this || !other.isUp) return;
      other.frames.push({ from: this.device, frame });
      other.mesh?.alive(this.device);
      other.mesh?.frame(this.device, frame);
      if (frame.type === 'ping') other.#deliver(this, { type: 'pong', lobby: other.mesh?.lobbyDigest() ?? '' });
    }, ON_ITS_WAY_MS);
  }

  #link(device: DeviceId): void {
    const other = this.world.people.find((one) => one.device === device && one.isUp);
    if (other === undefined || this.links.has(device)) return;
    setTimeout(() => {
      if (!this.world.reaches(this, other) || this.links.has(device) || this.mesh === undefined) return;
      this.links.set(device, other);
      other.links.set(this.device, this);
      for (const [one, two] of [
        [this, other],
        [other, this],
      ] as const) {
        const read = readAnnouncement(two.mesh?.announcement() ?? new Uint8Array(), clock.now());
        if (read.ok) one.mesh?.heard(read.value, '10.0.0.1');
        one.mesh?.linked(two.device, { host: '10.0.0.1', port: 40_000 });
      }
    }, HANDSHAKE_MS);
  }

  #mesh(): Mesh {
    const { links, device } = this;
    return {
      pin: `SHA256:${'A'.repeat(43)}`,
      port: 40_000,
      get links() {
        return links.size;
      },
      problems: [],
      heard: (announcement) => {
        if (announcement.being !== 'bye' && device < announcement.device) this.#link(announcement.device);
      },
      isLinked: (other) => links.has(other),
      send: (other, frame) => {
        const to = links.get(other);
        if (to !== undefined) this.#deliver(to, frame);
        return to !== undefined;
      },
      sendAll: (frame) => {
        for (const to of links.values()) this.#deliver(to, frame);
        return links.size;
      },
      leave: () => {
        for (const other of links.values()) other.unlink(this, true);
        return Promise.resolve();
      },
      close: () => {
        this.vanish();
      },
    };
  }
}
