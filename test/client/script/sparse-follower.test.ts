import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_SEQ, type Seq, type UnixMs, type UserName } from '../../../src/base/ids.ts';
import { SparseFollower } from '../../../src/client/script/sparse-follower.ts';

const seq = (n: number) => n as Seq;
const message = (n: number) => ({ seq: seq(n), from: 'alice' as UserName, text: `m${n}`, time: 0 as UnixMs });
const messages = (...places: readonly number[]) => places.map(message);

function following(last: number, limit = 0) {
  const shown: number[] = [];
  const follower = new SparseFollower(seq(last), limit, (entry) => shown.push(entry.seq));
  follower.begin();
  return { shown, follower };
}

/** A room that answers as a hub does, at most two messages a page. */
function answer(
  room: readonly number[],
  { since, before, limit = 2 }: NonNullable<ReturnType<SparseFollower['wish']>>,
) {
  const inOrder = room.toSorted((a, b) => a - b);
  const most = Math.min(limit, 2);
  if (since !== undefined) {
    const after = inOrder.filter((place) => place > since);
    return { page: messages(...after.slice(0, most)), more: after.length > most };
  }
  const earlier = inOrder.filter((place) => before === undefined || place < before);
  return { page: messages(...earlier.slice(-most)), more: earlier.length > most };
}

function askAll(follower: SparseFollower, room: readonly number[]): void {
  for (let wish = follower.wish(); wish !== undefined; wish = follower.wish()) {
    const { page, more } = answer(room, wish);
    follower.page(page, 1, more);
  }
}

test('places with gaps miss nothing, and one that comes late is shown when it comes', () => {
  const { shown, follower } = following(70);
  askAll(follower, [10, 70]);
  for (const place of [90, 120, 100, 60]) follower.live(message(place));
  expect(shown).toEqual([90, 120, 100, 60]);
  expect(follower.wish()).toBeUndefined();
});

test('those of before that are wanted come first, the oldest of them first, and what came meanwhile behind them', () => {
  const { shown, follower } = following(70, 5);
  const first = follower.wish();
  expect(first).toEqual({ limit: 5 });
  follower.live(message(80));
  follower.page(messages(60, 70), 1, true);
  expect(shown).toEqual([]);
  askAll(follower, [10, 20, 30, 40, 50, 60, 70, 80]);
  expect(shown).toEqual([30, 40, 50, 60, 70, 80]);
});

test('after a lost connection what was missed is shown, and nothing of it twice', () => {
  const { shown, follower } = following(10);
  askAll(follower, [10]);
  follower.live(message(20));
  follower.live(message(40));
  follower.begin();
  const wish = follower.wish();
  if (wish === undefined) throw new Error('something is asked for');
  // Said before 40 by a clock, and heard of after it.
  follower.live(message(60));
  const { page, more } = answer([10, 20, 30, 40, 50, 60], wish);
  follower.page(page, 1, more);
  askAll(follower, [10, 20, 30, 40, 50, 60]);
  expect(shown).toEqual([20, 40, 30, 50, 60]);
});

test('what is refused for now is asked for again', () => {
  const { follower } = following(10, 3);
  const wish = follower.wish();
  expect(follower.wish()).toBeUndefined();
  follower.refused();
  expect(follower.wish()).toEqual(wish);
});

test('however often the connection is lost, each message of the room is shown once', () => {
  const step = fc.oneof(
    fc.record({ say: fc.integer({ min: 1, max: 400 }) }),
    fc.constant('lost' as const),
    fc.constant('asks' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 5 }), (steps, limit) => {
      const room = new Set<number>();
      const { shown, follower } = following(NO_SEQ, limit);
      for (const one of steps) {
        if (one === 'lost') follower.begin();
        else if (one === 'asks') askAll(follower, [...room]);
        else if (!room.has(one.say)) {
          room.add(one.say);
          follower.live(message(one.say));
        }
      }
      askAll(follower, [...room]);
      expect(new Set(shown).size).toBe(shown.length);
      if (limit === 0) expect(shown.toSorted((a, b) => a - b)).toEqual([...room].toSorted((a, b) => a - b));
    }),
  );
});
