import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_SEQ, type Seq, type UnixMs, type UserName } from '../../../src/base/ids.ts';
import { Follower } from '../../../src/client/script/tail.ts';

const seq = (n: number) => n as Seq;
const message = (n: number) => ({ seq: seq(n), from: 'alice' as UserName, text: `m${n}`, time: 0 as UnixMs });

function following(last: number) {
  const shown: number[] = [];
  return { shown, follower: new Follower(seq(last), (entry) => shown.push(entry.seq)) };
}

test('what comes in order is shown at once, and nothing is asked for', () => {
  const { shown, follower } = following(3);
  follower.begin(seq(3));
  follower.live(message(4));
  follower.live(message(5));
  expect(shown).toEqual([4, 5]);
  expect(follower.ask()).toBeUndefined();
});

test('what was written before and is wanted is asked for', () => {
  const { shown, follower } = following(3);
  follower.begin(seq(5));
  expect(follower.ask()).toBe(3);
  expect(follower.ask()).toBeUndefined();
  follower.page([message(4), message(5)]);
  expect(shown).toEqual([4, 5]);
  expect(follower.ask()).toBeUndefined();
});

test('after a lost connection the missed ones come first, and what arrives meanwhile is neither lost nor shown twice', () => {
  const { shown, follower } = following(0);
  follower.begin(NO_SEQ);
  follower.live(message(1));
  follower.begin(seq(3));
  expect(follower.ask()).toBe(1);
  follower.live(message(4));
  follower.page([message(2), message(3)]);
  expect(follower.ask()).toBe(3);
  follower.page([message(4)]);
  follower.live(message(4));
  follower.live(message(5));
  expect(shown).toEqual([1, 2, 3, 4, 5]);
});

test('a request that a lost connection never answered is made again', () => {
  const { follower } = following(0);
  follower.begin(seq(2));
  expect(follower.ask()).toBe(0);
  follower.begin(seq(2));
  expect(follower.ask()).toBe(0);
});

test('a room that begins anew is shown from its beginning', () => {
  const { shown, follower } = following(9);
  follower.begin(seq(1));
  expect(follower.ask()).toBe(0);
  follower.page([message(1)]);
  expect(shown).toEqual([1]);
});

test('of a room that was restored only what is new in it is shown', () => {
  const at = (n: number, time: number) => ({ ...message(n), time: time as UnixMs });
  const shown: number[] = [];
  const follower = new Follower(seq(996), (entry) => shown.push(entry.seq), undefined, 5000);
  expect(follower.begin(seq(996))).toBe(false);
  for (const n of [997, 998, 999]) follower.live(at(n, 5000 + n));
  // It has the first 900 of them, and two that were written since.
  expect(follower.begin(seq(902))).toBe(true);
  expect(follower.ask()).toBe(702);
  follower.page(Array.from({ length: 200 }, (_, i) => at(703 + i, 703 + i <= 900 ? 4000 : 9000)));
  expect(follower.ask()).toBeUndefined();
  follower.live(at(903, 9001));
  expect(shown).toEqual([997, 998, 999, 901, 902, 903]);
});

test('of a room that was restored all that is new is shown, also where it fills more than a page', () => {
  const shown: number[] = [];
  const follower = new Follower(seq(9000), (entry) => shown.push(entry.seq), undefined, 5000);
  follower.begin(seq(301));
  const entries = Array.from({ length: 301 }, (_, i) => ({
    ...message(i + 1),
    time: (i < 10 ? 4000 : 9000) as UnixMs,
  }));
  for (let since = follower.ask(); since !== undefined; since = follower.ask())
    follower.page(entries.slice(since, since + 200));
  expect(shown).toEqual(Array.from({ length: 291 }, (_, i) => i + 11));
});

test('a server that has not what it spoke of is not asked for ever', () => {
  const { follower } = following(0);
  follower.begin(seq(5));
  expect(follower.ask()).toBe(0);
  follower.page([]);
  expect(follower.ask()).toBeUndefined();
});

test('whatever is lost, and however pages are cut, every message is shown once and in order', () => {
  const step = fc.oneof(
    fc.constant('write' as const),
    fc.constant('deliver' as const),
    fc.constant('drop' as const),
    fc.constant('answer' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, pageSize) => {
      const { shown, follower } = following(0);
      let written = 0;
      let delivered = 0;
      let asked: number | undefined;
      follower.begin(NO_SEQ);
      const answer = (): void => {
        asked ??= follower.ask();
        if (asked === undefined) return;
        const page = Array.from({ length: written }, (_, i) => i + 1).filter((n) => n > (asked ?? 0));
        asked = undefined;
        follower.page(page.slice(0, pageSize).map(message));
      };
      for (const one of steps) {
        if (one === 'write') written += 1;
        else if (one === 'deliver' && delivered < written) follower.live(message(++delivered));
        else if (one === 'drop') {
          delivered = written;
          asked = undefined;
          follower.begin(seq(written));
        } else if (one === 'answer') answer();
        asked ??= follower.ask();
      }
      delivered = written;
      asked = undefined;
      follower.begin(seq(written));
      for (let i = 0; i <= written; i++) answer();
      expect(shown).toEqual(Array.from({ length: written }, (_, i) => i + 1));
    }),
  );
});

test('what is no longer kept is told, not waited for, and what comes next is shown', () => {
  const gone: number[] = [];
  const shown: number[] = [];
  const follower = new Follower(
    seq(10),
    (entry) => shown.push(entry.seq),
    (count) => gone.push(count),
  );
  follower.begin(seq(501));
  expect(follower.ask()).toBe(10);
  follower.page([message(500), message(501)], 500);
  expect(follower.ask()).toBeUndefined();
  follower.live(message(502));
  expect([shown, gone]).toEqual([[500, 501, 502], [489]]);
  // All of it.
  follower.begin(seq(600));
  expect(follower.ask()).toBe(502);
  follower.page([], 601);
  expect(follower.ask()).toBeUndefined();
  follower.live(message(601));
  expect([shown, gone]).toEqual([
    [500, 501, 502, 601],
    [489, 98],
  ]);
});
