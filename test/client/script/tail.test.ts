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
