/** People with real meshes on loopback, who hear of each other only when a test says so; and strangers made of raw links. */
import { vi } from 'vitest';
import { type DeviceId, unixMs } from '../../../src/base/ids.ts';
import { type Identity, newIdentity } from '../../../src/crypto/identity.ts';
import type { Announcement, Being } from '../../../src/lan/announcement.ts';
import { encodeAnnouncement, readAnnouncement } from '../../../src/lan/announcement-codec.ts';
import type { LanFrame } from '../../../src/lan/mesh/frames.ts';
import type { MeshFrame } from '../../../src/lan/mesh/mesh.ts';
import { type MeshOptions, type OpenedMesh, openMesh } from '../../../src/lan/mesh/open-mesh.ts';
import type { Link } from '../../../src/link/link.ts';
import { connectMutual, listenMutual, type MutualKey, newMutualKey } from '../../../src/link/mutual-tls.ts';
import { Recorder } from '../../link/recorder.ts';
import { turn, until } from '../../peer/relay.ts';

export const HOST = '127.0.0.1';
export const DIGEST = 'A'.repeat(43);
/** `look` of `TIMINGS`. */
export const LOOK_MS = 500;

const cleanups: (() => void)[] = [];

export const later = (cleanup: () => void): void => void cleanups.push(cleanup);

/** In `beforeEach`: looks come only by `pass`. Timers of connections are real. */
export function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}

/** In `afterEach`. */
export function sendHome(): void {
  for (const cleanup of cleanups.splice(0)) cleanup();
  vi.useRealTimers();
}

/** Work on sockets that is there to do is done. */
export async function settle(): Promise<void> {
  const end = process.hrtime.bigint() + 8_000_000n;
  while (process.hrtime.bigint() < end) await turn();
}

/** Looks of all meshes, with time for what they cause between them. */
export async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += LOOK_MS) {
    vi.advanceTimersByTime(LOOK_MS);
    await settle();
  }
}

/** … until it holds. */
export async function passUntil(holds: () => boolean): Promise<void> {
  await until(() => {
    vi.advanceTimersByTime(LOOK_MS);
    return holds();
  }, 'what time should bring');
}

/** Two keys, the lower first. */
export function twoIdentities(): [Identity, Identity] {
  const [a, b] = [newIdentity(), newIdentity()];
  return a.device < b.device ? [a, b] : [b, a];
}

export function announcementBytes(
  identity: Identity,
  pin: string,
  port: number,
  more: { name?: string; being?: Being; addresses?: readonly string[]; time?: number } = {},
): Uint8Array {
  const { name = 'bob', being = 'here', addresses = [], time = Date.now() } = more;
  return encodeAnnouncement(identity, { name, being, pin, port, addresses, time: unixMs(time) });
}

export class Person {
  readonly identity: Identity;
  readonly name: string;
  mesh!: OpenedMesh;
  /** `linked bob`, `unlinked bob`, `bye bob`: by device. */
  readonly told: [string, DeviceId][] = [];
  readonly frames: MeshFrame[] = [];
  readonly heardOf: [Announcement, string][] = [];
  alive = 0;
  onFrame: (device: DeviceId, frame: MeshFrame) => void = () => undefined;

  constructor(identity: Identity, name: string) {
    this.identity = identity;
    this.name = name;
  }

  static async open(
    identity: Identity = newIdentity(),
    name = 'bob',
    options: Partial<MeshOptions> = {},
  ): Promise<Person> {
    const person = new Person(identity, name);
    const opened = await openMesh(
      {
        device: identity.device,
        announcement: () => person.announcement(),
        heard: (announcement, host) => {
          person.heardOf.push([announcement, host]);
          // As whoever uses a mesh may do.
          person.mesh.heard(announcement, host);
        },
        alive: () => void person.alive++,
        linked: (device) => void person.told.push(['linked', device]),
        unlinked: (device, bye) => void person.told.push([bye ? 'bye' : 'unlinked', device]),
        frame: (device, frame) => {
          person.frames.push(frame);
          person.onFrame(device, frame);
        },
        lobbyDigest: () => DIGEST,
      },
      { port: 0, random: () => 0, ...options },
    );
    if (!opened.ok) throw new Error(opened.error);
    person.mesh = opened.value;
    later(() => person.mesh.close());
    return person;
  }

  get device(): DeviceId {
    return this.identity.device;
  }

  announcement(): Uint8Array {
    return announcementBytes(this.identity, this.mesh.pin, this.mesh.port, { name: this.name });
  }

  /** @param more what the other's announcement says instead. */
  hears(other: Person, more: Partial<Announcement> = {}, host: string | undefined = HOST): void {
    this.mesh.heard({ ...announced(other.announcement()), ...more }, host);
  }

  events(other: { readonly device: DeviceId }): string[] {
    return this.told.filter(([, device]) => device === other.device).map(([what]) => what);
  }

  /** Of a kind, as they came. */
  typed<K extends MeshFrame['type']>(type: K): Extract<MeshFrame, { type: K }>[] {
    return this.frames.filter((frame): frame is Extract<MeshFrame, { type: K }> => frame.type === type);
  }
}

function announced(bytes: Uint8Array): Announcement {
  const read = readAnnouncement(bytes, unixMs(Date.now()));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

export const bothLinked = async (a: Person, b: Person): Promise<void> =>
  await until(() => a.mesh.isLinked(b.device) && b.mesh.isLinked(a.device), 'a link');

export const lineOf = (frame: LanFrame): string => `${JSON.stringify(frame)}\n`;

export const helloWith = (announcement: Uint8Array): string =>
  lineOf({ type: 'hello', version: 1, announcement: Buffer.from(announcement).toString('base64url') });

/** Somebody whose every line is the test's. */
export class Stranger {
  readonly link: Link;
  readonly told: Recorder;

  private constructor(link: Link) {
    this.link = link;
    this.told = Recorder.on(link);
    later(() => link.destroy());
  }

  static on(link: Link): Stranger {
    return new Stranger(link);
  }

  /** Has a key, and has been taken in; hasn't said anything. */
  static async at(person: Person, key: MutualKey = newMutualKey()): Promise<Stranger> {
    const { pin: expectPin, port } = person.mesh;
    const connected = await connectMutual({ host: HOST, port, key, expectPin, timeoutMs: 5000 });
    if (!connected.ok) throw new Error(connected.error.text);
    return new Stranger(connected.value);
  }

  /** Has done all that a program does before it says the first word. */
  static async linkedTo(person: Person, identity: Identity = newIdentity()): Promise<Stranger> {
    const key = newMutualKey();
    const stranger = await Stranger.at(person, key);
    await stranger.told.untilLines(1);
    stranger.link.write(helloWith(announcementBytes(identity, key.pin, 2428)));
    await stranger.told.untilLines(2);
    stranger.link.write(lineOf({ type: 'pong' }));
    await until(() => person.mesh.isLinked(identity.device), 'the stranger');
    return stranger;
  }

  get isClosed(): boolean {
    return this.told.count('closed') > 0;
  }
}

/** A port with a key, where the test decides about everybody who comes. */
export async function strangersPort(key: MutualKey, met: (stranger: Stranger) => void): Promise<number> {
  const listener = await listenMutual({ host: HOST, port: 0 });
  if (!listener.ok) throw new Error(listener.error.text);
  later(() => listener.value.close());
  listener.value.serve(key, (arrival) => {
    const link = arrival.take();
    if (link !== undefined) met(Stranger.on(link));
  });
  return listener.value.address.port;
}
