import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { readWords } from '../../../src/server/core/search-words.ts';
import {
  type Found,
  MAX_WAITING_SEARCHES,
  type NewChange,
  type NewMessage,
  type Search,
  type SearchPlace,
  type Store,
} from '../../../src/server/store/store.ts';
import { newMessage, type StorePlace } from './conformance.ts';
import { ModelMessages } from './model-messages.ts';

const LOBBY = '#lobby' as RoomName;
const DEV = '#dev' as RoomName;
const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const PLENTY = 1_000_000;
const LIMITS = { emoji: 20, reactions: 100 };
const at = (ms: number): UnixMs => ms as UnixMs;
const NAUGHTY: readonly string[] = JSON.parse(
  readFileSync(new URL('../../data/naughty-strings.json', import.meta.url), 'utf8'),
);

const newSearch = (more: Partial<Search>): Search => ({
  rooms: [LOBBY],
  phrases: [],
  prefix: false,
  limit: 100,
  maxBytes: PLENTY,
  ...more,
});

/** As people type it. */
function typed(words: string, more: Partial<Search> = {}): Search {
  const read = readWords(words);
  if (read === undefined) throw new Error(`nothing to search for in ${words}`);
  return newSearch({ ...read, ...more });
}

/** Of any characters, well-formed or not. */
const anyText = fc.array(fc.nat({ max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units));

const withoutPlace = ({ before: _before, ...search }: Search): Search => search;

/** What words are, and that nothing else is in a search: all in one store, in rooms of their own. */
export function describeWords(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of words`, () => {
    let place: StorePlace;
    let store: Store;
    let roomCount = 0;
    beforeAll(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterAll(async () => {
      await store.close();
      await place.remove();
    });
    const newRoom = async (): Promise<RoomName> => {
      roomCount += 1;
      const room = `#room${roomCount}` as RoomName;
      await store.createRoom(room, at(1));
      return room;
    };
    const say = (text: string, more: Partial<NewMessage> = {}) => store.append(newMessage(text, more));
    const find = async (search: Search): Promise<Found> => {
      const found = await store.search(search);
      if (found === 'busy') throw new Error('busy');
      return found;
    };
    const textsOf = async (search: Search): Promise<string[]> => (await find(search)).messages.map(({ text }) => text);

    describe('words', () => {
      test.each([
        ['one of them', 'the build is green again', 'green', true],
        ['all of them, in any order', 'the build is green again', 'again build', true],
        ['not all of them', 'the build is green again', 'green red', false],
        ['in any case', 'The Build', 'the BUILD', true],
        ['in Greek, with its two small sigmas', 'ΟΔΟΣ', 'οδος', true],
        ['in Cyrillic, in any case', 'СБОРКА зелёная', 'сборка', true],
        ['without accents', 'el año café naïve Éclair', 'ano cafe naive eclair', true],
        ['with accents that are not there', 'ano', 'año', true],
        ['accents that are characters of their own', 'cafe\u0301', 'café', true],
        ['a part of one', 'deployment', 'ploy', false],
        ['the beginning of one, of the last', 'new deployment', 'new dep', true],
        ['the beginning of one, not of the last', 'new deployment', 'dep new', false],
        ['a beginning that is too short', 'new deployment', 'new de', false],
        ['a beginning in quotes', 'new deployment', '"dep"', false],
        ['a beginning before who', 'deployment', 'dep from:alice', true],
        ['a phrase', 'the build is green again', '"build is green"', true],
        ['a phrase in another order', 'the build is green again', '"green is build"', false],
        ['a phrase whose quote is missing', 'the build is green again', '"build is', true],
        ['a phrase and a word', 'the build is green again', '"is green" build', true],
        ['signs inside count as blanks', 'see foo-bar/baz.ts', 'foo-bar baz', true],
        ['of a name with signs', 'the foo.bar module', '"foo bar"', true],
        ['signs alone count for nothing', 'green', '-- green !!', true],
        ['digits', 'error 4012 again', '4012', true],
        ['an identifier', 'MAX_QUERY_BYTES', 'query', true],
        ['a hash tag', 'see #dev', '#dev', true],
        ['Chinese, two characters of many', '服务器今天又坏了', '今天', true],
        ['Chinese, one character', '服务器今天又坏了', '坏', true],
        ['Chinese, not in this order', '服务器今天又坏了', '天今', false],
        ['Chinese, outside the Basic Multilingual Plane', '𠮷野家で昼ご飯', '𠮷野', true],
        ['Chinese close to other words', '用TypeScript写的', 'typescript', true],
        ['Japanese, half wide', 'ｻｰﾊﾞｰが落ちた', 'サーバー', true],
        ['Japanese, a piece of a word', 'デプロイしました', 'プロイ', true],
        ['Korean, without its ending', '서버가 죽었어요', '서버', true],
        ['Thai, inside a sentence', 'เซิร์ฟเวอร์ล่มอีกแล้ว', 'ล่ม', true],
        ['Thai, another tone', 'เซิร์ฟเวอร์ล่มอีกแล้ว', 'ล้ม', false],
        ['Khmer', 'ម៉ាស៊ីនមេគាំង', 'គាំង', true],
        ['Burmese', 'ဆာဗာပျက်နေတယ်', 'ပျက်', true],
        ['Lao', 'ເຊີບເວີລົ້ມ', 'ລົ້ມ', true],
        ['Hindi, a whole word', 'सर्वर फिर बंद', 'फिर', true],
        ['Hindi, with another vowel', 'सर्वर फिर बंद', 'फर', false],
        ['Arabic', 'الخادم متوقف', 'متوقف', true],
        ['wide letters', 'ＡＢＣ', 'abc', true],
        ['an emoji', 'done 🎉', '🎉', true],
        ['an emoji close to a word, and the word', 'done🎉', 'done', true],
        ['an emoji of many', '🎉🎉🔥', '🔥', true],
        ['an emoji with a colour that the search has not', '👍🏽 fine', '👍', true],
        ['an emoji drawn in another way', 'I ❤ it', '❤️', true],
      ])('are found: %s', async (_, text, words, isFound) => {
        const room = await newRoom();
        await say('something else', { room });
        await say(text, { room });
        expect(await textsOf(typed(words, { rooms: [room] }))).toEqual(isFound ? [text] : []);
      });

      test('that are none find nothing', async () => {
        const rooms = [await newRoom()];
        await say('a -- b', { room: rooms[0] ?? LOBBY });
        expect(await find(newSearch({ rooms, phrases: ['--', '!!'] }))).toEqual({ messages: [] });
        expect(await find(newSearch({ rooms }))).toEqual({ messages: [] });
      });

      test('by somebody: only theirs, in any case, and no other name with the same words', async () => {
        const room = await newRoom();
        for (const from of ['alice', 'bob', '~alice', 'alice.b', '___', 'bob'])
          await say('hi', { room, from: from as UserName });
        const by = async (words: string) =>
          (await find(typed(words, { rooms: [room] }))).messages.map(({ seq, from }) => `${seq} ${from}`);
        expect(await by('hi from:alice')).toEqual(['1 alice']);
        expect(await by('hi from:ALICE')).toEqual(['1 alice']);
        expect(await by('from:~alice hi')).toEqual(['3 ~alice']);
        expect(await by('from:alice.b')).toEqual(['4 alice.b']);
        expect(await by('hi from:___')).toEqual(['5 ___']);
        expect(await by('from:@bob')).toEqual(['6 bob', '2 bob']);
        expect(await by('alice')).toEqual([]);
      });
    });

    describe('a hostile search', () => {
      const HOSTILE = [
        '"',
        '""',
        '"""',
        '*',
        'a*',
        '^a',
        'a b*',
        'NEAR(a b)',
        'a NEAR b',
        'a AND',
        'OR',
        'NOT a',
        'a NOT b',
        'text:a',
        '-text:a',
        '{text author}:a',
        'author : a',
        ': a',
        '(a',
        'a)',
        '((',
        "'",
        "';--",
        'a\0b',
        '\0',
        '"a" + "b"',
        'a + b',
        '\\"',
        'a"b',
        '\u2028',
        '\ufffe',
        '\ue000',
        'x'.repeat(256),
        'a '.repeat(128),
      ];

      test('is only words, whatever is in it', async () => {
        const room = await newRoom();
        await say('a text', { room });
        for (const words of [...HOSTILE, ...NAUGHTY])
          for (const phrases of [[words], ['a', words]]) {
            const found = await find(newSearch({ rooms: [room], phrases, prefix: true }));
            // It can only narrow what is found.
            expect(found.messages.length, words).toBeLessThanOrEqual(1);
          }
      });

      test('finds what its words say, and no more', async () => {
        const room = await newRoom();
        await Promise.all(
          ['alpha', 'beta', 'alpha beta', 'not alpha', 'near or and'].map((text) => say(text, { room })),
        );
        const found = async (words: string) => (await textsOf(typed(words, { rooms: [room] }))).sort();
        expect(await found('alpha OR beta')).toEqual([]);
        expect(await found('NOT alpha')).toEqual(['not alpha']);
        expect(await found('alpha NOT beta')).toEqual([]);
        expect(await found('text:alpha')).toEqual([]);
        expect(await found('near OR AND')).toEqual(['near or and']);
        expect(await found('NEAR(alpha beta)')).toEqual([]);
        expect(await found('al*')).toEqual([]);
      });

      test('of any characters at all is answered', async () => {
        const room = await newRoom();
        await say('a text with "quotes" and stars *', { room });
        await fc.assert(
          fc.asyncProperty(
            fc.array(
              fc.oneof(
                anyText,
                fc.string({
                  unit: fc.constantFrom('"', '*', '(', ')', ':', '^', '-', '+', '\\', '{', '}', ' ', 'a', '\0'),
                }),
                fc.constantFrom(...HOSTILE),
              ),
              { maxLength: 5 },
            ),
            fc.boolean(),
            fc.option(anyText, { nil: undefined }),
            async (phrases, prefix, from) => {
              const search = newSearch({ rooms: [room], phrases, prefix, ...(from === undefined ? {} : { from }) });
              expect((await find(search)).messages.length).toBeLessThanOrEqual(1);
            },
          ),
          { numRuns: 300 },
        );
      });
    });
  });
}

/** What every store must find: called by the test of each implementation. */
export function describeSearch(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store that is searched`, () => {
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
    const say = (text: string, more: Partial<NewMessage> = {}) => store.append(newMessage(text, more));
    const change = (seq: number, what: NewChange['what'], room = LOBBY) => {
      const made = { room, seq: seq as Seq, by: alice, time: at(2000), what, may: { kind: 'any' } } as const;
      return store.change(made, LIMITS, { time: at(1), by: alice, action: '', target: '', detail: '' });
    };
    const find = async (search: Search): Promise<Found> => {
      const found = await store.search(search);
      if (found === 'busy') throw new Error('busy');
      return found;
    };
    const textsOf = async (search: Search): Promise<string[]> => (await find(search)).messages.map(({ text }) => text);

    describe('what is found', () => {
      test('is as in history, with its room, the newest first', async () => {
        await store.createRoom(DEV, at(1));
        await say('green', { time: at(10) });
        await say('green too', { room: DEV, from: bob, time: at(20), re: 1 as Seq });
        await change(1, { kind: 'react', emoji: '👍', on: true });
        expect(await find(typed('green', { rooms: [LOBBY, DEV] }))).toEqual({
          messages: [
            { room: DEV, seq: 1, from: bob, text: 'green too', time: 20, re: 1 },
            {
              room: LOBBY,
              seq: 1,
              from: alice,
              text: 'green',
              time: 10,
              reactions: [{ emoji: '👍', users: [alice] }],
              rev: 1,
            },
          ],
        });
      });

      test('is only of the rooms asked for', async () => {
        await store.createRoom(DEV, at(1));
        await Promise.all([say('green'), say('green', { room: DEV })]);
        const rooms = async (...wanted: RoomName[]) =>
          (await find(typed('green', { rooms: wanted }))).messages.map(({ room }) => room);
        expect(await rooms(DEV)).toEqual([DEV]);
        expect(await rooms(LOBBY)).toEqual([LOBBY]);
        expect(await rooms('#nowhere' as RoomName, DEV)).toEqual([DEV]);
        expect(await rooms()).toEqual([]);
      });

      test('has an edit’s new words, and not its old ones', async () => {
        await Promise.all([say('helo wrld'), say('other')]);
        // Both before the message is in an index and after it.
        await change(1, { kind: 'edit', text: 'hello wrld' });
        expect(await textsOf(typed('helo'))).toEqual([]);
        expect(await textsOf(typed('hello'))).toEqual(['hello wrld']);
        await change(1, { kind: 'edit', text: '世界, hello world' });
        expect(await textsOf(typed('wrld'))).toEqual([]);
        await change(1, { kind: 'edit', text: 'hello world' });
        expect(await textsOf(typed('世'))).toEqual([]);
        await reopen();
        expect(await textsOf(typed('world'))).toEqual(['hello world']);
        expect(await textsOf(typed('wrld'))).toEqual([]);
      });

      test('is never what was deleted', async () => {
        await Promise.all([say('secret one'), say('secret two')]);
        await change(1, { kind: 'delete' });
        expect(await textsOf(typed('secret'))).toEqual(['secret two']);
        await change(2, { kind: 'delete' });
        expect(await textsOf(typed('secret'))).toEqual([]);
        await reopen();
        expect(await textsOf(typed('secret from:alice'))).toEqual([]);
        expect(await textsOf(typed('from:alice'))).toEqual([]);
      });

      test('has what was said in the same moment, before the search', async () => {
        const [, found] = await Promise.all([say('green'), store.search(typed('green'))]);
        expect(found).toMatchObject({ messages: [{ text: 'green' }] });
      });

      test('is all there after a reopening, in whatever state the index was left', async () => {
        const texts = Array.from({ length: 1500 }, (_, i) => `green ${i}`);
        await Promise.all(texts.map((text) => say(text)));
        await reopen();
        await find(typed('green', { limit: 1 }));
        await Promise.all(texts.map((text) => say(text)));
        await reopen();
        expect(await textsOf(typed('"green 1499"'))).toEqual(['green 1499', 'green 1499']);
        expect(await textsOf(typed('green', { limit: 5000, maxBytes: 10_000_000 }))).toHaveLength(3000);
      });
    });

    describe('pages', () => {
      /** All of them, one after the other. */
      async function pages(search: Search): Promise<Found['messages'][]> {
        const all: Found['messages'][] = [];
        for (let before: SearchPlace | undefined; ; ) {
          const found = await find(before === undefined ? search : { ...search, before });
          all.push(found.messages);
          before = found.before;
          if (before === undefined) return all;
        }
      }

      test('of one room follow one another without a gap', async () => {
        await Promise.all(Array.from({ length: 10 }, (_, i) => say(i % 2 === 0 ? `green ${i}` : `red ${i}`)));
        const found = await pages(typed('green', { limit: 2 }));
        expect(found.map((page) => page.map(({ seq }) => seq))).toEqual([[9, 7], [5, 3], [1]]);
      });

      test('the last one says that it is, also where it is full', async () => {
        await Promise.all(Array.from({ length: 4 }, () => say('green')));
        expect((await pages(typed('green', { limit: 2 }))).map(({ length }) => length)).toEqual([2, 2]);
        expect((await find(typed('green', { limit: 4 }))).before).toBeUndefined();
      });

      test('of several rooms follow one another by time, also where that is the same', async () => {
        const rooms = [LOBBY, DEV, '#ops' as RoomName];
        await Promise.all(rooms.map((room) => store.createRoom(room, at(1))));
        for (let i = 0; i < 30; i++)
          await say('green', { room: rooms[(i * i) % 3] ?? LOBBY, time: at(Math.floor(i / 4)) });
        for (const limit of [1, 2, 7]) {
          const found = (await pages(typed('green', { rooms, limit }))).flat();
          expect(found).toHaveLength(30);
          expect(new Set(found.map(({ room, seq }) => `${room} ${seq}`)).size).toBe(30);
          expect(found.map(({ time }) => time)).toEqual(found.map(({ time }) => time).toSorted((a, b) => b - a));
        }
      });

      test('end where their bytes end, with one message at least', async () => {
        await Promise.all(Array.from({ length: 5 }, () => say(`green ${'x'.repeat(500)}`)));
        expect((await pages(typed('green', { maxBytes: 1300 }))).map(({ length }) => length)).toEqual([2, 2, 1]);
        expect((await pages(typed('green', { maxBytes: 1 }))).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
      });

      test('of a room whose clock was set back have each message once', async () => {
        for (const time of [100, 200, 50, 60, 300]) await say('green', { time: at(time) });
        const found = (await pages(typed('green', { limit: 2 }))).flat();
        expect(found.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
      });

      test('go on from a place that was never given without a fault', async () => {
        await Promise.all([say('green'), store.createRoom(DEV, at(1)), say('green', { room: DEV })]);
        for (const time of [0, 1000, 8_640_000_000_000_000])
          for (const n of [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33 + 7, Number.MAX_SAFE_INTEGER])
            expect(
              (await find(typed('green', { rooms: [LOBBY, DEV], before: { time: at(time), n } }))).messages.length,
            ).toBeLessThanOrEqual(2);
      });
    });

    test('too many searches at once are turned away, and the others are answered', async () => {
      await say('green');
      const came = await Promise.all(
        Array.from({ length: MAX_WAITING_SEARCHES + 3 }, () => store.search(typed('green'))),
      );
      expect(came.filter((one) => one === 'busy')).toHaveLength(3);
      expect(came[0]).toMatchObject({ messages: [{ text: 'green' }] });
      expect(await textsOf(typed('green'))).toEqual(['green']);
    });

    test('while a search is under way appends go on, and close waits for nothing but calls', async () => {
      await Promise.all(Array.from({ length: 5000 }, (_, i) => say(`green ${i}`)));
      const order: string[] = [];
      const search = store.search(typed('green', { limit: 1 })).then(() => order.push('search'));
      await say('red').then(() => order.push('append'));
      await search;
      expect(order).toEqual(['append', 'search']);
      const [late] = await Promise.allSettled([store.search(typed('green')), store.close()]);
      expect(['fulfilled', 'rejected']).toContain(late.status);
    });

    test('random messages, changes, reopenings and searches find what a simple model finds', async () => {
      const text = fc.array(fc.constantFrom('red', 'green', 'greenish', 'blue', 'no'), { minLength: 1, maxLength: 5 });
      const joined = text.map((words) => words.join(' '));
      type Move =
        | { readonly do: 'say'; readonly text: string; readonly room: RoomName; readonly later: number }
        | { readonly do: 'edit' | 'delete'; readonly text: string; readonly room: RoomName; readonly seq: number }
        | { readonly do: 'search'; readonly phrases: readonly string[]; readonly prefix: boolean; readonly by: boolean }
        | { readonly do: 'reopen' };
      const room = fc.constantFrom(LOBBY, DEV);
      const move: fc.Arbitrary<Move> = fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record({ do: fc.constant('say' as const), text: joined, room, later: fc.nat({ max: 2 }) }),
        },
        {
          weight: 4,
          arbitrary: fc.record({
            do: fc.constantFrom('edit' as const, 'delete' as const),
            text: joined,
            room,
            seq: fc.integer({ min: 1, max: 10 }),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant('search' as const),
            phrases: fc.array(
              fc.oneof(
                fc.constantFrom('gre', 'gree', 'green', 'bl', 'red'),
                text.map((words) => words.slice(0, 2).join(' ')),
              ),
              { minLength: 1, maxLength: 2 },
            ),
            prefix: fc.boolean(),
            by: fc.boolean(),
          }),
        },
        { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 50 }), async (moves) => {
          await store.close();
          await place.remove();
          place = await makePlace();
          store = await place.open();
          await store.createRoom(DEV, at(1));
          const model = new ModelMessages();
          let time = 1000;
          for (const [i, next] of moves.entries()) {
            switch (next.do) {
              case 'say': {
                time += next.later;
                const message = { room: next.room, from: i % 2 === 0 ? alice : bob, text: next.text, time: at(time) };
                model.append(message);
                await store.append(message);
                break;
              }
              case 'edit':
              case 'delete': {
                const what =
                  next.do === 'edit' ? ({ kind: 'edit', text: next.text } as const) : ({ kind: 'delete' } as const);
                const made = {
                  room: next.room,
                  seq: next.seq as Seq,
                  by: alice,
                  time: at(2000),
                  what,
                  may: { kind: 'any' },
                } as const;
                model.change(made, LIMITS);
                await change(next.seq, what, next.room);
                break;
              }
              case 'search': {
                const more = next.by ? { from: 'ALICE' } : {};
                const search = newSearch({ rooms: [LOBBY, DEV], phrases: next.phrases, prefix: next.prefix, ...more });
                const sorted = ({ messages }: Found) =>
                  messages.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();
                expect(sorted(await find(search))).toEqual(sorted(model.search(search)));
                let rest: Search | undefined = { ...search, limit: 2 };
                const all: Found['messages'][number][] = [];
                while (rest !== undefined) {
                  const found: Found = await find(rest);
                  all.push(...found.messages);
                  rest = found.before === undefined ? undefined : { ...withoutPlace(rest), before: found.before };
                }
                expect(sorted({ messages: all })).toEqual(sorted(model.search(search)));
                break;
              }
              case 'reopen':
                await reopen();
            }
          }
        }),
        { numRuns: 15 },
      );
    }, 60_000);
  });
}
