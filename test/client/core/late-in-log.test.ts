import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type MessageLog } from '../../../src/client/core/message-log.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import { at, seq, user } from './drive.ts';

const entry = (n: number): HistoryEntry => ({ seq: seq(n), from: user('bob'), text: `text ${n}`, time: at(n) });
const seqs = (log: MessageLog): number[] => log.entries.flatMap((one) => (one.kind === 'message' ? [one.seq] : []));
const whole = (): MessageLog => {
  const log = createLog();
  log.older = 'none';
  return log;
};

describe('a message that is put into a log', () => {
  test('stands in its place, also before the first and behind the last', () => {
    const log = whole();
    for (const n of [50, 90, 10, 70]) expect(log.insert(entry(n))).toEqual({ moved: undefined });
    expect(seqs(log)).toEqual([10, 50, 70, 90]);
    expect([log.first, log.last]).toEqual([10, 90]);
    expect(log.find(seq(70))?.text).toBe('text 70');
  });

  test('stands before lines of our own that are of a later time, unless clocks may differ by that', () => {
    const log = whole();
    log.event(at(100_000), '+', user('bob'), 'came');
    for (const n of [5, 10, 39_999, 40_000]) expect(log.insert(entry(n))).toEqual({ moved: undefined });
    expect(log.entries.map((one) => (one.kind === 'message' ? one.seq : one.kind))).toEqual([
      5,
      10,
      39_999,
      'event',
      40_000,
    ]);
    expect([log.first, log.last]).toEqual([5, 40_000]);
    const keys = log.entries.map(({ key }) => key);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(log.insert(entry(20))).toEqual({ moved: undefined });
    expect(seqs(log)).toEqual([5, 10, 20, 39_999, 40_000]);
  });

  test('is there once', () => {
    const log = whole();
    log.insert(entry(50));
    log.insert(entry(10));
    const { version } = log;
    expect([log.insert(entry(50)), log.insert(entry(10))]).toEqual([undefined, undefined]);
    expect(seqs(log)).toEqual([10, 50]);
    expect(log.version).toBe(version);
  });

  test('comes with the older ones where these are not here', () => {
    const log = whole();
    log.insert(entry(50));
    log.older = 'more';
    expect(log.insert(entry(10))).toBeUndefined();
    expect(log.prepend([entry(5), entry(10)])).toBe(2);
    expect(seqs(log)).toEqual([5, 10, 50]);
  });

  test('comes to a cleared log with the older ones, or behind all of it', () => {
    const log = whole();
    log.insert(entry(50));
    log.clear();
    expect(log.insert(entry(40))).toBeUndefined();
    expect(log.insert(entry(60))).toEqual({ moved: undefined });
    expect(seqs(log)).toEqual([60]);
  });

  test('of many in a row, backwards and forwards, none takes another key from those that are there', () => {
    const log = whole();
    log.insert(entry(1));
    log.insert(entry(100_000));
    const keys = log.entries.map(({ key }) => key);
    for (let n = 2; n < 500; n++) expect(log.insert(entry(n))).toEqual({ moved: undefined });
    for (let n = 99_999; n > 99_500; n--) expect(log.insert(entry(n))).toEqual({ moved: undefined });
    expect([log.entries[0]?.key, log.entries.at(-1)?.key]).toEqual(keys);
  });

  test('in any order makes the list that one sorting makes, with keys that ascend, and says of each that has another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 50 }), { maxLength: 120 }), (order) => {
        const log = whole();
        for (const n of order) {
          const before = new Map(log.entries.map((one) => [one.key, one]));
          const inserted = log.insert(entry(n));
          for (const [key, one] of before) {
            const now = inserted?.moved?.get(key) ?? key;
            expect(log.entries.find((other) => other.key === now)).toMatchObject({
              text: one.kind === 'message' ? one.text : '',
            });
          }
        }
        expect(seqs(log)).toEqual([...new Set(order)].toSorted((a, b) => a - b));
        expect(log.entries.every(({ key }, i, all) => i === 0 || key > (all[i - 1]?.key ?? 0))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
