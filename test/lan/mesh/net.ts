/** A network in memory, where a test says what arrives next: of each connection in order, and nothing else is. */
import { type DeviceId, unixMs } from '../../../src/base/ids.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { Announcement } from '../../../src/lan/announcement.ts';
import type { Connect } from '../../../src/lan/mesh/dial.ts';
import { Links } from '../../../src/lan/mesh/links.ts';
import { TIMINGS } from '../../../src/lan/mesh/timings.ts';
import type { Address, Link, LinkEvents } from '../../../src/link/link.ts';
import type { Arrival } from '../../../src/link/mutual-tls.ts';

type Item = { readonly kind: 'line'; readonly line: string } | { readonly kind: 'end' };

/** One end of a connection. */
class Wire implements Link {
  readonly remote: Address;
  readonly local: Address = { host: '10.0.0.1', port: 1 };
  /** As the test says. */
  buffered = 0;
  /** What is on its way to this end. */
  readonly coming: Item[] = [];
  peer!: Wire;
  /** The other end takes nothing any more. */
  isStuck = false;
  #events: LinkEvents | undefined;
  #isOpen = true;

  /** @param id of the connection: as its port, so that it is known which one a link is. */
  constructor(id: number) {
    this.remote = { host: '10.0.0.2', port: id };
  }

  listen(events: LinkEvents): void {
    this.#events = events;
  }

  get canArrive(): boolean {
    return this.coming.length > 0 && (this.#events !== undefined || !this.#isOpen);
  }

  arrive(): void {
    const item = this.coming.shift();
    if (!this.#isOpen || item === undefined) return;
    if (item.kind === 'line') this.#events?.frame(item.line);
    else this.destroy();
  }

  write(bytes: Uint8Array | string): boolean {
    const line = Buffer.from(bytes).toString('utf8').trimEnd();
    if (this.#isOpen) this.peer.coming.push({ kind: 'line', line });
    return true;
  }

  destroy(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.peer.coming.push({ kind: 'end' });
    queueMicrotask(() => this.#events?.closed({ kind: 'closed' }));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  end(): void {
    this.destroy();
  }

  reset(): void {
    this.destroy();
  }

  awaitDrained(): void {
    if (!this.isStuck) queueMicrotask(() => this.#events?.drained());
  }

  pause(): void {}

  resume(): void {}
}

interface Dial {
  readonly pin: string;
  readonly from: string;
  readonly done: (link: Link | undefined) => void;
}

export class Net {
  readonly dials: Dial[] = [];
  readonly wires: Wire[] = [];
  readonly #listening = new Map<string, (arrival: Arrival) => void>();
  #connections = 0;
  #clock = 1_800_000_000_000;

  now(): number {
    return ++this.#clock;
  }

  /** Whoever listens under the pin gets an arrival, and the dialler its link. */
  connectNext(index: number): void {
    const [dial] = this.dials.splice(index % this.dials.length, 1);
    if (dial === undefined) return;
    const arrived = this.#listening.get(dial.pin);
    if (arrived === undefined) {
      dial.done(undefined);
      return;
    }
    const id = ++this.#connections;
    const [here, there] = [new Wire(id), new Wire(id)];
    here.peer = there;
    there.peer = here;
    this.wires.push(here, there);
    arrived({ pin: dial.from, take: () => there, refuse: () => there.destroy() });
    dial.done(here);
  }

  failNext(index: number): void {
    const [dial] = this.dials.splice(index % this.dials.length, 1);
    dial?.done(undefined);
  }

  get arriving(): Wire[] {
    return this.wires.filter((wire) => wire.canArrive);
  }

  get open(): Wire[] {
    return this.wires.filter((wire) => wire.isOpen);
  }

  door(pin: string): { connect: Connect; serve: (arrived: (arrival: Arrival) => void) => void; close: () => void } {
    return {
      connect: (_, to, signal) =>
        new Promise((resolve) => {
          const dial: Dial = {
            pin: to,
            from: pin,
            done: (link) => resolve(link === undefined ? err({ kind: 'refused', text: 'no' }) : ok(link)),
          };
          this.dials.push(dial);
          signal.addEventListener('abort', () => {
            const at = this.dials.indexOf(dial);
            if (at < 0) return;
            this.dials.splice(at, 1);
            dial.done(undefined);
          });
        }),
      serve: (arrived) => void this.#listening.set(pin, arrived),
      close: () => void this.#listening.delete(pin),
    };
  }
}

/** Somebody on it, who says a number whenever there is a link. */
export class Somebody {
  readonly device: DeviceId;
  readonly told: string[] = [];
  /** Numbers said since the link stands, and those that have come since the beginning. */
  said: string[] = [];
  readonly got = new Set<string>();
  /** Which connection the link is. */
  connection: number | undefined;
  links!: Links;
  readonly #net: Net;
  readonly #other: DeviceId;
  #runs = 0;
  #count = 0;

  constructor(net: Net, device: string, other: string) {
    this.#net = net;
    this.device = device as DeviceId;
    this.#other = other as DeviceId;
    this.start();
  }

  get pin(): string {
    return `${this.device}.${this.#runs}`;
  }

  announcement(): Announcement {
    const time = unixMs(this.#net.now());
    const { device, pin } = this;
    return { device, pin, name: device, being: 'here', port: 2428, addresses: [], time, nonce: `${time}` };
  }

  /** Another run; the one before ends as by `kill -9`. */
  start(): void {
    if (this.#runs > 0) this.links.close();
    this.#runs++;
    this.connection = undefined;
    this.told.length = 0;
    const { pin } = this;
    this.links = new Links({
      ports: {
        device: this.device,
        announcement: () => Buffer.from(JSON.stringify(this.announcement())),
        heard: (announcement, host) => this.links.heard(announcement, host),
        alive: () => undefined,
        linked: (_, remote) => {
          this.told.push('linked');
          this.connection = remote.port;
          this.said = [];
          this.say();
        },
        unlinked: () => {
          this.told.push('unlinked');
          this.connection = undefined;
        },
        frame: (_, frame) => {
          if (frame.type === 'claim') this.got.add(frame.id);
        },
        lobbyDigest: () => 'A'.repeat(43),
      },
      door: { pin, port: 2428, ...this.#net.door(pin) },
      timings: TIMINGS,
      now: () => unixMs(0),
      random: () => 0,
      read: (bytes) => ok(JSON.parse(Buffer.from(bytes).toString('utf8')) as Announcement),
    });
  }

  say(): void {
    const id = `${this.device}-${this.#count++}`;
    if (this.links.send(this.#other, { type: 'claim', id: id as never })) this.said.push(id);
  }
}
