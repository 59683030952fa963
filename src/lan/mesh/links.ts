/**
 * All links, and which connection with somebody becomes the one.
 *
 * Both may dial at once. Then the one that the lower device has dialled is kept: the lower refuses the other's `hello` while
 * its own is on its way, and the higher gives its own up when the lower's comes. A connection that isn't kept has never
 * stood at either end, so nobody is told of it and nothing was said over it. One who dials has no link; so a connection
 * that comes from somebody with whom there is one replaces it, as soon as they have answered over it.
 */
import type { Random } from '../../base/clock.ts';
import type { DeviceId, UnixMs } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import { plainHost } from '../../link/address.ts';
import type { Address, Link } from '../../link/link.ts';
import type { Arrival } from '../../link/mutual-tls.ts';
import { MAX_FRAME_BYTES } from '../../protocol/limits.ts';
import type { Announcement } from '../announcement.ts';
import { LAN_VERSION, MAX_BACKLOG, MAX_GREETINGS, MAX_LINKS, MAX_MESH_PROBLEMS } from '../limits.ts';
import { type Connect, type DialFailure, dialFirst } from './dial.ts';
import type { LanFrames } from './frames.ts';
import { lineOf } from './lines.ts';
import type { Mesh, MeshFrame, MeshPorts } from './mesh.ts';
import { type Ending, PeerLink, type PeerLinkEvents } from './peer-link.ts';
import { Plans } from './plans.ts';
import { looks, type Timings } from './timings.ts';

/** Milliseconds for good-byes to go to the kernel. */
const LEAVE_WITHIN_MS = 1000;

/** What links are made of. */
interface Door {
  /** Of the TLS key of this run. */
  readonly pin: string;
  /** TCP. */
  readonly port: number;
  readonly connect: Connect;
  /** Called once. */
  serve(arrived: (arrival: Arrival) => void): void;
  /** Nobody comes in any more. */
  close(): void;
}

export interface LinksParts {
  readonly ports: MeshPorts;
  readonly door: Door;
  readonly timings: Timings;
  readonly now: () => UnixMs;
  readonly random: Random;
  readonly read: (announcement: Uint8Array, now: UnixMs) => Result<Announcement, unknown>;
}

export class Links implements Mesh, PeerLinkEvents {
  readonly #parts: LinksParts;
  readonly #ports: MeshPorts;
  readonly #plans: Plans;
  readonly #standing = new Map<DeviceId, PeerLink>();
  /** That don't stand yet, the oldest first. */
  readonly #greeting = new Set<PeerLink>();
  /** That have said good-bye, or have been told so. */
  #leaving: readonly PeerLink[] = [];
  #isOpen = true;
  readonly #timer: NodeJS.Timeout;
  #refused = 0;
  #badLines = 0;

  constructor(parts: LinksParts) {
    const { ports, door, timings, random } = parts;
    this.#parts = parts;
    this.#ports = ports;
    this.#plans = new Plans({
      device: ports.device,
      timings,
      random,
      links: () => this.#standing.size,
      dial: (addresses, pin, signal) => this.#dial(addresses, pin, signal),
      connected: (link, announcement) => this.#greet(link, announcement.pin, announcement),
    });
    this.#timer = setInterval(() => this.#look(), timings.look);
    door.serve((arrival) => this.#arrived(arrival));
  }

  get pin(): string {
    return this.#parts.door.pin;
  }

  get port(): number {
    return this.#parts.door.port;
  }

  get links(): number {
    return this.#standing.size;
  }

  /** Connections whose owner wasn't whom they had to be. */
  get refused(): number {
    return this.#refused;
  }

  /** Lines that were no frames. */
  get badLines(): number {
    return this.#badLines;
  }

  /** Connections that don't stand yet. */
  get greetings(): number {
    return this.#greeting.size;
  }

  get problems(): readonly string[] {
    const all = this.#plans.problems();
    if (this.#standing.size >= MAX_LINKS) all.unshift(`more people than ${MAX_LINKS} links: the others aren't reached`);
    if (all.length <= MAX_MESH_PROBLEMS) return all;
    const shown = all.slice(0, MAX_MESH_PROBLEMS - 1);
    return [...shown, `and ${all.length - shown.length} more`];
  }

  heard(announcement: Announcement, host: string | undefined): void {
    const { device, being, pin } = announcement;
    if (!this.#isOpen || device === this.#ports.device) return;
    if (being === 'bye') {
      this.#plans.left(announcement);
      return;
    }
    if (this.#standing.get(device)?.pin === pin || this.#isFull(device) || this.#keepsOther(announcement)) return;
    if (this.#offered(device)) return;
    this.#plans.heard(announcement, host);
  }

  isLinked(device: DeviceId): boolean {
    return this.#standing.has(device);
  }

  send(device: DeviceId, frame: MeshFrame): boolean {
    const link = this.#standing.get(device);
    if (link === undefined) return false;
    const line = lineOf(frame);
    return line.length <= MAX_FRAME_BYTES && link.send(line);
  }

  sendAll(frame: MeshFrame): number {
    const line = lineOf(frame);
    if (line.length > MAX_FRAME_BYTES) return 0;
    let told = 0;
    for (const link of this.#standing.values()) if (link.send(line)) told++;
    return told;
  }

  async leave(): Promise<void> {
    const links = this.#stop();
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LEAVE_WITHIN_MS);
    });
    await Promise.race([Promise.all(links.map((link) => link.leave())), enough]);
    clearTimeout(timer);
  }

  close(): void {
    this.#stop();
    for (const link of this.#leaving) link.destroy();
  }

  /** @returns links that stood until now. */
  #stop(): readonly PeerLink[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    clearInterval(this.#timer);
    this.#parts.door.close();
    this.#plans.close();
    for (const link of this.#greeting) link.end('unwanted');
    this.#leaving = [...this.#standing.values()];
    this.#standing.clear();
    return this.#leaving;
  }

  #look(): void {
    for (const link of this.#greeting) link.look();
    for (const link of this.#standing.values()) link.look();
    this.#shorten();
    this.#plans.look();
  }

  /** Many who don't read, each a bit. */
  #shorten(): void {
    const links = [...this.#standing.values()];
    let waiting = links.reduce((sum, link) => sum + link.waiting, 0);
    if (waiting <= MAX_BACKLOG) return;
    for (const link of links.toSorted((a, b) => b.waiting - a.waiting)) {
      waiting -= link.waiting;
      link.end('full');
      if (waiting <= MAX_BACKLOG) return;
    }
  }

  async #dial(addresses: readonly Address[], pin: string, signal: AbortSignal): Promise<Result<Link, DialFailure>> {
    const { door, timings } = this.#parts;
    const result = await dialFirst(addresses, pin, door.connect, timings, signal);
    if (!result.ok && result.error.kind === 'wrong_key') this.#refused++;
    return result;
  }

  #arrived(arrival: Arrival): void {
    const link = this.#isOpen ? arrival.take() : undefined;
    if (link === undefined) {
      arrival.refuse();
      return;
    }
    this.#makeRoom();
    this.#greet(link, arrival.pin, undefined);
  }

  /** Those whom we dial are few. */
  #makeRoom(): void {
    const arrivals = [...this.#greeting].filter(({ dialled }) => dialled === undefined);
    if (arrivals.length >= MAX_GREETINGS) arrivals[0]?.end('unwanted');
  }

  #greet(link: Link, pin: string, dialled: Announcement | undefined): void {
    const peer = new PeerLink({ link, pin, dialled, timings: this.#parts.timings, events: this });
    this.#greeting.add(peer);
    peer.begin(dialled === undefined ? this.#hello() : undefined);
  }

  #hello(): Uint8Array {
    const announcement = Buffer.from(this.#ports.announcement()).toString('base64url');
    return lineOf({ type: 'hello', version: LAN_VERSION, announcement });
  }

  hello(link: PeerLink, { version, announcement: signed }: LanFrames['hello']): void {
    const read = this.#parts.read(Buffer.from(signed, 'base64url'), this.#parts.now());
    const announcement = read.ok && version === LAN_VERSION ? read.value : undefined;
    if (announcement === undefined || !this.#isWhomItMustBe(link, announcement)) {
      this.#refused++;
      link.end('refused');
    } else if (link.dialled === undefined) this.#welcome(link, announcement);
    else this.#commit(link, announcement);
  }

  /** TLS has proved a key, and the announcement says whose it is. */
  #isWhomItMustBe(link: PeerLink, { device, pin, being }: Announcement): boolean {
    if (pin !== link.pin || device === this.#ports.device || being === 'bye') return false;
    return link.dialled === undefined || link.dialled.device === device;
  }

  /** Whom we have dialled is there. */
  #commit(link: PeerLink, announcement: Announcement): void {
    const { device, pin } = announcement;
    if (this.#offered(device) || this.#standing.get(device)?.pin === pin || this.#isFull(device)) link.end('unwanted');
    else link.answer(announcement, this.#hello());
  }

  /** Somebody has come. */
  #welcome(link: PeerLink, announcement: Announcement): void {
    const { device, pin } = announcement;
    if (this.#keepsOther(announcement) || this.#isFull(device)) {
      link.end('unwanted');
      return;
    }
    const ours = this.#find((other) => other.dialled !== undefined && other.device === device && other.pin === pin);
    if (ours !== undefined && this.#ports.device < device) {
      link.end('unwanted');
      return;
    }
    ours?.end('unwanted');
    link.answer(announcement, undefined);
  }

  /**
   * There is a link with another run of theirs, which this one doesn't replace. One that has ended is no longer lively, or
   * its link has gone with it. Where two run at once (a data folder that was copied) the first keeps it: otherwise each
   * would take the link from the other, for ever.
   */
  #keepsOther({ device, pin, time }: Announcement): boolean {
    const link = this.#standing.get(device);
    if (link?.announcement === undefined || link.pin === pin) return false;
    return link.isLively || time < link.announcement.time;
  }

  #isFull(device: DeviceId): boolean {
    return this.#standing.size >= MAX_LINKS && !this.#standing.has(device);
  }

  /** Somebody has come whom we have answered: theirs is the next word. */
  #offered(device: DeviceId): boolean {
    return this.#find((link) => link.dialled === undefined && link.device === device) !== undefined;
  }

  /** Few: `MAX_GREETINGS` and `MAX_DIALS` of them. */
  #find(is: (link: PeerLink) => boolean): PeerLink | undefined {
    for (const link of this.#greeting) if (is(link)) return link;
    return undefined;
  }

  stands(link: PeerLink): void {
    const { announcement } = link;
    this.#greeting.delete(link);
    if (announcement === undefined) return;
    const { device } = announcement;
    if (this.#isFull(device)) {
      link.end('unwanted');
      return;
    }
    this.#standing.get(device)?.end('unwanted');
    this.#standing.set(device, link);
    this.#plans.linked(device);
    const remote = { ...link.remote, host: plainHost(link.remote.host) };
    this.#ports.heard(announcement, remote.host);
    this.#ports.linked(device, remote);
  }

  alive(link: PeerLink): void {
    if (link.device !== undefined) this.#ports.alive(link.device);
  }

  frame(link: PeerLink, frame: MeshFrame): void {
    if (link.device !== undefined) this.#ports.frame(link.device, frame);
  }

  over(link: PeerLink, ending: Ending, stood: boolean): void {
    this.#greeting.delete(link);
    const { announcement, dialled } = link;
    if (stood && announcement !== undefined) this.#ended(link, announcement, ending);
    else if (dialled === undefined) return;
    else if (ending === 'unwanted' || ending === 'bye') this.#plans.gaveWay(dialled);
    else if (this.#plans.isDialling(dialled))
      this.#plans.failed(dialled, ending === 'refused' ? 'another' : 'unreachable');
  }

  #ended(link: PeerLink, announcement: Announcement, ending: Ending): void {
    const { device } = announcement;
    // Another may have come in its place.
    if (this.#standing.get(device) !== link) return;
    this.#standing.delete(device);
    const isShort = link.age < looks(this.#parts.timings.dead, this.#parts.timings);
    if (ending === 'bye') this.#plans.left(announcement);
    else if (ending !== 'unwanted' && isShort && this.#isOpen) this.#plans.failed(announcement, 'breaks');
    this.#ports.unlinked(device, ending === 'bye');
  }

  bad(): void {
    this.#badLines++;
  }

  lobbyDigest(): string {
    return this.#ports.lobbyDigest();
  }
}
