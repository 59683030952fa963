/** Key packages of ours on the server: with each of them somebody can write to us first while we are away. */

import type { ClientId, UserName } from '../base/ids.ts';
import { toBase64url } from '../crypto/base64url.ts';
import { LOW_PACKAGES, MAX_PACKAGES, MAX_PACKAGES_AT_ONCE } from '../protocol/limits.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import type { Shared } from './shared.ts';
import { Alarm } from './tasks.ts';
import type { KeptPackage, VaultChange } from './vault.ts';

/** Batches for one connection: a server that says again and again that it has none is not worked for without end. */
const MAX_BATCHES = 20;
/** Packages are good for 90 days: from this age on, in milliseconds, all are replaced, so that who is away has good ones. */
const RENEW_AFTER_MS = 30 * 86_400_000;
/** Milliseconds after which the stock is looked at again in a connection that lasts. */
const LOOK_AGAIN_MS = 86_400_000;
/** Milliseconds until what the server refused is said again; twice as long each time, up to the most. */
const RETRY_MS = 2000;
const RETRY_AT_MOST_MS = 300_000;

/** Errors that say: later. */
const LATER = new Set(['rate_limited', 'not_stored', 'internal']);

/** What was said last and isn't answered. `renews`: with its answer the server has only packages made since `at`. */
interface Said {
  readonly id: ClientId;
  readonly packages: readonly string[];
  readonly renews: VaultChange['published'];
}

export class Stock {
  readonly #shared: Shared;
  readonly #alarm: Alarm;
  #batches = 0;
  #making = false;
  /** Batches that a renewal still needs after the one under way. */
  #more = 0;
  #said: Said | undefined;
  #retryMs = RETRY_MS;
  /** That the server has dropped this device. */
  #dropped = false;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#alarm = new Alarm(shared.timers);
  }

  /** Says which device this is; the answer tells how many packages the server has. */
  online(): void {
    this.#batches = 0;
    this.#more = 0;
    this.#retryMs = RETRY_MS;
    this.#look();
  }

  #look(): void {
    this.#say([], undefined);
  }

  #say(packages: readonly string[], renews: Said['renews']): void {
    this.#send({ id: this.#shared.newId(), packages, renews });
  }

  #send(said: Said): void {
    const { toServer, device } = this.#shared;
    this.#said = said;
    toServer({ type: 'device', id: said.id, device, packages: said.packages });
    this.#alarm.set(LOOK_AGAIN_MS, () => this.#look());
  }

  receive({ id, device, packages }: ServerMessages['device']): void {
    if (device !== this.#shared.device) return;
    const said = id === undefined || id !== this.#said?.id ? undefined : this.#said;
    if (said !== undefined) {
      this.#said = undefined;
      this.#retryMs = RETRY_MS;
      if (this.#dropped) this.#shared.tell({ type: 'available', available: true, text: '' });
      this.#dropped = false;
      if (said.renews !== undefined) this.#shared.vault.commit({ published: said.renews });
    }
    if (this.#making || this.#said !== undefined) return;
    this.#next(packages);
  }

  /** @returns whether it was about what we have said of this device. */
  refused(id: ClientId, code: string): boolean {
    const said = this.#said;
    if (said === undefined || id !== said.id) return false;
    if (LATER.has(code)) {
      this.#alarm.set(this.#retryMs, () => this.#send(said));
      this.#retryMs = Math.min(this.#retryMs * 2, RETRY_AT_MOST_MS);
      return true;
    }
    this.#said = undefined;
    return this.dropped(code);
  }

  /** An error of which the server doesn't say what it is about. @returns whether it was that this device is no more. */
  dropped(code: string): boolean {
    if (code !== 'no_such_device') return false;
    this.#dropped = true;
    this.#shared.tell({ type: 'available', available: false, text: DROPPED_WORDS });
    return true;
  }

  /** The next batch, where one is needed. */
  #next(packages: number): void {
    const own = this.#shared.self()?.inner;
    if (own === undefined || this.#batches >= MAX_BATCHES) return;
    if (this.#more > 0) return this.#publish(own, MAX_PACKAGES_AT_ONCE, (this.#more -= 1) === 0);
    const at = this.#shared.vault.published(own);
    const age = at === undefined ? Number.POSITIVE_INFINITY : Math.abs(this.#shared.clock.now() - at);
    const count = Math.min(MAX_PACKAGES_AT_ONCE, MAX_PACKAGES - packages);
    // Whoever begins anew has no old ones there that would have to go.
    if (packages <= 0) return this.#publish(own, count, true);
    if (age >= RENEW_AFTER_MS) {
      this.#more = MAX_PACKAGES / MAX_PACKAGES_AT_ONCE - 1;
      return this.#publish(own, MAX_PACKAGES_AT_ONCE, false);
    }
    if (packages < LOW_PACKAGES) this.#publish(own, count, false);
  }

  #publish(own: UserName, count: number, renews: boolean): void {
    this.#batches += 1;
    this.#making = true;
    this.#shared.errands.run(async () => {
      try {
        await this.#make(own, count, renews);
      } finally {
        this.#making = false;
      }
    });
  }

  async #make(own: UserName, count: number, renews: boolean): Promise<void> {
    const { vault, self, clock } = this.#shared;
    const e2ee = await self()?.e2ee;
    if (e2ee?.us.user !== own) return;
    const at = clock.now();
    const made: KeptPackage[] = [];
    while (made.length < count) made.push({ ...(await e2ee.makePackage()), own });
    // First what is needed to use them, then they.
    vault.commit({ addPackages: made });
    for (const { secret } of made) secret.fill(0);
    this.#say(
      made.map((kept) => toBase64url(kept.public)),
      renews ? { own, at } : undefined,
    );
  }
}

const DROPPED_WORDS =
  'the server has dropped this device, since your newer ones are as many as it takes: log in here again to bring it back';
