/**
 * Key packages: ours, which others claim; and theirs, which we claim for our own programs. Of everybody who is linked one is
 * kept for the time when they are away, so that a first message can be sealed then, too.
 */
import type { Clock } from '../../base/clock.ts';
import type { ClientId, DeviceId } from '../../base/ids.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import { LOW_PACKAGES } from '../../protocol/limits.ts';
import type { LanFrames } from '../mesh/frames.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import type { LanStore } from '../store/store.ts';
import { CLAIM_WITHIN_MS, LINK_WITHIN_MS, MAX_CLAIMS_UNDERWAY, SPARE_AGAIN_MS, SPARE_EVERY_MS } from './limits.ts';

export interface PackagesPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly store: LanStore;
  readonly newId: () => ClientId;
  readonly isLinked: (device: DeviceId) => boolean;
  readonly isComing: (device: DeviceId) => boolean;
  readonly send: (device: DeviceId, frame: MeshFrame) => boolean;
  /** So few of ours are left that our own programs should make new ones. */
  readonly low: (left: number) => void;
}

type Claimed = (keyPackage: string | undefined) => void;

interface Claim {
  readonly device: DeviceId;
  readonly done: Claimed;
  isSent: boolean;
  stop: () => void;
}

export class Packages {
  readonly #ports: PackagesPorts;
  readonly #claims = new Map<ClientId, Claim>();
  /** Whom to claim a spare of, and from when on (monotonic). */
  readonly #wanting = new Map<DeviceId, number>();
  readonly #alarm: Alarm;

  constructor(ports: PackagesPorts) {
    this.#ports = ports;
    this.#alarm = new Alarm(ports.timers);
  }

  /** Ours. @returns how many there are. */
  add(packages: readonly string[]): number {
    const { store } = this.#ports;
    if (packages.length > 0) store.putPackages(packages);
    return store.packages().length;
  }

  /** Somebody wants one of ours; whether they may is for the caller to say. */
  claimed(id: ClientId): MeshFrame {
    const { store, low } = this.#ports;
    const taken = store.takePackage();
    const left = store.packages().length;
    if (taken !== undefined && left === LOW_PACKAGES - 1) low(left);
    return { type: 'package', id, ...(taken === undefined ? {} : { package: taken }) };
  }

  /** One of theirs: the spare, or asked of them now. @param done called once, perhaps at once. */
  claim(device: DeviceId, done: Claimed): void {
    const { store, isLinked, isComing } = this.#ports;
    const spare = store.takeSpare(device);
    if (spare !== undefined) {
      this.#want(device, 0);
      return done(spare);
    }
    if (this.#claims.size >= MAX_CLAIMS_UNDERWAY || (!isLinked(device) && !isComing(device))) return done(undefined);
    return this.#ask(device, done);
  }

  linked(device: DeviceId, isWanted: boolean): void {
    for (const [id, claim] of this.#claims) if (claim.device === device && !claim.isSent) this.#go(id, claim);
    if (isWanted) this.#want(device, 0);
  }

  unlinked(device: DeviceId): void {
    this.#wanting.delete(device);
    for (const [id, claim] of this.#claims) if (claim.device === device && claim.isSent) this.#end(id, undefined);
  }

  /** The answer to a claim of ours. */
  came(device: DeviceId, { id, package: given }: LanFrames['package']): void {
    if (this.#claims.get(id)?.device === device) this.#end(id, given);
  }

  /** @returns whether it was about a claim. */
  refused(device: DeviceId, id: ClientId): boolean {
    if (this.#claims.get(id)?.device !== device) return false;
    this.#end(id, undefined);
    return true;
  }

  #ask(device: DeviceId, done: Claimed): void {
    const { newId, timers } = this.#ports;
    const id = newId();
    const claim: Claim = { device, done, isSent: false, stop: () => undefined };
    this.#claims.set(id, claim);
    if (!this.#go(id, claim)) claim.stop = timers.after(LINK_WITHIN_MS, () => this.#end(id, undefined));
  }

  #go(id: ClientId, claim: Claim): boolean {
    if (!this.#ports.send(claim.device, { type: 'claim', id })) return false;
    claim.isSent = true;
    claim.stop();
    claim.stop = this.#ports.timers.after(CLAIM_WITHIN_MS, () => this.#end(id, undefined));
    return true;
  }

  #end(id: ClientId, given: string | undefined): void {
    const claim = this.#claims.get(id);
    if (claim === undefined) return;
    this.#claims.delete(id);
    claim.stop();
    claim.done(given);
  }

  #want(device: DeviceId, inMs: number): void {
    this.#wanting.set(device, this.#ports.clock.monotonic() + inMs);
    this.#claimLater();
  }

  #claimLater(): void {
    if (this.#alarm.isSet || this.#wanting.size === 0) return;
    const first = Math.min(...this.#wanting.values());
    const wait = Math.max(SPARE_EVERY_MS, Math.ceil(first - this.#ports.clock.monotonic()));
    this.#alarm.set(wait, () => {
      this.#claimNext();
      this.#claimLater();
    });
  }

  #claimNext(): void {
    const { clock, store, isLinked } = this.#ports;
    const mono = clock.monotonic();
    for (const [device, due] of this.#wanting) {
      if (due > mono) continue;
      this.#wanting.delete(device);
      if (!isLinked(device) || store.spare(device) !== undefined) continue;
      if (this.#claims.size >= MAX_CLAIMS_UNDERWAY) return this.#want(device, SPARE_AGAIN_MS);
      return this.#ask(device, (given) => {
        if (given !== undefined) store.putSpare(device, given);
        else if (isLinked(device)) this.#want(device, SPARE_AGAIN_MS);
      });
    }
  }
}
