import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import type { Instant } from '../../../src/server/core/instant.ts';
import {
  FORGET_AFTER_MS,
  type LockoutChange,
  Lockouts,
  MAX_ACCOUNTS_OF_SOURCE,
  MAX_LOCK_MS,
  type Outcome,
} from '../../../src/server/core/lockout.ts';
import type { LockoutRow } from '../../../src/server/store/store.ts';

const POLICY = { after: 3, lockFor: 60_000 };
const MINUTE = 60_000;
const HERE = 'uid 1001';
const THERE = '2001:db8:1:2::/64';

/** Both clocks, a table, and the store that it fills. */
class World {
  mono = 5000;
  wall = 1_000_000_000;
  readonly stored = new Map<string, LockoutRow>();
  table: Lockouts;
  readonly #maxRows: number | undefined;

  constructor(maxRows?: number) {
    this.#maxRows = maxRows;
    this.table = this.#open();
  }

  #open(): Lockouts {
    return new Lockouts(POLICY, [...this.stored.values()], this.now(), this.#maxRows);
  }

  now(): Instant {
    return { mono: this.mono, wall: this.wall as UnixMs };
  }

  pass(ms: number): this {
    this.mono += ms;
    this.wall += ms;
    return this;
  }

  /** The monotonic clock begins anew; `shift` is what happens to the other one meanwhile. */
  restart(shift = 0): this {
    this.mono = 0;
    this.wall += shift;
    this.table = this.#open();
    return this;
  }

  keep(changes: readonly LockoutChange[]): void {
    for (const change of changes) {
      if (change.kind === 'save') this.stored.set(`${change.row.account} ${change.row.source}`, change.row);
      else this.stored.delete(`${change.account} ${change.source}`);
    }
  }

  /** One password, looked at where it may be. @returns `go`, or why not. */
  try(outcome: Outcome, source = HERE, account = 'alice'): string {
    const { kind } = this.table.begin(account, source, this.now());
    if (kind === 'go') this.keep(this.table.end(account, source, outcome, this.now()).changes);
    return kind;
  }

  wrong(times: number, source = HERE, account = 'alice'): this {
    for (let i = 0; i < times; i++) expect(this.try('wrong', source, account)).toBe('go');
    return this;
  }

  wait(source = HERE, account = 'alice'): number {
    const attempt = this.table.begin(account, source, this.now());
    if (attempt.kind === 'go') this.keep(this.table.end(account, source, 'unknown', this.now()).changes);
    return attempt.kind === 'locked' ? attempt.wait : 0;
  }
}

describe('wrong passwords', () => {
  test('three in a row lock for a minute, and the right one does not open it', () => {
    const world = new World().wrong(3);
    expect(world.try('right')).toBe('locked');
    expect(world.pass(MINUTE - 1).try('right')).toBe('locked');
    expect(world.pass(1).try('right')).toBe('go');
  });

  test('say at the third for how long', () => {
    const world = new World();
    const [{ table }, at] = [world, world.now()];
    const ends = [1, 2, 3].map(() => {
      table.begin('alice', HERE, at);
      return table.end('alice', HERE, 'wrong', at).lockedFor;
    });
    expect(ends).toEqual([undefined, undefined, MINUTE]);
    expect(table.begin('alice', HERE, at)).toEqual({ kind: 'locked', wait: MINUTE });
  });

  test('that a right one interrupts are not in a row', () => {
    const world = new World().wrong(2);
    world.try('right');
    world.wrong(2);
    expect(world.try('right')).toBe('go');
    expect(world.stored.size).toBe(0);
  });

  test('lock twice as long each time, at most a day', () => {
    const world = new World();
    const locks: number[] = [];
    for (let i = 0; i < 14; i++) {
      world.wrong(3);
      locks.push(world.wait());
      world.pass(world.wait());
    }
    expect(locks.slice(0, 4)).toEqual([1, 2, 4, 8].map((n) => n * MINUTE));
    expect(locks.slice(-3)).toEqual([MAX_LOCK_MS, MAX_LOCK_MS, MAX_LOCK_MS]);
  });

  test('begin at a minute again after a right one', () => {
    const world = new World()
      .wrong(3)
      .pass(MINUTE)
      .wrong(3)
      .pass(2 * MINUTE);
    world.try('right');
    world.wrong(3);
    expect(world.wait()).toBe(MINUTE);
  });

  test('of one source lock nobody else out, nor that source out of another account', () => {
    const world = new World().wrong(3);
    expect(world.try('right', THERE)).toBe('go');
    expect(world.try('right', HERE, 'bob')).toBe('go');
    expect(world.try('right')).toBe('locked');
  });

  test('are forgotten after a day of peace', () => {
    const world = new World().wrong(2).pass(FORGET_AFTER_MS).wrong(2);
    expect(world.try('right')).toBe('go');
    world.wrong(3).pass(MINUTE + FORGET_AFTER_MS - 1);
    expect(world.stored.size).toBe(1);
    world.keep(world.table.sweep(world.now()));
    expect(world.stored.size).toBe(1);
    world.pass(1).keep(world.table.sweep(world.now()));
    expect([world.stored.size, world.table.size]).toEqual([0, 0]);
    world.wrong(3);
    expect(world.wait()).toBe(MINUTE);
  });

  test('that nobody looked at do not count', () => {
    const world = new World();
    for (let i = 0; i < 9; i++) expect(world.try('unknown')).toBe('go');
    expect([world.table.size, world.stored.size]).toEqual([0, 0]);
  });
});

test('no more passwords are looked at at once than may be wrong', () => {
  const world = new World();
  const begin = () => world.table.begin('alice', HERE, world.now()).kind;
  const end = (outcome: Outcome) => world.keep(world.table.end('alice', HERE, outcome, world.now()).changes);
  expect([begin(), begin(), begin(), begin()]).toEqual(['go', 'go', 'go', 'pending']);
  end('wrong');
  expect(begin()).toBe('pending');
  end('unknown');
  expect(begin()).toBe('go');
  end('wrong');
  end('wrong');
  expect(begin()).toBe('locked');
  // An end too many changes nothing.
  end('right');
  expect(begin()).toBe('locked');
});

describe('a restart', () => {
  test('changes nothing: neither what is locked nor what was counted', () => {
    const world = new World().wrong(3).wrong(2, THERE).restart(1000);
    expect(world.wait()).toBe(MINUTE - 1000);
    world.wrong(1, THERE);
    expect(world.wait(THERE)).toBe(MINUTE);
    world
      .pass(MINUTE - 1000)
      .wrong(3)
      .restart();
    expect(world.wait()).toBe(2 * MINUTE);
  });

  test('with a clock set back lengthens no lock by more than its own length', () => {
    const world = new World().wrong(3).restart(-900_000_000);
    expect(world.wait()).toBe(MINUTE);
    expect(world.pass(MINUTE).try('right')).toBe('go');
  });

  test('with a clock set back still forgets in time', () => {
    const world = new World().wrong(2).restart(-900_000_000).pass(FORGET_AFTER_MS);
    world.keep(world.table.sweep(world.now()));
    expect(world.stored.size).toBe(0);
  });

  test('forgets what is too old', () => {
    const world = new World().wrong(3).restart(FORGET_AFTER_MS + MINUTE);
    world.keep(world.table.sweep(world.now()));
    expect([world.stored.size, world.table.size]).toEqual([0, 0]);
  });

  test('with a smaller number of wrong passwords leaves one guess, not none', () => {
    const world = new World().wrong(2);
    const strict = new Lockouts({ after: 1, lockFor: MINUTE }, [...world.stored.values()], world.now());
    expect(strict.begin('alice', HERE, world.now()).kind).toBe('go');
  });
});

test('a wall clock that jumps while the server runs neither opens nor lengthens a lock', () => {
  const world = new World().wrong(3);
  for (const jump of [900_000_000, -1_900_000_000]) {
    world.wall += jump;
    expect(world.wait()).toBe(MINUTE);
  }
});

describe('a table that is full', () => {
  test('loses what was touched longest ago and is not locked', () => {
    const world = new World(3).wrong(3, 'a').wrong(1, 'b').wrong(1, 'c').wrong(1, 'b').wrong(1, 'd');
    expect([...world.stored.keys()].sort()).toEqual(['alice a', 'alice b', 'alice d']);
    expect(world.table.size).toBe(3);
  });

  test('of locks loses the one that ends first, and lets somebody new mistype', () => {
    const world = new World(2).wrong(3, 'a').pass(10).wrong(3, 'b').pass(10).wrong(1, 'c');
    expect([...world.stored.keys()].sort()).toEqual(['alice b', 'alice c']);
    expect(world.try('right', 'c')).toBe('go');
  });

  test('in the store is cut to the newest, and the rest removed there', () => {
    const world = new World().wrong(1, 'a').pass(1).wrong(1, 'b').pass(1).wrong(1, 'c');
    const small = new Lockouts(POLICY, [...world.stored.values()].reverse(), world.now(), 2);
    expect(small.size).toBe(2);
    expect(small.sweep(world.now())).toEqual([{ kind: 'remove', account: 'alice', source: 'a' }]);
  });

  test('of one source refuses that source further names, and nobody else', () => {
    const world = new World();
    for (let i = 0; i < MAX_ACCOUNTS_OF_SOURCE; i++) world.wrong(2, HERE, `user${i}`);
    expect(world.try('wrong', HERE, 'one-more')).toBe('too_many_accounts');
    const refused = world.table.begin('one-more', HERE, world.now());
    expect(refused).toEqual({ kind: 'too_many_accounts', wait: FORGET_AFTER_MS });
    expect(world.try('right', HERE, 'user7')).toBe('go');
    expect(world.try('wrong', HERE, 'one-more')).toBe('go');
    expect(world.try('wrong', THERE, 'another')).toBe('go');
    world.pass(FORGET_AFTER_MS);
    for (let i = 0; i < 5; i++) expect(world.try('wrong', HERE, `new${i}`)).toBe('go');
    expect(world.table.size).toBeLessThanOrEqual(MAX_ACCOUNTS_OF_SOURCE + 1);
    expect(world.stored.size).toBe(world.table.size);
  });
});

/** The policy as short as it can be said, for attempts one after the other. */
class Model {
  readonly #of = new Map<string, { failures: number; locks: number; until: number; last: number }>();

  try(key: string, right: boolean, now: number): string {
    let it = this.#of.get(key);
    if (it === undefined || now >= Math.max(it.last, it.until) + FORGET_AFTER_MS)
      it = { failures: 0, locks: 0, until: 0, last: now };
    if (now < it.until) return 'locked';
    if (right) {
      this.#of.delete(key);
      return 'go';
    }
    this.#of.set(key, it);
    it.last = now;
    it.failures += 1;
    if (it.failures < POLICY.after) return 'go';
    it.failures = 0;
    it.until = now + Math.min(MAX_LOCK_MS, POLICY.lockFor * 2 ** it.locks);
    it.locks += 1;
    return 'go';
  }
}

test('any attempts, pauses, sweeps, restarts and jumps of the clock come out as the policy says', () => {
  const step = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('try' as const),
        account: fc.constantFrom('alice', 'bob'),
        source: fc.constantFrom(HERE, THERE),
        right: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(1, 59_999, 60_000, 120_000, 3_600_000, MAX_LOCK_MS, FORGET_AFTER_MS),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 1, arbitrary: fc.integer({ min: -500_000, max: 500_000 }).map((ms) => ({ kind: 'jump' as const, ms })) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new World();
      const model = new Model();
      let time = 0;
      for (const one of steps) {
        switch (one.kind) {
          case 'try':
            expect(world.try(one.right ? 'right' : 'wrong', one.source, one.account)).toBe(
              model.try(`${one.account} ${one.source}`, one.right, time),
            );
            break;
          case 'pass':
            world.pass(one.ms);
            time += one.ms;
            break;
          case 'sweep':
            world.keep(world.table.sweep(world.now()));
            break;
          case 'restart':
            world.restart();
            break;
          case 'jump':
            // Back again at once: the clock of a restart is the one that rows were saved by.
            world.wall += one.ms;
            world.wait();
            world.wall -= one.ms;
            break;
        }
        expect(world.stored.size).toBe(world.table.size);
      }
    }),
    { numRuns: 300 },
  );
});
