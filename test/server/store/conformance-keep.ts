import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { FOREVER, type Keep, MESSAGE_BYTES } from '../../../src/base/keep.ts';
import { type Found, type NewChange, type NewMessage, SENT_MS, type Store } from '../../../src/server/store/store.ts';
import { newMessage, type StorePlace } from './conformance.ts';
import { ModelMessages } from './model-messages.ts';

const LOBBY = '#lobby' as RoomName;
const DEV = '#dev' as RoomName;
const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = 1_790_000_000_000;
const PLENTY = 1_000_000;
const LIMITS = { emoji: 20, reactions: 100 };
const NINETY_DAYS: Keep = { age: 90 * DAY };
const at = (ms: number): UnixMs => ms as UnixMs;
const withId = (id: string): { id: ClientId } => ({ id: id as ClientId });

/** What every store must do about what is kept no longer: called by the test of each implementation. */
export function describeKeep(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store that keeps messages for a time`, () => {
    let place: StorePlace;
    let store: Store;
    let wall: number;
    let mono: number;
    let rule: Keep;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
      [wall, mono, rule] = [START, 0, FOREVER];
      await store.createRoom(DEV, at(1));
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
      // Where that clock begins means nothing.
      mono = 7;
    };
    /** All that is to be removed now is. @returns where rooms begin that have begun somewhere else before. */
    const retain = async (): Promise<Record<string, number>> => {
      const firsts: Record<string, number> = {};
      for (let more = true; more; ) {
        const done = await store.retain({ rule, wall: at(wall), mono });
        for (const { room, first } of done.rooms) firsts[room] = first;
        ({ more } = done);
      }
      return firsts;
    };
    /** Time passes on both clocks, and it is looked at least so often. */
    const pass = async (ms: number, every = DAY): Promise<Record<string, number>> => {
      let firsts = await retain();
      for (let left = ms; left > 0; left -= every) {
        wall += Math.min(left, every);
        mono += Math.min(left, every);
        firsts = { ...firsts, ...(await retain()) };
      }
      return firsts;
    };
    const say = (text: string, more: Partial<NewMessage> = {}) =>
      store.append(newMessage(text, { time: at(wall), ...more }));
    const texts = async (room = LOBBY): Promise<string[]> =>
      (await store.history(room, { kind: 'newest' }, 1000, PLENTY)).messages.map(({ text }) => text);
    const change = (seq: number, what: NewChange['what'], room = LOBBY) =>
      store.change({ room, seq: seq as Seq, by: alice, time: at(wall), what, may: { kind: 'any' } }, LIMITS, {
        time: at(wall),
        by: alice,
        action: what.kind,
        target: '',
        detail: '',
      });
    const order = (room: RoomName, keep?: Keep) =>
      store.carryOut(
        { kind: 'keep', room, ...(keep === undefined ? {} : { keep }) },
        { time: at(wall), by: alice, action: 'keep', target: room, detail: '' },
      );
    const find = async (word: string): Promise<Found> => {
      const found = await store.search({
        rooms: [LOBBY, DEV],
        phrases: [word],
        prefix: false,
        limit: 50,
        maxBytes: PLENTY,
      });
      if (found === 'busy') throw new Error('nobody else searches');
      return found;
    };

    test('without a rule nothing goes', async () => {
      await say('a');
      expect(await pass(4000 * DAY, 100 * DAY)).toEqual({});
      expect(await texts()).toEqual(['a']);
    });

    test('what is older than its rule says goes, not before, and at most a day after', async () => {
      rule = NINETY_DAYS;
      await say('old');
      await pass(50 * DAY);
      await say('new');
      await pass(40 * DAY - 1);
      expect(await texts()).toEqual(['old', 'new']);
      expect(await pass(DAY + HOUR, HOUR)).toEqual({ [LOBBY]: 2 });
      expect(await texts()).toEqual(['new']);
      expect(await store.rooms()).toMatchObject([{ name: LOBBY, last: 2, first: 2 }, { name: DEV }]);
      await pass(50 * DAY);
      expect(await texts()).toEqual([]);
    });

    test('a rule of minutes is kept to within a minute', async () => {
      rule = { age: 10 * 60_000 };
      await say('a');
      await pass(9 * 60_000, 5000);
      expect(await texts()).toEqual(['a']);
      await pass(2 * 60_000, 5000);
      expect(await texts()).toEqual([]);
    });

    test('a rule that comes later knows how old things are', async () => {
      await say('old');
      await pass(100 * DAY);
      await say('new');
      await pass(DAY);
      rule = NINETY_DAYS;
      expect(await retain()).toEqual({ [LOBBY]: 2 });
      expect(await texts()).toEqual(['new']);
    });

    test('an empty room ends where it ended, and no place is given again', async () => {
      rule = NINETY_DAYS;
      for (const text of ['a', 'b', 'c']) await say(text);
      expect(await pass(92 * DAY)).toEqual({ [LOBBY]: 4 });
      await reopen();
      expect(await store.rooms()).toMatchObject([{ last: 3, first: 4 }, {}]);
      expect(await say('d')).toMatchObject({ seq: 4, fresh: true });
      expect(await store.history(LOBBY, { kind: 'since', seq: 0 as Seq }, 10, PLENTY)).toMatchObject({
        messages: [{ seq: 4, text: 'd' }],
        more: false,
        first: 4,
      });
    });

    test('of a room the size goes down to its rule, the oldest first, and the newest stays', async () => {
      rule = { bytes: 10_000 };
      const one = 900;
      for (let n = 1; n <= 30; n++) await say(`${n} `.padEnd(one, 'x'));
      await retain();
      // 1,000 each.
      expect(one + MESSAGE_BYTES).toBe(1000);
      expect((await texts()).map((text) => text.split(' ')[0])).toEqual(
        Array.from({ length: 10 }, (_, i) => `${i + 21}`),
      );
      // A character counts as its bytes.
      await say('é'.repeat(2000));
      await retain();
      expect((await texts()).map((text) => text.slice(0, 2))).toEqual(['26', '27', '28', '29', '30', 'éé']);
      await say('x'.repeat(8192));
      await retain();
      expect(await texts()).toHaveLength(1);
    });

    test('what was edited or deleted counts as it is now', async () => {
      rule = { bytes: 10_000 };
      for (let n = 1; n <= 10; n++) await say('x'.repeat(900));
      await retain();
      await change(5, { kind: 'delete' });
      await change(6, { kind: 'edit', text: 'x'.repeat(1800) });
      await retain();
      expect((await store.rooms())[0]).not.toHaveProperty('first');
      await say('x'.repeat(2));
      expect(await retain()).toEqual({ [LOBBY]: 2 });
      await reopen();
      await say('x'.repeat(798));
      expect(await retain()).toEqual({});
      await say('x');
      expect(await retain()).toEqual({ [LOBBY]: 3 });
    });

    test('of an age and a size that which comes first counts', async () => {
      rule = { age: 10 * DAY, bytes: 10_000 };
      for (let n = 1; n <= 12; n++) await say('x'.repeat(900));
      expect(await retain()).toEqual({ [LOBBY]: 3 });
      expect(await pass(11 * DAY)).toEqual({ [LOBBY]: 13 });
    });

    test('the rule of a room comes before that of the server, until an operator ends it', async () => {
      rule = NINETY_DAYS;
      expect(await order(LOBBY, { age: 10 * DAY })).toBe(true);
      expect(await order(DEV, FOREVER)).toBe(true);
      expect(await order('#nowhere' as RoomName, FOREVER)).toBe(false);
      await say('a');
      await say('b', { room: DEV });
      await reopen();
      expect(await store.rooms()).toMatchObject([{ keep: { age: 10 * DAY } }, { keep: {} }]);
      expect(await pass(100 * DAY)).toEqual({ [LOBBY]: 2 });
      expect(await texts(DEV)).toEqual(['b']);
      expect(await order(DEV)).toBe(true);
      expect(await retain()).toEqual({ [DEV]: 2 });
      expect((await store.rooms())[1]).not.toHaveProperty('keep');
      expect((await store.auditLog(10)).map(({ action }) => action)).toEqual(['keep', 'keep', 'keep']);
    });

    test('with a message go its changes, its reactions and what it is found by; what answers it stays', async () => {
      rule = { age: 10 * DAY };
      await say('green apples');
      await say('green pears');
      await change(1, { kind: 'edit', text: 'red apples' });
      await change(2, { kind: 'react', emoji: '👍', on: true });
      await find('apples');
      await pass(5 * DAY);
      await say('yes', { re: 1 as Seq });
      await change(3, { kind: 'edit', text: 'oh yes' });
      await pass(6 * DAY);
      expect((await store.history(LOBBY, { kind: 'newest' }, 10, PLENTY)).messages).toMatchObject([
        { seq: 3, re: 1, text: 'oh yes', rev: 3 },
      ]);
      for (const word of ['apples', 'pears', 'red', 'green']) expect(await find(word)).toEqual({ messages: [] });
      expect((await find('yes')).messages).toHaveLength(1);
      // The numbers of changes go on, too.
      expect(await store.history(LOBBY, { kind: 'changes', rev: 0 }, 10, PLENTY)).toMatchObject({
        messages: [{ seq: 3, rev: 3 }],
        more: false,
      });
      expect(await change(3, { kind: 'react', emoji: '👍', on: true })).toMatchObject({ kind: 'changed', rev: 4 });
      // Nothing of it comes up with what has its place in the tables now.
      await say('fresh');
      expect((await store.history(LOBBY, { kind: 'since', seq: 3 as Seq }, 10, PLENTY)).messages).toEqual([
        { seq: 4, from: alice, text: 'fresh', time: wall },
      ]);
    });

    test('what has gone before it was in the index is found no more, and what comes after it is', async () => {
      rule = { bytes: 10_000 };
      for (let n = 1; n <= 40; n++) await say(`word${n} `.padEnd(900, 'x'));
      await retain();
      expect(await find('word1')).toEqual({ messages: [] });
      expect((await find('word40')).messages).toHaveLength(1);
    });

    test('what is gone can not be changed, and that is told apart from what never was', async () => {
      rule = NINETY_DAYS;
      await say('a');
      await pass(92 * DAY);
      for (const what of [
        { kind: 'edit', text: 'b' },
        { kind: 'delete' },
        { kind: 'react', emoji: '👍', on: true },
      ] as const)
        expect(await change(1, what)).toEqual({ kind: 'not_kept' });
      expect(await change(2, { kind: 'delete' })).toEqual({ kind: 'no_such_message' });
    });

    test('pages say where the room begins, and none goes before that', async () => {
      rule = NINETY_DAYS;
      for (let n = 1; n <= 5; n++) await say(`${n}`);
      await pass(50 * DAY);
      for (let n = 6; n <= 9; n++) await say(`${n}`);
      await pass(42 * DAY);
      const read = async (page: Parameters<Store['history']>[1], limit = 3) => {
        const { messages, ...rest } = await store.history(LOBBY, page, limit, PLENTY);
        return { seqs: messages.map(({ seq }) => seq), ...rest };
      };
      expect(await read({ kind: 'newest' })).toEqual({ seqs: [7, 8, 9], more: true, first: 6 });
      expect(await read({ kind: 'before', seq: 7 as Seq })).toEqual({ seqs: [6], more: false, first: 6 });
      expect(await read({ kind: 'before', seq: 3 as Seq })).toEqual({ seqs: [], more: false, first: 6 });
      expect(await read({ kind: 'since', seq: 2 as Seq })).toEqual({ seqs: [6, 7, 8], more: true, first: 6 });
      expect(await read({ kind: 'around', seq: 2 as Seq })).toEqual({
        seqs: [6, 7, 8],
        more: true,
        moreOlder: false,
        first: 6,
      });
      expect(await store.history(DEV, { kind: 'newest' }, 3, PLENTY)).toEqual({ messages: [], more: false });
    });

    test('what is sent again after it has gone does not come up as new, for thirty days', async () => {
      rule = { age: 60_000 };
      const said = await say('a', withId('x-1'));
      await pass(3 * 60_000, 10_000);
      expect(await texts()).toEqual([]);
      await reopen();
      expect(await say('a', withId('x-1'))).toEqual({ ...said, fresh: false });
      // Somebody else's is another.
      expect(await say('a', { ...withId('x-1'), from: bob })).toMatchObject({ seq: 2, fresh: true });
      await pass(SENT_MS - HOUR, HOUR * 12);
      expect(await say('a', withId('x-1'))).toMatchObject({ fresh: false });
      await pass(3 * DAY, HOUR * 12);
      expect(await say('a', withId('x-1'))).toMatchObject({ seq: 3, fresh: true });
    });

    test('a clock that jumps ahead removes nothing for a day, and nothing ever when it is put back', async () => {
      rule = NINETY_DAYS;
      await say('a');
      await pass(DAY);
      wall += 20_000 * DAY;
      await say('stamped by it');
      await pass(DAY - 1, HOUR);
      expect(await texts()).toEqual(['a', 'stamped by it']);
      wall -= 20_000 * DAY;
      await pass(85 * DAY);
      expect(await texts()).toEqual(['a', 'stamped by it']);
      // The time that stands on it makes no difference.
      await pass(8 * DAY);
      expect(await texts()).toEqual([]);
    });

    test('a clock that stays ahead is believed after a day', async () => {
      rule = NINETY_DAYS;
      await say('a');
      await pass(HOUR);
      wall += 100 * DAY;
      await pass(DAY - 2 * HOUR, HOUR);
      expect(await texts()).toEqual(['a']);
      await pass(3 * HOUR, HOUR);
      expect(await texts()).toEqual([]);
    });

    test('a clock that begins in 1970 removes nothing early, and what is said meanwhile stays as long as all else', async () => {
      rule = NINETY_DAYS;
      await say('before');
      await pass(80 * DAY);
      wall = 0;
      await reopen();
      await say('stamped in 1970');
      await pass(HOUR, HOUR / 4);
      wall = START + 80 * DAY + HOUR;
      await pass(HOUR, HOUR / 4);
      expect(await texts()).toEqual(['before', 'stamped in 1970']);
      await pass(11 * DAY);
      expect(await texts()).toEqual(['stamped in 1970']);
      await pass(80 * DAY);
      expect(await texts()).toEqual([]);
    });

    test('the time while no server ran counts, a day later', async () => {
      rule = NINETY_DAYS;
      await say('a');
      await pass(HOUR);
      await reopen();
      wall += 100 * DAY;
      await pass(DAY - HOUR, HOUR);
      expect(await texts()).toEqual(['a']);
      await pass(2 * HOUR, HOUR);
      expect(await texts()).toEqual([]);
    });

    test('thousands of messages go in steps of a few milliseconds, each of which leaves a room without a gap', async () => {
      rule = { bytes: 50_000 };
      await Promise.all(Array.from({ length: 3000 }, (_, n) => say(`message ${n} of many`, withId(`i-${n}`))));
      let steps = 0;
      let before = 0;
      for (let more = true; more; steps++) {
        const done = await store.retain({ rule, wall: at(wall), mono });
        ({ more } = done);
        const first = done.rooms[0]?.first ?? before;
        expect(first).toBeGreaterThanOrEqual(before);
        before = first;
        const page = await store.history(LOBBY, { kind: 'since', seq: 0 as Seq }, 1, PLENTY);
        if (done.rooms.length > 0) expect([page.messages[0]?.seq, page.first]).toEqual([first, first]);
      }
      expect(steps).toBeGreaterThan(1);
      expect((await texts()).length).toBe(3000 - before + 1);
    });

    test('random messages, changes, searches, rules and reopenings leave what a simple model says', async () => {
      const rooms = [LOBBY, DEV];
      type Move =
        | { readonly do: 'say'; readonly room: RoomName; readonly text: string; readonly id: string | undefined }
        | { readonly do: 'change'; readonly room: RoomName; readonly seq: number; readonly what: NewChange['what'] }
        | { readonly do: 'find'; readonly word: string }
        | { readonly do: 'keep'; readonly room: RoomName; readonly bytes: number | undefined }
        | { readonly do: 'reopen' };
      const room = fc.constantFrom(...rooms);
      const text = fc.constantFrom('red '.repeat(500), 'green '.repeat(700), 'blue '.repeat(20));
      const move: fc.Arbitrary<Move> = fc.oneof(
        {
          weight: 12,
          arbitrary: fc.record({
            do: fc.constant('say' as const),
            room,
            text,
            id: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6'), { nil: undefined }),
          }),
        },
        {
          weight: 8,
          arbitrary: fc.record({
            do: fc.constant('change' as const),
            room,
            seq: fc.integer({ min: 0, max: 25 }),
            what: fc.oneof(
              text.map((text_) => ({ kind: 'edit', text: text_ }) as const),
              fc.constant({ kind: 'delete' } as const),
              fc.boolean().map((on) => ({ kind: 'react', emoji: '👍', on }) as const),
            ),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({ do: fc.constant('find' as const), word: fc.constantFrom('red', 'green') }),
        },
        {
          weight: 4,
          arbitrary: fc.record({
            do: fc.constant('keep' as const),
            room,
            bytes: fc.constantFrom(10_000, 15_000, 20_000, undefined),
          }),
        },
        { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 30, maxLength: 80 }), async (moves) => {
          await store.close();
          await place.remove();
          place = await makePlace();
          store = await place.open();
          await store.createRoom(DEV, at(1));
          const model = new ModelMessages();
          const sizes = (name: RoomName): number =>
            model
              .history(name, { kind: 'newest' }, 1000)
              .messages.reduce((sum, one) => sum + Buffer.byteLength(one.text) + MESSAGE_BYTES, 0);
          for (const next of moves) {
            switch (next.do) {
              case 'say': {
                const message = newMessage(next.text, {
                  room: next.room,
                  time: at(wall++),
                  ...(next.id === undefined ? {} : withId(next.id)),
                });
                expect(await store.append(message)).toEqual(model.append(message));
                break;
              }
              case 'change': {
                const { room: where, seq, what } = next;
                const made = {
                  room: where,
                  seq: seq as Seq,
                  by: alice,
                  time: at(wall),
                  what,
                  may: { kind: 'any' },
                } as const;
                expect(await change(seq, what, where)).toEqual(model.change(made, LIMITS));
                break;
              }
              case 'find': {
                const search = { rooms, phrases: [next.word], prefix: false, limit: 50, maxBytes: PLENTY };
                expect(await store.search(search)).toEqual(model.search(search));
                break;
              }
              case 'keep': {
                await order(next.room, next.bytes === undefined ? FOREVER : { bytes: next.bytes });
                const firsts = await retain();
                for (const [where, first] of Object.entries(firsts)) model.forget(where as RoomName, first as Seq);
                if (next.bytes !== undefined) {
                  expect(sizes(next.room)).toBeLessThanOrEqual(next.bytes);
                  // No more than must go.
                  const gone = firsts[next.room] === undefined ? Infinity : 4300;
                  expect(sizes(next.room) + gone).toBeGreaterThan(next.bytes);
                }
                break;
              }
              case 'reopen':
                await reopen();
            }
          }
          for (const where of rooms)
            for (const wanted of [
              { kind: 'newest' },
              { kind: 'before', seq: 9 as Seq },
              { kind: 'around', seq: 3 as Seq },
              { kind: 'changes', rev: 2 },
            ] as const)
              for (const limit of [3, 100])
                expect(await store.history(where, wanted, limit, PLENTY), `${wanted.kind} ${limit}`).toEqual(
                  model.history(where, wanted, limit),
                );
        }),
        { numRuns: 8 },
      );
    }, 60_000);
  });
}
