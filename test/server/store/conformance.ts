import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import type { NewMessage, Page, Placed, Store } from '../../../src/server/store/store.ts';

/** Where a store's data lies: what one `open` has stored, the next one finds, as long as the one before is closed. */
export interface StorePlace {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const LOBBY = '#lobby' as RoomName;
const DEV = '#dev' as RoomName;
const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const NEWEST: Page = { kind: 'newest' };
const before = (seq: number): Page => ({ kind: 'before', seq: seq as Seq });
const since = (seq: number): Page => ({ kind: 'since', seq: seq as Seq });
const at = (ms: number): UnixMs => ms as UnixMs;
/** Bytes; more than any page here has. */
const PLENTY = 1_000_000;

export function newMessage(text: string, more: Partial<NewMessage> = {}): NewMessage {
  return { room: LOBBY, from: alice, text, time: at(1000), ...more };
}

const withId = (id: string): { id: ClientId } => ({ id: id as ClientId });
const texts = (page: { readonly messages: readonly HistoryEntry[] }): string[] => page.messages.map((m) => m.text);

/** A store as short as it can be said. */
class Model {
  readonly rooms: ReadonlyMap<RoomName, HistoryEntry[]>;
  readonly #sent = new Map<string, Placed>();

  constructor(rooms: readonly RoomName[]) {
    this.rooms = new Map(rooms.map((room) => [room, []]));
  }

  append({ room, ...message }: NewMessage): Placed {
    const key = `${message.from} ${message.id}`;
    const known = message.id === undefined ? undefined : this.#sent.get(key);
    if (known !== undefined) return known;
    const list = this.rooms.get(room) ?? [];
    const seq = (list.length + 1) as Seq;
    list.push({ seq, ...message });
    const placed = { room, seq, time: message.time, fresh: true };
    this.#sent.set(key, { ...placed, fresh: false });
    return placed;
  }
}

/** What every store must do: called by the test of each implementation. */
export function describeStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const fill = (count: number, more: Partial<NewMessage> = {}): Promise<Placed[]> =>
      Promise.all(Array.from({ length: count }, (_, i) => store.append(newMessage(`${i + 1}`, more))));

    describe('messages', () => {
      test('get the places 1, 2, 3 … in the order of the calls', async () => {
        const placed = await fill(5);
        expect(placed.map((p) => p.seq)).toEqual([1, 2, 3, 4, 5]);
        expect(placed[0]).toEqual({ room: LOBBY, seq: 1, time: 1000, fresh: true });
        expect(texts(await store.history(LOBBY, NEWEST, 10, PLENTY))).toEqual(['1', '2', '3', '4', '5']);
      });

      test('are counted in each room by itself', async () => {
        await store.createRoom(DEV, at(1));
        const placed = await Promise.all([
          store.append(newMessage('a')),
          store.append(newMessage('b', { room: DEV })),
          store.append(newMessage('c')),
        ]);
        expect(placed.map((p) => [p.room, p.seq])).toEqual([
          [LOBBY, 1],
          [DEV, 1],
          [LOBBY, 2],
        ]);
        expect(texts(await store.history(DEV, NEWEST, 10, PLENTY))).toEqual(['b']);
      });

      test('settle in the order of the calls, also those of different moments', async () => {
        const order: number[] = [];
        const calls: Promise<void>[] = [];
        const call = async (i: number): Promise<void> => {
          await store.append(newMessage('x', i % 3 === 0 ? withId(`${i % 9}`) : {}));
          order.push(i);
        };
        for (let i = 0; i < 300; i++) {
          calls.push(call(i));
          if (i % 10 === 9) await setImmediate();
        }
        await Promise.all(calls);
        expect(order).toEqual(order.toSorted((x, y) => x - y));
      });

      test('go on from where they were after a reopening', async () => {
        await fill(3);
        await reopen();
        expect(await store.append(newMessage('4'))).toMatchObject({ seq: 4, fresh: true });
        expect(texts(await store.history(LOBBY, NEWEST, 10, PLENTY))).toEqual(['1', '2', '3', '4']);
      });

      test('to a room that is not there are refused, and nobody else with them', async () => {
        const [first, lost, second] = await Promise.allSettled([
          store.append(newMessage('a')),
          store.append(newMessage('b', { room: '#nowhere' as RoomName })),
          store.append(newMessage('c')),
        ]);
        expect(first).toMatchObject({ status: 'fulfilled', value: { seq: 1 } });
        expect(lost).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'failed' } });
        expect(second).toMatchObject({ status: 'fulfilled', value: { seq: 2 } });
      });

      test('keep every character', async () => {
        const odd = [
          '\u0000 nul \u0000',
          "'; DROP TABLE messages; --",
          '👩‍👩‍👧 日本語 \u202e',
          '\u001b[31m',
          'x'.repeat(8192),
        ];
        await Promise.all(odd.map((text) => store.append(newMessage(text))));
        expect(texts(await store.history(LOBBY, NEWEST, 10, PLENTY))).toEqual(odd);
      });
    });

    describe('a message that is sent again', () => {
      test('has the place of the first, and is stored once', async () => {
        const first = await store.append(newMessage('hi', withId('a')));
        const again = await store.append(newMessage('hi', { ...withId('a'), time: at(2000) }));
        expect(again).toEqual({ ...first, fresh: false });
        expect(texts(await store.history(LOBBY, NEWEST, 10, PLENTY))).toEqual(['hi']);
      });

      test('in the same moment takes no place', async () => {
        const placed = await Promise.all([
          store.append(newMessage('hi', withId('a'))),
          store.append(newMessage('hi', withId('a'))),
          store.append(newMessage('ho', withId('b'))),
        ]);
        expect(placed.map((p) => [p.seq, p.fresh])).toEqual([
          [1, true],
          [1, false],
          [2, true],
        ]);
      });

      test('is known after a reopening', async () => {
        await store.append(newMessage('hi', withId('a')));
        await reopen();
        expect(await store.append(newMessage('hi', withId('a')))).toMatchObject({ seq: 1, fresh: false });
      });

      test('to another room is where it was first', async () => {
        await store.createRoom(DEV, at(1));
        await store.append(newMessage('hi', withId('a')));
        const again = await store.append(newMessage('hi', { ...withId('a'), room: DEV, time: at(9) }));
        expect(again).toEqual({ room: LOBBY, seq: 1, time: 1000, fresh: false });
      });

      test('by somebody else with the same id is another message', async () => {
        await store.append(newMessage('hi', withId('a')));
        const other = await store.append(newMessage('hi', { ...withId('a'), from: bob }));
        expect(other).toMatchObject({ seq: 2, fresh: true });
      });

      test('without an id is another message', async () => {
        expect((await fill(2)).map((p) => p.fresh)).toEqual([true, true]);
      });
    });

    describe('history', () => {
      test('gives what was appended, with the id where there was one', async () => {
        await store.append(newMessage('a'));
        await store.append(newMessage('b', { ...withId('x-1'), from: bob, time: at(7) }));
        expect(await store.history(LOBBY, NEWEST, 10, PLENTY)).toEqual({
          messages: [
            { seq: 1, from: 'alice', text: 'a', time: 1000 },
            { seq: 2, from: 'bob', text: 'b', time: 7, id: 'x-1' },
          ],
          more: false,
        });
      });

      test.each([
        ['the newest of more', NEWEST, 3, [8, 9, 10], true],
        ['the newest, all of them exactly', NEWEST, 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false],
        ['those before a place', before(8), 3, [5, 6, 7], true],
        ['the first ones, exactly', before(4), 3, [1, 2, 3], false],
        ['nothing before the first', before(1), 3, [], false],
        ['nothing before nothing', before(0), 3, [], false],
        ['all before a place far ahead', before(Number.MAX_SAFE_INTEGER), 2, [9, 10], true],
        ['those since a place', since(4), 3, [5, 6, 7], true],
        ['the last ones, exactly', since(7), 3, [8, 9, 10], false],
        ['all since the beginning', since(0), 4, [1, 2, 3, 4], true],
        ['nothing since the newest', since(10), 3, [], false],
        ['nothing since a place far ahead', since(Number.MAX_SAFE_INTEGER), 3, [], false],
      ] as const)('pages: %s', async (_, page, limit, seqs, more) => {
        await store.createRoom(DEV, at(1));
        await fill(10);
        // Neighbours, which no page may reach into.
        await fill(10, { room: DEV });
        const found = await store.history(LOBBY, page, limit, PLENTY);
        expect({ seqs: found.messages.map((m) => m.seq), more: found.more }).toEqual({ seqs, more });
      });

      test('ends a page where its bytes end, at the side asked for', async () => {
        await fill(10);
        const one = Buffer.byteLength(JSON.stringify({ seq: 1, from: 'alice', text: '1', time: 1000 })) + 1;
        const newest = await store.history(LOBBY, before(10), 10, one * 3);
        expect({ ...newest, messages: texts(newest) }).toEqual({ messages: ['7', '8', '9'], more: true });
        const oldest = await store.history(LOBBY, since(0), 10, one * 3 + one - 1);
        expect({ ...oldest, messages: texts(oldest) }).toEqual({ messages: ['1', '2', '3'], more: true });
      });

      test('counts bytes, not characters', async () => {
        await Promise.all(Array.from({ length: 4 }, () => store.append(newMessage('日'.repeat(100)))));
        expect((await store.history(LOBBY, NEWEST, 10, 800)).messages).toHaveLength(2);
      });

      test('gives one message even where that is too long', async () => {
        await fill(2, { text: 'x'.repeat(1000) });
        expect(await store.history(LOBBY, NEWEST, 10, 1)).toMatchObject({ messages: [{ seq: 2 }], more: true });
      });

      test('of an empty room, or none, is empty', async () => {
        const nothing = { messages: [], more: false };
        expect(await store.history(LOBBY, NEWEST, 10, PLENTY)).toEqual(nothing);
        expect(await store.history('#nowhere' as RoomName, NEWEST, 10, PLENTY)).toEqual(nothing);
      });
    });

    describe('calls in one moment', () => {
      test('are done in their order, whatever they are', async () => {
        const [, placed, then, , later, rooms] = await Promise.all([
          store.createRoom(DEV, at(1)),
          store.append(newMessage('a', { room: DEV })),
          store.history(DEV, NEWEST, 10, PLENTY),
          store.append(newMessage('b', { room: DEV })),
          store.history(DEV, NEWEST, 10, PLENTY),
          store.rooms(),
          store.append(newMessage('c', { room: DEV })),
        ]);
        expect(placed.seq).toBe(1);
        expect([texts(then), texts(later)]).toEqual([['a'], ['a', 'b']]);
        expect(rooms.find((r) => r.name === DEV)?.last).toBe(2);
      });
    });

    describe('rooms', () => {
      test('there is #lobby from the start', async () => {
        expect(await store.rooms()).toEqual([{ name: '#lobby', topic: '', last: 0, rev: 0, slow: 0, closed: false }]);
      });

      test('last, with their topics and their ends', async () => {
        await store.createRoom(DEV, at(1));
        await store.setTopic(DEV, 'releases on Thursday', alice, at(2));
        await fill(3, { room: DEV });
        await reopen();
        expect(await store.rooms()).toEqual([
          { name: '#lobby', topic: '', last: 0, rev: 0, slow: 0, closed: false },
          { name: '#dev', topic: 'releases on Thursday', last: 3, rev: 0, slow: 0, closed: false },
        ]);
      });

      test('made twice are as they were', async () => {
        await store.createRoom(DEV, at(1));
        await store.setTopic(DEV, 'kept', alice, at(2));
        await store.append(newMessage('a', { room: DEV }));
        await store.createRoom(DEV, at(3));
        expect(await store.rooms()).toContainEqual({
          name: '#dev',
          topic: 'kept',
          last: 1,
          rev: 0,
          slow: 0,
          closed: false,
        });
      });

      test('that are not there have no topic and no member', async () => {
        const nowhere = '#nowhere' as RoomName;
        await expect(store.setTopic(nowhere, 'x', alice, at(1))).rejects.toMatchObject({ code: 'failed' });
        await expect(store.addMember(nowhere, alice, at(1))).rejects.toMatchObject({ code: 'failed' });
        await store.removeMember(nowhere, alice);
      });
    });

    describe('memberships', () => {
      test('last, each once, until they end', async () => {
        await store.createRoom(DEV, at(1));
        await Promise.all([
          store.addMember(DEV, alice, at(2)),
          store.addMember(DEV, alice, at(3)),
          store.addMember(DEV, bob, at(3)),
        ]);
        await store.removeMember(DEV, bob);
        await store.removeMember(DEV, bob);
        await reopen();
        expect(await store.memberships()).toEqual([{ room: DEV, user: alice }]);
      });
    });

    describe('accounts', () => {
      const account = (uid: number, name: UserName, lastSeen = 1): Parameters<Store['saveAccount']>[0] => ({
        name,
        uid,
        lastSeen: at(lastSeen),
      });

      test('last, and move when they were seen', async () => {
        await store.saveAccount(account(1001, alice));
        await store.saveAccount(account(1002, bob));
        await store.saveAccount(account(1001, alice, 5));
        await reopen();
        expect(await store.accounts()).toEqual([account(1001, alice, 5), account(1002, bob)]);
      });

      test('keep their memberships when the host renames them', async () => {
        await store.createRoom(DEV, at(1));
        await store.saveAccount(account(1001, alice));
        await store.addMember(DEV, alice, at(2));
        await store.saveAccount(account(1001, 'alicia' as UserName));
        expect(await store.accounts()).toEqual([account(1001, 'alicia' as UserName)]);
        expect(await store.memberships()).toEqual([{ room: DEV, user: 'alicia' }]);
      });

      test('that get a login which was somebody else’s get nothing of theirs', async () => {
        await store.createRoom(DEV, at(1));
        await store.saveAccount(account(1001, alice));
        await store.addMember(DEV, alice, at(2));
        await store.saveAccount(account(1009, alice));
        expect(await store.accounts()).toEqual([account(1009, alice)]);
        expect(await store.memberships()).toEqual([]);
      });
    });

    describe('closing', () => {
      test('finishes what was asked for', async () => {
        const asked = fill(1000);
        await store.close();
        expect((await asked).at(-1)).toMatchObject({ seq: 1000, fresh: true });
        store = await place.open();
        expect((await store.rooms())[0]?.last).toBe(1000);
      });

      test('twice is the same as once, and after it every call is refused', async () => {
        await Promise.all([store.close(), store.close()]);
        await store.close();
        await expect(store.append(newMessage('late'))).rejects.toMatchObject({ name: 'StoreError', code: 'failed' });
        await expect(store.rooms()).rejects.toMatchObject({ code: 'failed' });
      });
    });

    test('random appends, repeated ids, rooms and reopenings leave what a simple model says', async () => {
      const rooms = [LOBBY, DEV, '#ops' as RoomName];
      const command = fc.oneof(
        {
          weight: 20,
          arbitrary: fc.record({
            room: fc.constantFrom(...rooms),
            from: fc.constantFrom(alice, bob),
            id: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { nil: undefined }),
            text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
          }),
        },
        { weight: 2, arbitrary: fc.constant('wait' as const) },
        { weight: 1, arbitrary: fc.constant('reopen' as const) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (commands) => {
          const own = await makePlace();
          let it = await own.open();
          const model = new Model(rooms);
          let pending: { readonly got: Promise<Placed>; readonly due: Placed }[] = [];
          const settle = async (): Promise<void> => {
            for (const { got, due } of pending) expect(await got).toEqual(due);
            pending = [];
          };
          try {
            for (const room of rooms) await it.createRoom(room, at(1));
            for (const [i, step] of commands.entries()) {
              if (step === 'wait') await settle();
              else if (step === 'reopen') {
                await it.close();
                await settle();
                it = await own.open();
              } else {
                const { room, from, text, id } = step;
                const message = { room, from, text, time: at(i), ...(id === undefined ? {} : withId(id)) };
                pending.push({ got: it.append(message), due: model.append(message) });
              }
            }
            await settle();
            for (const [room, messages] of model.rooms)
              expect(await it.history(room, NEWEST, 100, PLENTY)).toEqual({ messages, more: false });
          } finally {
            await it.close();
            await own.remove();
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
