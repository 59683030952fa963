/** Whom we hear and have no link with, and when each of them is dialled. */

import type { Random } from '../../base/clock.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Address, Link } from '../../link/link.ts';
import type { Announcement } from '../announcement.ts';
import { MAX_DIALS, MAX_HEARD, MAX_UNPROVED_LINKS } from '../limits.ts';
import { addressesOf, type DialFailure } from './dial.ts';
import { looks, type Timings } from './timings.ts';

/** Why there is no link with somebody who is heard. */
export type Trouble = 'unreachable' | 'wrong_key' | 'another' | 'breaks';

export interface PlanParts {
  readonly device: DeviceId;
  readonly timings: Timings;
  readonly random: Random;
  /** Links that stand. */
  links(): number;
  dial(addresses: readonly Address[], pin: string, signal: AbortSignal): Promise<Result<Link, DialFailure>>;
  /** Whoever is told calls `linked`, `failed` or `gaveWay` in the end. */
  connected(link: Link, announcement: Announcement): void;
}

interface Plan {
  announcement: Announcement;
  host: string | undefined;
  /** Looks, as the two below. */
  heardAt: number;
  dueAt: number;
  /** It has been tried since: from then on it is tried again only when it is heard again. */
  isTried: boolean;
  failures: number;
  trouble: Trouble | undefined;
  dialling: { readonly announcement: Announcement; readonly giveUp: AbortController } | undefined;
}

/** People who dial a newcomer in one second, at most: a handshake takes a few milliseconds of the newcomer. */
const NEWCOMER_PER_SECOND = MAX_UNPROVED_LINKS / 2;

export class Plans {
  readonly #parts: PlanParts;
  /** Whoever was unheard for longest first. */
  readonly #plans = new Map<DeviceId, Plan>();
  #looks = 0;
  #dials = 0;

  constructor(parts: PlanParts) {
    this.#parts = parts;
  }

  /** People who are remembered. */
  get size(): number {
    return this.#plans.size;
  }

  /** There is no link with this run of theirs. */
  heard(announcement: Announcement, host: string | undefined): void {
    const { device, pin, time } = announcement;
    const known = this.#plans.get(device);
    if (known !== undefined && known.announcement.pin !== pin) {
      // Word of an earlier run, that took its time.
      if (time < known.announcement.time) return;
      this.#giveUp(known);
    }
    const isSame = known?.announcement.pin === pin;
    const plan = isSame ? known : this.#newPlan(announcement, host);
    plan.announcement = announcement;
    plan.host = host ?? plan.host;
    plan.heardAt = this.#looks;
    this.#plans.delete(device);
    this.#plans.set(device, plan);
    this.#forgetOldest();
    this.#start(plan);
  }

  #newPlan(announcement: Announcement, host: string | undefined): Plan {
    const { device, timings, random } = this.#parts;
    // All dial a newcomer at the same time; so the more there are, the more they spread.
    const spread = ((this.#parts.links() + this.#plans.size) * 1000) / NEWCOMER_PER_SECOND;
    const waits = device < announcement.device ? 0 : timings.higherWaits + spread;
    const dueAt = this.#looks + Math.floor((waits + random() * spread) / timings.look);
    const blank = { isTried: false, failures: 0, trouble: undefined, dialling: undefined };
    return { announcement, host, heardAt: this.#looks, dueAt, ...blank };
  }

  #forgetOldest(): void {
    if (this.#plans.size <= MAX_HEARD) return;
    for (const device of this.#plans.keys()) {
      this.forget(device);
      return;
    }
  }

  #start(plan: Plan): void {
    if (plan.dialling !== undefined || this.#looks < plan.dueAt || this.#dials >= MAX_DIALS) return;
    const { announcement, host } = plan;
    const dialling = { announcement, giveUp: new AbortController() };
    plan.dialling = dialling;
    plan.isTried = true;
    this.#dials++;
    this.#parts.dial(addressesOf(announcement, host), announcement.pin, dialling.giveUp.signal).then(
      (result) => {
        const isWanted = plan.dialling === dialling;
        if (!result.ok) {
          if (isWanted) this.failed(announcement, result.error.kind === 'wrong_key' ? 'wrong_key' : 'unreachable');
        } else if (isWanted) this.#parts.connected(result.value, announcement);
        else result.value.destroy();
      },
      // It never rejects.
      () => undefined,
    );
  }

  #giveUp(plan: Plan): void {
    if (plan.dialling === undefined) return;
    const { giveUp } = plan.dialling;
    plan.dialling = undefined;
    this.#dials--;
    giveUp.abort();
  }

  /** @returns whether this is still what has been dialled last. */
  isDialling(announcement: Announcement): boolean {
    return this.#plans.get(announcement.device)?.dialling?.announcement === announcement;
  }

  /** A link stands, whoever has dialled. What was wrong before is remembered for a while, in case it breaks again. */
  linked(device: DeviceId): void {
    const plan = this.#plans.get(device);
    if (plan === undefined) return;
    this.#giveUp(plan);
    plan.trouble = undefined;
    plan.isTried = true;
    plan.heardAt = this.#looks;
    this.#startOthers();
  }

  /** There is another connection that serves as well. */
  gaveWay(announcement: Announcement): void {
    if (!this.isDialling(announcement)) return;
    const plan = this.#plans.get(announcement.device);
    if (plan !== undefined) this.#giveUp(plan);
    this.#startOthers();
  }

  failed(announcement: Announcement, trouble: Trouble): void {
    const { timings } = this.#parts;
    const known = this.#plans.get(announcement.device);
    if (known !== undefined && known.announcement.pin !== announcement.pin) return;
    const plan = known ?? this.#newPlan(announcement, undefined);
    this.#plans.set(announcement.device, plan);
    this.#giveUp(plan);
    plan.isTried = true;
    plan.trouble = trouble;
    plan.dueAt = this.#looks + looks(Math.min(timings.longestPause, timings.pause * 2 ** plan.failures), timings);
    plan.failures++;
    this.#startOthers();
  }

  /** They have said good-bye: what is still on its way of this run is no reason to dial it. */
  left(announcement: Announcement): void {
    this.forget(announcement.device);
    const plan = this.#newPlan(announcement, undefined);
    plan.isTried = true;
    plan.dueAt = this.#looks + looks(this.#parts.timings.forget, this.#parts.timings);
    this.#plans.set(announcement.device, plan);
  }

  forget(device: DeviceId): void {
    const plan = this.#plans.get(device);
    if (plan === undefined) return;
    this.#plans.delete(device);
    this.#giveUp(plan);
  }

  #startOthers(): void {
    if (this.#dials >= MAX_DIALS) return;
    for (const plan of this.#plans.values()) if (!plan.isTried) this.#start(plan);
  }

  look(): void {
    this.#looks++;
    const forget = looks(this.#parts.timings.forget, this.#parts.timings);
    for (const [device, plan] of this.#plans)
      if (plan.dialling === undefined && this.#looks - plan.heardAt > forget) this.#plans.delete(device);
    this.#startOthers();
  }

  /** A line each. */
  problems(): string[] {
    return [...this.#plans.values()].flatMap(({ announcement, host, trouble }) => {
      if (trouble === undefined) return [];
      const { name, addresses, port } = announcement;
      return [sentence(`${name} (${addressText({ host: host ?? addresses[0] ?? '?', port })})`, trouble)];
    });
  }

  close(): void {
    for (const device of this.#plans.keys()) this.forget(device);
  }
}

function sentence(who: string, trouble: Trouble): string {
  switch (trouble) {
    case 'unreachable':
      return `${who} is heard and can't be reached`;
    case 'wrong_key':
      return `${who} is heard, and somebody else answers there: no link`;
    case 'another':
      return `${who} is heard, and says to be somebody else when asked: no link`;
    case 'breaks':
      return `${who} is heard, and links with them break at once`;
  }
}
