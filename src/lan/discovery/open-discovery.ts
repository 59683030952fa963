/** Discovery over UDP: announcements out every few seconds on every network, and in through the gate. */
import type { Clock, Random } from '../../base/clock.ts';
import { unixMs } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { isPort } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { Alarm, Timers } from '../../peer/tasks.ts';
import type { Dropped } from '../announcement.ts';
import { authorOf } from '../announcement-codec.ts';
import { ANNOUNCE_EVERY_MS } from '../limits.ts';
import { Bridge, relayed } from './bridge.ts';
import type { Discovery, DiscoveryFigures, DiscoveryPorts } from './discovery.ts';
import { Far } from './far.ts';
import { Gate } from './gate.ts';
import { type Interfaces, nearBy, networksOf, readInterfaces } from './networks.ts';
import { Problems } from './problems.ts';
import { Sockets } from './sockets.ts';

export interface DiscoveryOptions {
  /** UDP, shared by all programs of a network. */
  readonly port: number;
  /** Beside our own networks (`--lan-peer`); names are looked up. */
  readonly peers: readonly Address[];
  /** UDP, for announcements to this program alone: the number of the port that its announcements name. */
  readonly ownPort: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Milliseconds between two announcements. */
  readonly everyMs?: number;
  /** As a rule, the host's. */
  readonly interfaces?: () => Interfaces;
}

/** By how much, of itself, the time between two announcements differs: so that a network's don't fall together. */
const JITTER = 0.1;
/** Milliseconds between two announcements at least. */
const APART_MS = 500;
/** Milliseconds after the first announcement when the second one comes, since the first may be lost. */
const SECOND_AFTER_MS = 1000;
/** Milliseconds between two looks at the interfaces: a cable that is plugged in is used at once. A look takes a tenth of one. */
const LOOK_EVERY_MS = 1000;
/** Milliseconds between two good-byes: what loses one as a rule loses what is sent with it. */
const BYES_APART_MS = 30;
/** Milliseconds that a good-bye may take to the kernel. */
const BYE_WITHIN_MS = 300;

const systemClock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };

class OpenDiscovery implements Discovery {
  readonly #ports: DiscoveryPorts;
  readonly #options: DiscoveryOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #problems = new Problems();
  readonly #sockets: Sockets;
  readonly #gate: Gate;
  readonly #far: Far;
  readonly #bridge: Bridge;
  readonly #timers: Timers;
  readonly #regular: Alarm;
  readonly #soon: Alarm;
  readonly #looking: Alarm;
  readonly #dropped = new Map<Exclude<Dropped, 'own'>, number>();
  #heard = 0;
  #interfaces: readonly string[] = [];
  #table = '';
  #isNear: (host: string) => boolean = () => false;
  /** Monotonic milliseconds of the last announcement. */
  #announced = Number.NEGATIVE_INFINITY;
  #state: 'open' | 'leaving' | 'closed' = 'open';

  constructor(ports: DiscoveryPorts, options: DiscoveryOptions) {
    const { port, ownPort, peers, clock = systemClock, random = Math.random } = options;
    this.#ports = ports;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    // A fault in here is a bug, and of nobody else's making.
    this.#timers = new Timers((error) => this.#problems.set('bug', `announcing fails: ${String(error)}`));
    this.#regular = new Alarm(this.#timers);
    this.#soon = new Alarm(this.#timers);
    this.#looking = new Alarm(this.#timers);
    this.#gate = new Gate({ device: authorOf(ports.announcement()), clock });
    this.#far = new Far(peers, this.#problems);
    this.#sockets = new Sockets({
      port,
      ownPort,
      problems: this.#problems,
      arrived: (bytes, from, isShared) => this.#arrived(bytes, from, isShared),
    });
    this.#bridge = new Bridge({
      near: (bytes) => this.#do(this.#sockets.near(bytes)),
      far: (bytes, to) => this.#do(this.#sockets.to(bytes, to)),
      relays: () => this.#far.relays(clock.monotonic()),
      timers: this.#timers,
      monotonic: () => clock.monotonic(),
      random,
    });
  }

  /** @returns whether anything can be said or heard. */
  async open(): Promise<boolean> {
    await this.#sockets.open();
    if (!this.#sockets.isUsable) return false;
    this.#look();
    this.#do(this.#far.lookUp(this.#clock.monotonic()));
    this.#regular.set(Math.min(SECOND_AFTER_MS, this.#every), () => this.#tick());
    return true;
  }

  get problems(): readonly string[] {
    return this.#problems.lines;
  }

  get figures(): DiscoveryFigures {
    return {
      heard: this.#heard,
      dropped: this.#dropped,
      interfaces: this.#interfaces,
      peers: this.#far.lines(this.#clock.monotonic()),
      problems: this.#problems.lines,
    };
  }

  get #every(): number {
    return this.#options.everyMs ?? ANNOUNCE_EVERY_MS;
  }

  /** Sockets say what goes wrong by themselves. */
  #do(task: Promise<void>): void {
    task.catch((error: unknown) => this.#problems.set('bug', `announcing fails: ${String(error)}`));
  }

  #tick(): void {
    this.#regular.set(this.#every * (1 + JITTER * (this.#random() - 0.5)), () => this.#tick());
    this.#gate.tidy();
    this.#sockets.keepTo(this.#far.targets);
    this.#do(this.#far.lookUp(this.#clock.monotonic()));
    this.#do(this.#sockets.open());
    this.#send();
  }

  /** At the interfaces: they come, go, and get other addresses. What is new is told there at once. */
  #look(): void {
    this.#looking.set(LOOK_EVERY_MS, () => {
      this.#look();
    });
    const table = (this.#options.interfaces ?? readInterfaces)();
    const text = JSON.stringify(table);
    if (text === this.#table) return;
    this.#table = text;
    const networks = networksOf(table);
    this.#sockets.adjust(networks);
    this.announce();
    this.#interfaces = networks.map(({ name, cidr }) => `${name} ${cidr}`);
    this.#isNear = nearBy(table);
    this.#far.near(this.#isNear);
  }

  #send(): void {
    this.#soon.stop();
    this.#announced = this.#clock.monotonic();
    this.#do(this.#everywhere(this.#ports.announcement()));
  }

  async #everywhere(bytes: Uint8Array): Promise<void> {
    await Promise.all([this.#sockets.near(bytes), ...this.#far.targets.map((to) => this.#sockets.to(bytes, to))]);
  }

  #arrived(datagram: Buffer, from: Address, isShared: boolean): void {
    if (this.#state !== 'open') return;
    const inside = relayed(datagram);
    const bytes = inside ?? datagram;
    const verdict = this.#gate.take(bytes, { ...from, isRelayed: inside !== undefined });
    switch (verdict.kind) {
      case 'dropped':
        if (verdict.why !== 'own') this.#dropped.set(verdict.why, (this.#dropped.get(verdict.why) ?? 0) + 1);
        return;
      case 'copy':
        if (this.#isNear(from.host) && !this.#far.trusts(from.host)) this.#bridge.callOff(verdict.nonce);
        return;
      case 'heard': {
        this.#heard++;
        this.#far.heard(from, isShared, this.#clock.monotonic());
        const trusted = this.#far.trusts(from.host);
        const { announcement } = verdict;
        if (trusted || this.#isNear(from.host)) this.#bridge.pass(bytes, announcement.nonce, from.host, trusted);
        this.#ports.heard(announcement, inside === undefined ? from.host : undefined);
        return;
      }
    }
  }

  announce(): void {
    if (this.#state !== 'open' || this.#soon.isSet) return;
    const rest = this.#announced + APART_MS - this.#clock.monotonic();
    if (rest <= 0) this.#send();
    else this.#soon.set(rest, () => this.#send());
  }

  far(addresses: readonly Address[]): void {
    this.#far.link(addresses);
  }

  async leave(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'leaving';
    this.#timers.close();
    const bytes = this.#ports.announcement('bye');
    const wait = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      });
    const twice = async (): Promise<void> => {
      await this.#everywhere(bytes);
      await wait(BYES_APART_MS);
      await this.#everywhere(bytes);
    };
    await Promise.race([twice(), wait(BYE_WITHIN_MS)]);
    this.close();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#timers.close();
    this.#sockets.close();
  }
}

/**
 * @returns or one line that says why nothing can be said or heard at all. All that fails else is in `figures.problems`, and
 * tried again.
 */
export async function openDiscovery(
  ports: DiscoveryPorts,
  options: DiscoveryOptions,
): Promise<Result<Discovery, string>> {
  if (!isPort(options.port))
    return err(`UDP port ${options.port} is none: choose one from 1024 to 65535 with --lan-port`);
  const discovery = new OpenDiscovery(ports, options);
  if (await discovery.open()) return ok(discovery);
  discovery.close();
  return err(`no announcement can be sent or heard: ${discovery.problems[0] ?? 'this host has no network'}`);
}
