/**
 * Lock-out after wrong passwords. It stands between one account and one source (`sourceOf`), so that nobody can lock
 * somebody else out, and it is the same for a name that has no account, so that it doesn't tell which names have one.
 *
 *     nothing -- wrong --> counting -- `after` wrong in a row --> locked -- time --> counting, the next lock twice as long
 *     counting -- right --> nothing            anything -- a day of peace --> nothing
 *
 * Attempts under way count as wrong until they are known, so that no number of connections at once gets more than
 * `after` guesses. While it is locked no password is looked at; the right one opens nothing.
 *
 * Time that passes here is monotonic, so no change of the clock opens or lengthens a lock. Rows are stored with the wall
 * clock; when they are loaded, no lock is taken to be longer than it was made, wherever the clock stands by then.
 */
import { type UnixMs, unixMs } from '../../base/ids.ts';
import type { LockoutRow } from '../store/store.ts';
import type { Instant } from './instant.ts';

/** The longest lock (ms). */
export const MAX_LOCK_MS = 24 * 3600 * 1000;
/** So long (ms) after the last wrong password, or the end of its lock, all is forgotten. */
export const FORGET_AFTER_MS = 24 * 3600 * 1000;
/** How often (ms) the owner of the table should call `sweep`. */
export const SWEEP_EVERY_MS = 3600 * 1000;
/**
 * Rows, about 600 bytes each. Under a flood of sources (a botnet, or somebody with a /48 of IPv6) the one that was
 * touched longest ago and isn't locked makes place; where all are locked, the one whose lock ends first. So whoever has
 * 50,000 sources may shorten a lock of a source of theirs, which with so many sources gains them nothing, and a person
 * who mistypes is never kept out because the table is full.
 */
const MAX_ROWS = 50_000;
/**
 * Accounts that one source may have wrong passwords for at once. It isn't the table's places that it would run out of,
 * but of being counted: with eviction, whoever tries two passwords for each of a thousand names in turn would never be
 * locked. So further names are refused to it until old ones are forgotten. Enough for an office behind one address.
 */
export const MAX_ACCOUNTS_OF_SOURCE = 256;

export interface LockoutPolicy {
  /** Wrong passwords in a row; at least 1. */
  readonly after: number;
  /** Milliseconds of the first lock. */
  readonly lockFor: number;
}

/** `wait`: milliseconds until it is worth trying again. */
export type Attempt =
  | { readonly kind: 'go' }
  | { readonly kind: 'locked'; readonly wait: number }
  /** As many attempts as there are guesses left are under way: their outcome first. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'too_many_accounts'; readonly wait: number };

/** `unknown`: the password wasn't looked at, or nobody waits for the answer. */
export type Outcome = 'right' | 'wrong' | 'unknown';

/** What to store. */
export type LockoutChange =
  | { readonly kind: 'save'; readonly row: LockoutRow }
  | { readonly kind: 'remove'; readonly account: string; readonly source: string };

export interface Ended {
  readonly changes: readonly LockoutChange[];
  /** This attempt has locked it: so long (ms). */
  readonly lockedFor?: number;
}

interface Row {
  readonly account: string;
  readonly source: string;
  failures: number;
  locks: number;
  /** Attempts under way; not stored. */
  pending: number;
  /** Length (ms) of the newest lock. */
  lockedFor: number;
  /** Monotonic; the past when it isn't locked. */
  lockedUntil: number;
  /** Monotonic: when all is forgotten. */
  forgetAt: number;
  /** The store has it. */
  stored: boolean;
}

const keyOf = (account: string, source: string): string => `${account} ${source}`;

export class Lockouts {
  #policy: LockoutPolicy;
  readonly #maxRows: number;
  /** In the order of touching. No name has a blank, so keys are unique. */
  readonly #rows = new Map<string, Row>();
  readonly #bySource = new Map<string, Set<Row>>();
  /** To be removed from the store, and not told yet; at most one for each call since. */
  #removals: LockoutChange[] = [];

  /** @param stored what the store has. Call `sweep` afterwards, and from time to time. */
  constructor(policy: LockoutPolicy, stored: readonly LockoutRow[], at: Instant, maxRows: number = MAX_ROWS) {
    this.#policy = policy;
    this.#maxRows = maxRows;
    const newestLast = stored.toSorted((a, b) => a.lastFailure - b.lastFailure);
    const surplus = Math.max(0, newestLast.length - maxRows);
    for (const { account, source } of newestLast.slice(0, surplus))
      this.#removals.push({ kind: 'remove', account, source });
    for (const row of newestLast.slice(surplus)) this.#load(row, at);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** From now on. A lock that stands lasts as long as it was made. */
  change(policy: LockoutPolicy): void {
    this.#policy = policy;
    // Nobody is locked out by a number that they were under when they were counted.
    for (const row of this.#rows.values()) row.failures = Math.min(row.failures, policy.after - 1);
  }

  /** How many are locked: one pass over the table. */
  lockedAt(at: Instant): number {
    let count = 0;
    for (const { lockedUntil } of this.#rows.values()) if (lockedUntil > at.mono) count += 1;
    return count;
  }

  /**
   * Before a password is looked at. After `go`, `end` must follow, once.
   * @param account the name, in the one spelling by which an account is found; whether there is one doesn't matter.
   */
  begin(account: string, source: string, at: Instant): Attempt {
    const known = this.#rows.get(keyOf(account, source));
    if (known !== undefined) return this.#again(known, at);
    const others = this.#bySource.get(source);
    if (others !== undefined && others.size >= MAX_ACCOUNTS_OF_SOURCE) {
      const wait = this.#makePlaceOf(others, at);
      if (wait > 0) return { kind: 'too_many_accounts', wait };
    }
    const rest = { failures: 0, locks: 0, pending: 1, lockedFor: 0, lockedUntil: at.mono, stored: false };
    this.#add({ account, source, forgetAt: at.mono + FORGET_AFTER_MS, ...rest });
    return { kind: 'go' };
  }

  #again(row: Row, at: Instant): Attempt {
    if (row.lockedUntil > at.mono) return { kind: 'locked', wait: row.lockedUntil - at.mono };
    if (row.forgetAt <= at.mono) {
      row.failures = 0;
      row.locks = 0;
    }
    if (row.failures + row.pending >= this.#policy.after) return { kind: 'pending' };
    row.pending += 1;
    return { kind: 'go' };
  }

  end(account: string, source: string, outcome: Outcome, at: Instant): Ended {
    const row = this.#rows.get(keyOf(account, source));
    if (row === undefined || row.pending === 0) return { changes: this.#takeRemovals() };
    row.pending -= 1;
    switch (outcome) {
      case 'right':
        row.failures = 0;
        row.locks = 0;
        this.#dropIfClean(row);
        return { changes: this.#takeRemovals() };
      case 'unknown':
        this.#dropIfClean(row);
        return { changes: this.#takeRemovals() };
      case 'wrong': {
        const lockedFor = this.#wrong(row, at);
        const changes: LockoutChange[] = [...this.#takeRemovals(), { kind: 'save', row: toStored(row, at) }];
        return lockedFor === undefined ? { changes } : { changes, lockedFor };
      }
    }
  }

  /** Forgets what is old enough. */
  sweep(at: Instant): readonly LockoutChange[] {
    for (const row of this.#rows.values()) if (row.pending === 0 && row.forgetAt <= at.mono) this.#remove(row);
    return this.#takeRemovals();
  }

  #wrong(row: Row, at: Instant): number | undefined {
    row.failures += 1;
    const locks = row.failures >= this.#policy.after;
    if (locks) {
      row.failures = 0;
      row.lockedFor = Math.min(this.#policy.lockFor * 2 ** row.locks, MAX_LOCK_MS);
      row.lockedUntil = at.mono + row.lockedFor;
      // At the longest lock there is nothing more to double.
      if (row.lockedFor < MAX_LOCK_MS || row.locks === 0) row.locks += 1;
    }
    row.forgetAt = Math.max(at.mono, row.lockedUntil) + FORGET_AFTER_MS;
    row.stored = true;
    this.#rows.delete(keyOf(row.account, row.source));
    this.#rows.set(keyOf(row.account, row.source), row);
    if (this.#rows.size > this.#maxRows) this.#makePlace(row, at);
    return locks ? row.lockedFor : undefined;
  }

  #dropIfClean(row: Row): void {
    if (row.pending === 0 && row.failures === 0 && row.locks === 0) this.#remove(row);
  }

  /** Takes out one of a source's rows that is to be forgotten. @returns 0, or the milliseconds until there is one. */
  #makePlaceOf(rows: ReadonlySet<Row>, at: Instant): number {
    let first: Row | undefined;
    for (const row of rows) if (row.pending === 0 && row.forgetAt < (first?.forgetAt ?? Infinity)) first = row;
    if (first === undefined) return this.#policy.lockFor;
    if (first.forgetAt > at.mono) return first.forgetAt - at.mono;
    this.#remove(first);
    return 0;
  }

  /** Each call follows a password that was hashed, which costs far more than looking through the whole table. */
  #makePlace(kept: Row, at: Instant): void {
    let soonest: Row | undefined;
    for (const row of this.#rows.values()) {
      if (row === kept || row.pending > 0) continue;
      if (row.lockedUntil <= at.mono) {
        soonest = row;
        break;
      }
      if (row.lockedUntil < (soonest?.lockedUntil ?? Infinity)) soonest = row;
    }
    if (soonest !== undefined) this.#remove(soonest);
  }

  #load({ account, source, locks, ...row }: LockoutRow, at: Instant): void {
    // A clock that was set back makes a lock begin anew at the most.
    const lockedFor = Math.min(row.lockedFor, MAX_LOCK_MS);
    const lockLeft = Math.min(Math.max(0, row.lockedUntil - at.wall), lockedFor);
    const peaceSince = Math.min(Math.max(row.lastFailure, row.lockedUntil), at.wall + lockLeft);
    this.#add({
      account,
      source,
      // Whoever starts the server may have lowered the number that locks.
      failures: Math.min(row.failures, this.#policy.after - 1),
      locks,
      pending: 0,
      lockedFor,
      lockedUntil: at.mono + lockLeft,
      forgetAt: at.mono + (peaceSince - at.wall) + FORGET_AFTER_MS,
      stored: true,
    });
  }

  #add(row: Row): void {
    this.#rows.set(keyOf(row.account, row.source), row);
    const own = this.#bySource.get(row.source) ?? new Set();
    this.#bySource.set(row.source, own.add(row));
  }

  #remove(row: Row): void {
    const { account, source } = row;
    this.#rows.delete(keyOf(account, source));
    const own = this.#bySource.get(source);
    own?.delete(row);
    if (own?.size === 0) this.#bySource.delete(source);
    if (row.stored) this.#removals.push({ kind: 'remove', account, source });
  }

  #takeRemovals(): readonly LockoutChange[] {
    const taken = this.#removals;
    this.#removals = [];
    return taken;
  }
}

function toStored(row: Row, at: Instant): LockoutRow {
  const wall = (mono: number): UnixMs => unixMs(Math.max(0, Math.round(at.wall + (mono - at.mono))));
  const { account, source, failures, locks, lockedFor } = row;
  return { account, source, failures, locks, lockedFor, lockedUntil: wall(row.lockedUntil), lastFailure: at.wall };
}
