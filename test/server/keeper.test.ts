import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RoomName, type Seq, unixMs } from '../../src/base/ids.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import type { ConsoleEvent } from '../../src/server/core/notice.ts';
import { Keeper } from '../../src/server/keeper.ts';
import { type Retain, type Retained, StoreError } from '../../src/server/store/store.ts';
import { World } from './core/world.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store that removes nothing, and does as it is told. */
function setUp(keep = {}) {
  const { core } = new World({ keep });
  const asked: Retain[] = [];
  const answers: (Retained | StoreError)[] = [];
  const notices: ConsoleEvent[] = [];
  const keeper = new Keeper({
    core,
    store: {
      retain: (retain) => {
        asked.push(retain);
        const answer = answers.shift() ?? { rooms: [], more: false, took: 1 };
        return answer instanceof StoreError ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    clock: { now: () => unixMs(7), monotonic: () => performance.now() },
    notice: (event) => notices.push(event),
  });
  const times = async (ms: number): Promise<number> => {
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(ms);
    return asked.length;
  };
  return { core, asked, answers, notices, keeper, times };
}

test('a while after the start, and then every minute, it is looked for what is kept no longer', async () => {
  const { asked, keeper, times } = setUp({ age: 90 * 86_400_000 });
  expect(await times(4999)).toBe(0);
  expect(await times(1)).toBe(1);
  expect(asked[0]).toMatchObject({ rule: { age: 90 * 86_400_000 }, wall: 7 });
  expect(await times(600_000)).toBe(10);
  keeper.stop();
  expect(await times(600_000)).toBe(0);
});

test('while there is more it goes on at once, and leaves four fifths of the time to others', async () => {
  const { answers, keeper, times } = setUp();
  answers.push({ rooms: [], more: true, took: 4 }, { rooms: [], more: true, took: 0.1 });
  expect(await times(5000)).toBe(1);
  expect(await times(15)).toBe(0);
  expect(await times(1)).toBe(1);
  expect(await times(4)).toBe(0);
  expect(await times(1)).toBe(1);
  expect(await times(59_999)).toBe(0);
  keeper.stop();
});

test('where messages are kept for minutes it looks more often, as soon as a room has such a rule', async () => {
  const { core, keeper, times } = setUp();
  await times(5000);
  const room = core.rooms.get(LOBBY);
  if (room !== undefined) room.keep = { age: 10 * 60_000 };
  expect(await times(60_000)).toBe(1);
  expect(await times(60_000)).toBe(5);
  keeper.stop();
});

test('the core learns where rooms begin', async () => {
  const { core, answers, keeper, times } = setUp();
  answers.push({
    rooms: [
      { room: LOBBY, first: 5 as Seq },
      { room: '#gone' as RoomName, first: 5 as Seq },
    ],
    more: false,
    took: 1,
  });
  await times(5000);
  expect(core.rooms.get(LOBBY)?.first).toBe(5);
  keeper.stop();
});

test('a disk that is full is told once, until it was not', async () => {
  const { answers, notices, keeper, times } = setUp();
  const full = new StoreError('disk_full', 'there is no room left');
  answers.push(full, full, { rooms: [], more: false, took: 1 }, full);
  await times(5000);
  await times(180_000);
  expect(notices).toEqual(
    [1, 2].map(() => ({
      kind: 'store-failed',
      what: 'remove what is kept no longer',
      code: 'disk_full',
      text: 'there is no room left',
    })),
  );
  keeper.stop();
  answers.push(full);
  await keeper.step();
  expect(notices).toHaveLength(2);
});
