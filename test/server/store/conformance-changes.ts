import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { AuditEntry, NewChange, NewMessage, Page, Store } from '../../../src/server/store/store.ts';
import { newMessage, type StorePlace } from './conformance.ts';
import { ModelMessages } from './model-messages.ts';

const LOBBY = '#lobby' as RoomName;
const DEV = '#dev' as RoomName;
const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const root = 'root' as UserName;
const guest = '~carol' as UserName;
const NEWEST: Page = { kind: 'newest' };
const PLENTY = 1_000_000;
const LIMITS = { emoji: 3, reactions: 5 };
const at = (ms: number): UnixMs => ms as UnixMs;
const changesAfter = (rev: number): Page => ({ kind: 'changes', rev });
const around = (seq: number): Page => ({ kind: 'around', seq: seq as Seq });

const auditOf = ({ by, room, seq, time, what }: NewChange): AuditEntry => ({
  time,
  by,
  action: what.kind,
  target: `${room} ${seq}`,
  detail: '',
});

/** Of alice's own message, unless it says otherwise. */
function newChange(what: NewChange['what'], more: Partial<NewChange> & { readonly seq?: Seq } = {}): NewChange {
  return {
    room: LOBBY,
    seq: 1 as Seq,
    by: alice,
    time: at(2000),
    what,
    may: { kind: 'own', after: 0 as Seq },
    ...more,
  };
}

const edit = (text: string): NewChange['what'] => ({ kind: 'edit', text });
const REMOVE: NewChange['what'] = { kind: 'delete' };
const react = (emoji: string, on = true): NewChange['what'] => ({ kind: 'react', emoji, on });
const seqOf = (seq: number): { seq: Seq } => ({ seq: seq as Seq });

/** What every store must do with messages that change: called by the test of each implementation. */
export function describeChanges(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of changes`, () => {
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
    const change = (made: NewChange) => store.change(made, LIMITS, auditOf(made));
    const say = (text: string, more: Partial<NewMessage> = {}) => store.append(newMessage(text, more));
    const all = async () => (await store.history(LOBBY, NEWEST, 100, PLENTY)).messages;

    describe('a reply', () => {
      test('keeps the place of what it answers, between messages that answer nothing', async () => {
        const re = 1 as Seq;
        await Promise.all([say('a'), say('b', { re, id: 'x' as ClientId }), say('c'), say('d', { re })]);
        // Sent again it takes no place, and neither does what it answers.
        await Promise.all([say('b', { re, id: 'x' as ClientId }), say('e')]);
        await reopen();
        expect((await all()).map(({ text, re: answered }) => [text, answered])).toEqual([
          ['a', undefined],
          ['b', 1],
          ['c', undefined],
          ['d', 1],
          ['e', undefined],
        ]);
      });
    });

    describe('an edit', () => {
      test('replaces the text, keeps all else, and lasts', async () => {
        await say('helo', { id: 'x' as ClientId });
        expect(await change(newChange(edit('hello')))).toEqual({
          kind: 'changed',
          rev: 1,
          author: alice,
          fields: { text: 'hello', edited: 2000 },
        });
        await reopen();
        expect(await all()).toEqual([
          { seq: 1, from: alice, text: 'hello', time: 1000, id: 'x', edited: 2000, rev: 1 },
        ]);
      });

      test('to the same text changes nothing, and says what is', async () => {
        await say('hello');
        const same = newChange(edit('hello'));
        expect(await change(same)).toEqual({ kind: 'same', rev: 0, author: alice, fields: { text: 'hello' } });
        await change(newChange(edit('hello!')));
        expect(await change(newChange(edit('hello!'), { time: at(3000) }))).toEqual({
          kind: 'same',
          rev: 1,
          author: alice,
          fields: { text: 'hello!', edited: 2000 },
        });
        expect((await store.rooms())[0]).toMatchObject({ rev: 1 });
      });

      test('of a message that is sent again later leaves it what it is', async () => {
        await say('helo', { id: 'x' as ClientId });
        await change(newChange(edit('hello')));
        expect(await say('helo', { id: 'x' as ClientId })).toMatchObject({ seq: 1, fresh: false });
        expect(await all()).toMatchObject([{ text: 'hello' }]);
      });
    });

    describe('who may', () => {
      test.each([
        ['edit', edit('mine now')],
        ['delete', REMOVE],
      ] as const)('%s: only its author', async (_, what) => {
        await say('hi');
        expect(await change(newChange(what, { by: bob }))).toEqual({ kind: 'not_yours' });
        expect(await all()).toEqual([{ seq: 1, from: alice, text: 'hi', time: 1000 }]);
      });

      test('nobody may what stands before they came', async () => {
        await Promise.all([say('theirs', { from: guest }), say('mine', { from: guest })]);
        const may = { kind: 'own', after: 1 as Seq } as const;
        expect(await change(newChange(edit('x'), { by: guest, may }))).toEqual({ kind: 'not_yours' });
        expect(await change(newChange(edit('x'), { by: guest, may, ...seqOf(2) }))).toMatchObject({ kind: 'changed' });
      });

      test('whoever gets a name that was somebody else’s gets none of their messages', async () => {
        await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(1) });
        await Promise.all([say('of 1001'), store.createRoom(DEV, at(1)), say('of 1001', { room: DEV })]);
        // In one moment, so that no place is in the table of rooms yet when the name goes.
        await Promise.all([say('of 1001'), store.saveAccount({ name: alice, uid: 1002, lastSeen: at(2) })]);
        await say('of 1002');
        for (const seq of [1, 2]) expect(await change(newChange(REMOVE, seqOf(seq)))).toEqual({ kind: 'not_yours' });
        expect(await change(newChange(REMOVE, { room: DEV }))).toEqual({ kind: 'not_yours' });
        expect(await change(newChange(edit('x'), seqOf(3)))).toMatchObject({ kind: 'changed' });
      });

      test('nor does whoever registers a name that somebody has left', async () => {
        await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(1) });
        await say('of 1001');
        await store.saveAccount({ name: 'alicia' as UserName, uid: 1001, lastSeen: at(2) });
        await store.register({ name: alice, password: '$argon2id$', time: at(3) });
        await reopen();
        expect(await change(newChange(REMOVE))).toEqual({ kind: 'not_yours' });
        await say('of the new one');
        expect(await change(newChange(REMOVE, seqOf(2)))).toMatchObject({ kind: 'changed' });
      });
    });

    describe('a deletion', () => {
      test('leaves the place, the author, the time and what it answered, and nothing else', async () => {
        await say('first');
        await say('secret', { re: 1 as Seq, id: 'x' as ClientId, time: at(1500) });
        await change(newChange(edit('secret!'), seqOf(2)));
        await change(newChange(react('👍'), { by: bob, ...seqOf(2) }));
        expect(await change(newChange(REMOVE, seqOf(2)))).toEqual({
          kind: 'changed',
          rev: 3,
          author: alice,
          fields: { deleted: true },
        });
        await reopen();
        expect((await all())[1]).toEqual({
          seq: 2,
          from: alice,
          text: '',
          time: 1500,
          id: 'x',
          re: 1,
          deleted: true,
          rev: 3,
        });
        expect(await say('secret', { id: 'x' as ClientId })).toMatchObject({ seq: 2, fresh: false });
      });

      test('is for good', async () => {
        await say('hi');
        await change(newChange(REMOVE));
        expect(await change(newChange(edit('back')))).toEqual({ kind: 'deleted' });
        expect(await change(newChange(react('👍')))).toEqual({ kind: 'deleted' });
        expect(await change(newChange(react('👍', false)))).toEqual({ kind: 'deleted' });
        expect(await change(newChange(REMOVE))).toEqual({
          kind: 'same',
          rev: 1,
          author: alice,
          fields: { deleted: true },
        });
      });

      test('of somebody else’s message by an operator is in the audit log, one of their own isn’t', async () => {
        await Promise.all([say('spam'), say('mine', { from: root })]);
        const may = { kind: 'any' } as const;
        const deletion = (seq: number) => newChange(REMOVE, { by: root, may, ...seqOf(seq) });
        expect(await change(deletion(1))).toMatchObject({ kind: 'changed', author: alice });
        expect(await change(deletion(1))).toMatchObject({ kind: 'same' });
        expect(await change(deletion(2))).toMatchObject({ kind: 'changed', author: root });
        await reopen();
        expect(await store.auditLog(10)).toEqual([
          { time: 2000, by: root, action: 'delete', target: '#lobby 1', detail: alice },
        ]);
      });
    });

    describe('reactions', () => {
      test('are listed by emoji, in the order in which they came', async () => {
        await say('lunch?');
        for (const [by, emoji] of [
          [bob, '🍕'],
          [alice, '👍'],
          [alice, '🍕'],
          [guest, '👍'],
        ] as const)
          await change(newChange(react(emoji), { by }));
        const reactions = [
          { emoji: '🍕', users: [bob, alice] },
          { emoji: '👍', users: [alice, guest] },
        ];
        await reopen();
        expect(await all()).toEqual([{ seq: 1, from: alice, text: 'lunch?', time: 1000, reactions, rev: 4 }]);
        expect(await change(newChange(react('👍', false)))).toEqual({
          kind: 'changed',
          rev: 5,
          author: alice,
          fields: {
            reactions: [
              { emoji: '🍕', users: [bob, alice] },
              { emoji: '👍', users: [guest] },
            ],
          },
        });
      });

      test('that are there already, or gone already, change nothing', async () => {
        await say('hi');
        const none = { kind: 'same', rev: 0, author: alice, fields: { reactions: [] } };
        expect(await change(newChange(react('👍', false)))).toEqual(none);
        await change(newChange(react('👍')));
        const there = { reactions: [{ emoji: '👍', users: [alice] }] };
        expect(await change(newChange(react('👍')))).toEqual({ kind: 'same', rev: 1, author: alice, fields: there });
        const gone = { kind: 'changed', rev: 2, author: alice, fields: { reactions: [] } };
        expect(await change(newChange(react('👍', false)))).toEqual(gone);
        expect(await all()).toEqual([{ seq: 1, from: alice, text: 'hi', time: 1000, rev: 2 }]);
      });

      test('have a limit of emoji, and one of all', async () => {
        await say('hi');
        for (const emoji of ['1️⃣', '2️⃣', '3️⃣']) await change(newChange(react(emoji)));
        expect(await change(newChange(react('4️⃣')))).toEqual({ kind: 'too_many_reactions' });
        for (const by of [bob, guest])
          expect(await change(newChange(react('1️⃣'), { by }))).toMatchObject({ kind: 'changed' });
        expect(await change(newChange(react('1️⃣'), { by: root }))).toEqual({ kind: 'too_many_reactions' });
        // Whoever takes one back makes room.
        await change(newChange(react('3️⃣', false)));
        expect(await change(newChange(react('4️⃣'), { by: root }))).toMatchObject({ kind: 'changed' });
      });
    });

    describe('what is not there', () => {
      test.each([
        ['before the first', LOBBY, 0],
        ['after the last', LOBBY, 2],
        ['far after it', LOBBY, Number.MAX_SAFE_INTEGER],
        ['in another room', DEV, 1],
        ['in a room that is not there', '#nowhere' as RoomName, 1],
      ])('has no change: %s', async (_, room, seq) => {
        await Promise.all([say('hi'), store.createRoom(DEV, at(1))]);
        for (const what of [edit('x'), REMOVE, react('👍')])
          expect(await change(newChange(what, { room, ...seqOf(seq) }))).toEqual({ kind: 'no_such_message' });
      });
    });

    describe('the number of a change', () => {
      test('is 1, 2, 3 … in each room, without gaps, and is known after a reopening', async () => {
        await store.createRoom(DEV, at(1));
        await Promise.all([say('a'), say('b'), say('c', { room: DEV })]);
        const revs = await Promise.all([
          change(newChange(react('👍'))),
          change(newChange(react('👍'), seqOf(2))),
          change(newChange(react('👍'), { room: DEV })),
          change(newChange(react('👍'), { seq: 9 as Seq })),
          change(newChange(react('👍'))),
          change(newChange(edit('b!'), seqOf(2))),
        ]);
        expect(revs.map((came) => ('rev' in came ? came.rev : came.kind))).toEqual([1, 2, 1, 'no_such_message', 1, 3]);
        await reopen();
        expect((await store.rooms()).map(({ rev }) => rev)).toEqual([3, 1]);
        expect(await change(newChange(REMOVE))).toMatchObject({ rev: 4 });
      });

      test('and the message are seen by what is asked in the same moment, each call what is before it', async () => {
        const [, , then, , later, rooms] = await Promise.all([
          say('a'),
          change(newChange(edit('b'))),
          store.history(LOBBY, NEWEST, 10, PLENTY),
          change(newChange(edit('c'))),
          store.history(LOBBY, NEWEST, 10, PLENTY),
          store.rooms(),
        ]);
        expect([then.messages, later.messages]).toMatchObject([[{ text: 'b', rev: 1 }], [{ text: 'c', rev: 2 }]]);
        expect(rooms[0]).toMatchObject({ last: 1, rev: 2 });
      });
    });

    describe('history', () => {
      const fill = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => say(`${i + 1}`)));
      const page = async (wanted: Page, limit: number, bytes = PLENTY) => {
        const { messages, ...rest } = await store.history(LOBBY, wanted, limit, bytes);
        return { seqs: messages.map(({ seq }) => seq), ...rest };
      };

      test('of changes has each message once, by its newest change', async () => {
        await fill(5);
        for (const seq of [4, 2, 4, 5, 2]) await change(newChange(edit(`${seq} ${Math.random()}`), seqOf(seq)));
        expect(await page(changesAfter(0), 10)).toEqual({ seqs: [4, 5, 2], more: false });
        expect(await page(changesAfter(3), 10)).toEqual({ seqs: [5, 2], more: false });
        expect(await page(changesAfter(0), 2)).toEqual({ seqs: [4, 5], more: true });
        expect(await page(changesAfter(5), 10)).toEqual({ seqs: [], more: false });
        expect(await page(changesAfter(Number.MAX_SAFE_INTEGER), 10)).toEqual({ seqs: [], more: false });
        expect(await page(changesAfter(0), 10, 1)).toEqual({ seqs: [4], more: true });
      });

      test('of changes ends with its room', async () => {
        await store.createRoom(DEV, at(1));
        await Promise.all([fill(1), say('x', { room: DEV })]);
        await change(newChange(edit('y'), { room: DEV }));
        expect(await page(changesAfter(0), 10)).toEqual({ seqs: [], more: false });
      });

      test.each([
        ['the middle', 5, 3, [4, 5, 6], true, true],
        ['the middle, of an even page', 5, 4, [4, 5, 6, 7], true, true],
        ['one message', 5, 1, [5], true, true],
        ['the beginning, filled up with newer ones', 1, 4, [1, 2, 3, 4], true, false],
        ['the end, filled up with older ones', 10, 4, [7, 8, 9, 10], false, true],
        ['all of it', 5, 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false, false],
        ['before the first', 0, 2, [1, 2], true, false],
        ['after the last', 99, 2, [9, 10], false, true],
        ['far after the last', Number.MAX_SAFE_INTEGER, 2, [9, 10], false, true],
      ] as const)('around a place: %s', async (_, seq, limit, seqs, more, moreOlder) => {
        await store.createRoom(DEV, at(1));
        await fill(10);
        // Neighbours, which no page may reach into.
        await Promise.all(Array.from({ length: 5 }, () => say('x', { room: DEV })));
        expect(await page(around(seq), limit)).toEqual({ seqs, more, moreOlder });
      });

      test('around a place has it, however long it is, and what else fits', async () => {
        await fill(3);
        await change(newChange(edit('x'.repeat(500)), seqOf(2)));
        expect(await page(around(2), 10, 10)).toEqual({ seqs: [2], more: true, moreOlder: true });
        expect(await page(around(2), 10, 700)).toEqual({ seqs: [1, 2, 3], more: false, moreOlder: false });
      });

      test('around a place of an empty room, or none, is empty', async () => {
        expect(await page(around(1), 10)).toEqual({ seqs: [], more: false, moreOlder: false });
        expect((await store.history('#nowhere' as RoomName, around(1), 10, PLENTY)).messages).toEqual([]);
      });

      test('counts the bytes of reactions', async () => {
        await fill(2);
        for (const by of [alice, bob, guest, root]) await change(newChange(react('👍'), { by, ...seqOf(2) }));
        const [one, two] = await all();
        const bytes = Buffer.byteLength(JSON.stringify(one)) + Buffer.byteLength(JSON.stringify(two)) + 2;
        expect((await store.history(LOBBY, NEWEST, 10, bytes)).messages).toHaveLength(2);
        expect((await store.history(LOBBY, NEWEST, 10, bytes - 1)).messages).toHaveLength(1);
      });
    });

    test('random messages, changes, renamed people and reopenings leave what a simple model says', async () => {
      const users = [alice, bob, guest];
      const rooms = [LOBBY, DEV];
      const anyChange: fc.Arbitrary<NewChange['what']> = fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c').map(edit) },
        { weight: 1, arbitrary: fc.constant(REMOVE) },
        {
          weight: 6,
          arbitrary: fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.boolean()).map(([emoji, on]) => react(emoji, on)),
        },
      );
      type Move =
        | { readonly do: 'say' | 'change'; readonly message: NewMessage; readonly made: NewChange }
        | { readonly do: 'reopen' | 'rename' };
      const move: fc.Arbitrary<Move> = fc.oneof(
        {
          weight: 30,
          arbitrary: fc.record({
            do: fc.constantFrom('say', 'change', 'change'),
            message: fc.record({
              room: fc.constantFrom(...rooms),
              from: fc.constantFrom(...users),
              text: fc.constantFrom('a', 'b', 'c'),
              time: fc.constant(at(1000)),
            }),
            made: fc.record({
              room: fc.constantFrom(...rooms),
              seq: fc.integer({ min: 0, max: 12 }).map((seq) => seq as Seq),
              by: fc.constantFrom(...users),
              time: fc.nat().map(at),
              what: anyChange,
              may: fc.oneof(
                fc.record({
                  kind: fc.constant('own' as const),
                  after: fc.constantFrom(0, 0, 3).map((seq) => seq as Seq),
                }),
                fc.constant({ kind: 'any' as const }),
              ),
            }),
          }),
        },
        { weight: 1, arbitrary: fc.constantFrom({ do: 'reopen' as const }, { do: 'rename' as const }) },
      );
      await store.createRoom(DEV, at(1));
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 20, maxLength: 80 }), async (moves) => {
          await store.close();
          await place.remove();
          place = await makePlace();
          store = await place.open();
          await store.createRoom(DEV, at(1));
          const model = new ModelMessages();
          let uid = 1000;
          await store.saveAccount({ name: alice, uid, lastSeen: at(1) });
          for (const next of moves) {
            switch (next.do) {
              case 'say':
                expect(await store.append(next.message)).toEqual(model.append(next.message));
                break;
              case 'change':
                expect(await change(next.made)).toEqual(model.change(next.made, LIMITS));
                break;
              case 'reopen':
                await reopen();
                break;
              case 'rename':
                model.loseName(alice);
                uid += 1;
                await store.saveAccount({ name: alice, uid, lastSeen: at(1) });
            }
          }
          for (const room of rooms)
            for (const wanted of [NEWEST, around(3), changesAfter(0), changesAfter(4)])
              for (const limit of [3, 100])
                expect(await store.history(room, wanted, limit, PLENTY), `${wanted.kind} ${limit}`).toEqual(
                  model.history(room, wanted, limit),
                );
        }),
        { numRuns: 15 },
      );
    }, 60_000);
  });
}
