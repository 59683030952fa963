import { expect, test } from 'vitest';
import { ok } from '../../../src/base/result.ts';
import { EMPTY_ANSWERS, pageThrough } from '../../../src/client/script/search.ts';
import type { FoundEntry } from '../../../src/protocol/server-messages.ts';
import { at, room, seq, user } from '../core/drive.ts';

const hit = (n: number, from = 'bob'): FoundEntry => ({
  room: room('#lobby'),
  seq: seq(n),
  from: user(from),
  text: 'the build',
  time: at(n),
});

test('pages follow until there are enough, without those that are not wanted', async () => {
  const asked: [number, string | undefined][] = [];
  const shown: number[] = [];
  const outcome = await pageThrough(
    (limit, before) => {
      asked.push([limit, before]);
      const n = 10 - asked.length * 2;
      return Promise.resolve(ok({ messages: [hit(n), hit(n - 1, 'mallory')], more: true, before: `c${n}` }));
    },
    3,
    ({ from }) => from === 'bob',
    (found) => shown.push(...found.map((one) => one.seq)),
  );
  expect(outcome.status).toBe(0);
  expect(shown).toEqual([8, 6, 4]);
  expect(asked).toEqual([
    [3, undefined],
    [2, 'c8'],
    [1, 'c6'],
  ]);
});

test('a server that finds nothing and says for ever that there is more is left, and that is said', async () => {
  let asked = 0;
  const outcome = await pageThrough(
    () => {
      asked++;
      if (asked > 10 * EMPTY_ANSWERS) throw new Error('asked for ever');
      // One hit in between begins the count anew.
      return Promise.resolve(ok({ messages: asked === 50 ? [hit(1)] : [], more: true, before: `c${asked}` }));
    },
    5,
    () => true,
    () => undefined,
  );
  expect(asked).toBe(50 + EMPTY_ANSWERS);
  expect(outcome).toMatchObject({ status: 1, line: expect.stringContaining('found nothing more') });
});
