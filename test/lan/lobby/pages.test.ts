/** Pages, changes and search, as the protocol has them. */
import { describe, expect, test } from 'vitest';
import type { PageWish } from '../../../src/lan/lobby/lobby.ts';
import { MAX_EMOJI, MAX_FRAME_BYTES } from '../../../src/protocol/limits.ts';
import { parse } from '../../../src/protocol/schema.ts';
import { serverMessage } from '../../../src/protocol/server-messages.ts';
import { all, at, id, type Person, person } from './world.ts';

const page = ({ lobby }: Person, wish: PageWish) => {
  const read = lobby.page(wish);
  if ('code' in read) throw new Error(read.text);
  return read;
};
const says = (one: Person, wish: PageWish): string[] => page(one, wish).messages.map(({ text }) => text);
const search = ({ lobby }: Person, words: string, more: { before?: string; limit?: number } = {}) => {
  const found = lobby.search({ words, ...more });
  if ('code' in found) throw new Error(found.code);
  return found;
};
const finds = (one: Person, words: string): string[] => search(one, words).messages.map(({ text }) => text);

function ten(): { alice: Person; seqs: number[] } {
  const alice = person('alice');
  for (let i = 0; i < 10; i++) alice.say(`${i}`);
  return { alice, seqs: all(alice.lobby).map(({ seq }) => seq) };
}

describe('pages', () => {
  test('the newest, those before and those after a place, in order, and whether there is more', () => {
    const { alice, seqs } = ten();
    expect(page(alice, { limit: 3 })).toMatchObject({
      more: true,
      messages: [{ text: '7' }, { text: '8' }, { text: '9' }],
    });
    expect(says(alice, { before: at(seqs[2]!), limit: 5 })).toEqual(['0', '1']);
    expect(page(alice, { before: at(seqs[2]!), limit: 5 }).more).toBe(false);
    expect(page(alice, { before: at(seqs[2]!), limit: 1 })).toMatchObject({ more: true, messages: [{ text: '1' }] });
    // Places between two messages, and beyond all of them, are places too.
    expect(says(alice, { since: at(seqs[6]! + 1) })).toEqual(['7', '8', '9']);
    expect(page(alice, { since: at(0), limit: 9 }).more).toBe(true);
    expect(page(alice, { since: at(seqs[9]!) })).toMatchObject({ messages: [], more: false });
    expect(says(alice, { before: at(Number.MAX_SAFE_INTEGER), limit: 1 })).toEqual(['9']);
  });

  test('around a place, with as much on both sides as there is', () => {
    const { alice, seqs } = ten();
    expect(page(alice, { around: at(seqs[4]!), limit: 4 })).toMatchObject({
      messages: [{ text: '3' }, { text: '4' }, { text: '5' }, { text: '6' }],
      more: true,
      moreOlder: true,
    });
    expect(page(alice, { around: at(seqs[0]!), limit: 4 })).toMatchObject({
      messages: [{ text: '0' }, {}, {}, {}],
      moreOlder: false,
    });
    expect(says(alice, { around: at(seqs[9]!), limit: 3 })).toEqual(['7', '8', '9']);
    expect(says(alice, { around: at(1), limit: 2 })).toEqual(['0', '1']);
  });

  test('two wishes at once are refused, and an empty lobby has an empty page', () => {
    const { alice } = ten();
    expect(alice.lobby.page({ before: at(1), since: at(1) })).toMatchObject({ code: 'bad_message' });
    expect(person('bob').lobby.page({})).toEqual({ room: '#lobby', messages: [], more: false });
    expect(person('bob').lobby.page({ around: at(7) })).toMatchObject({ messages: [], more: false, moreOlder: false });
  });

  test('a page of the longest texts fits a frame, and the pages together have all of it', () => {
    const alice = person('alice');
    for (let i = 0; i < 30; i++) alice.say(`${'"'.repeat(8100)}${i}`);
    const one = page(alice, {});
    expect(one.more).toBe(true);
    const line = { type: 'history' as const, id: id('x'.repeat(36)), ...one };
    expect(Buffer.byteLength(`${JSON.stringify(line)}\n`)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(parse(serverMessage, line).ok).toBe(true);
    expect(all(alice.lobby)).toHaveLength(30);
    expect(page(alice, { around: at(all(alice.lobby)[15]!.seq) }).moreOlder).toBe(true);
  });
});

describe('changes', () => {
  test('who may, and what is so already', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    bob.take([alice.say('hi')]);
    const { seq } = all(bob.lobby)[0]!;
    expect(bob.lobby.edit({ seq, text: 'x' })).toMatchObject({ error: { code: 'not_yours' } });
    expect(bob.lobby.delete({ seq })).toMatchObject({ error: { code: 'not_yours' } });
    expect(bob.lobby.edit({ seq: at(seq + 1), text: 'x' })).toMatchObject({ error: { code: 'no_such_message' } });
    expect(bob.lobby.say({ id: id('a'), text: 'x', re: at(seq + 1) })).toMatchObject({
      error: { code: 'no_such_message' },
    });
    const once = bob.lobby.react({ seq, emoji: '👍', on: true });
    expect(once).toMatchObject({
      value: { news: [{ changed: { rev: 1, seq, reactions: [{ emoji: '👍' }] } }], fresh: [{}] },
    });
    const twice = bob.lobby.react({ seq, emoji: '👍', on: true });
    expect(twice).toMatchObject({
      value: { news: [{ changed: { rev: 1, seq, reactions: [{ emoji: '👍' }] } }], fresh: [] },
    });
    expect(alice.lobby.edit({ seq, text: 'hi' })).toMatchObject({
      value: { news: [{ changed: { rev: 0, text: 'hi' } }], fresh: [] },
    });
    expect(alice.lobby.delete({ seq })).toMatchObject({ value: { news: [{ changed: { rev: 1, deleted: true } }] } });
    expect(alice.lobby.edit({ seq, text: 'back' })).toMatchObject({ error: { code: 'deleted' } });
    expect(alice.lobby.react({ seq, emoji: '👍', on: true })).toMatchObject({ error: { code: 'deleted' } });
    // It may still be answered.
    expect(alice.lobby.say({ id: id('b'), text: 'gone', re: seq })).toMatchObject({ ok: true });
  });

  test('an own message of one id is there once', () => {
    const alice = person('alice');
    const first = alice.lobby.say({ id: id('a'), text: 'hi' });
    expect(first).toMatchObject({ ok: true, value: { news: [{ kind: 'message', own: true }] } });
    expect(alice.lobby.say({ id: id('a'), text: 'hi' })).toEqual({
      ok: true,
      value: { news: [], fresh: [], dropped: [] },
    });
    expect(all(alice.lobby)).toHaveLength(1);
    expect(alice.lobby.placeOf(id('a'))).toEqual({ seq: alice.lobby.last, time: all(alice.lobby)[0]!.time });
    expect(alice.lobby.find(alice.lobby.last)).toMatchObject({ text: 'hi', id: 'a' });
  });

  test('an edit, a reaction, and a deletion that come before their message wait for it', () => {
    const [alice, bob, carol] = [person('alice'), person('bob'), person('carol')];
    const said = alice.say('one');
    const { seq } = all(alice.lobby)[0]!;
    bob.take([said]);
    const edited = alice.lobby.edit({ seq, text: 'two' });
    const reacted = bob.lobby.react({ seq, emoji: '🎉', on: true });
    if (!edited.ok || !reacted.ok) throw new Error('refused');
    expect(carol.take([...edited.value.fresh, ...reacted.value.fresh]).news).toEqual([]);
    expect(carol.take([said]).news).toMatchObject([
      { kind: 'message', message: { text: 'two' } },
      { kind: 'changed', changed: { rev: 1, text: 'two' } },
      { kind: 'changed', changed: { rev: 2, reactions: [{ emoji: '🎉' }] } },
    ]);
    expect(all(carol.lobby)).toMatchObject([{ text: 'two', edited: expect.any(Number), reactions: [{ emoji: '🎉' }] }]);
  });

  test('a message has as many emoji as it may, and no more', () => {
    const alice = person('alice');
    alice.say('hi');
    const { seq } = all(alice.lobby)[0]!;
    const emoji = Array.from({ length: MAX_EMOJI + 1 }, (_, i) => String.fromCodePoint(0x1f600 + i));
    const done = emoji.map((one) => alice.lobby.react({ seq, emoji: one, on: true }).ok);
    expect(done).toEqual([...Array.from({ length: MAX_EMOJI }, () => true), false]);
    expect(alice.lobby.react({ seq, emoji: emoji.at(-1)!, on: true })).toMatchObject({
      error: { code: 'too_many_reactions' },
    });
    expect(all(alice.lobby)[0]?.reactions?.map((one) => one.emoji)).toEqual(emoji.slice(0, MAX_EMOJI));
  });
});

describe('search', () => {
  const talk = (...lines: string[]): Person => {
    const alice = person('alice');
    for (const line of lines) alice.say(line);
    return alice;
  };

  test('words in any case and without accents, all of them, the newest first', () => {
    const alice = talk('The build is GREEN again', 'a green café', 'red');
    expect(finds(alice, 'green')).toEqual(['a green café', 'The build is GREEN again']);
    expect(finds(alice, 'Cafe GREEN')).toEqual(['a green café']);
    expect(finds(alice, 'blue')).toEqual([]);
  });

  test('the last word is a beginning, if it is long enough and not in quotes; the others are whole', () => {
    const alice = talk('building castles');
    expect(finds(alice, 'build')).toHaveLength(1);
    expect(finds(alice, 'bu')).toEqual([]);
    expect(finds(alice, '"build"')).toEqual([]);
    expect(finds(alice, 'build castles')).toEqual([]);
    expect(finds(alice, 'building cast')).toHaveLength(1);
  });

  test('a phrase is these words, one after the other; signs count as blanks', () => {
    const alice = talk('foo-bar baz', 'bar foo');
    expect(finds(alice, '"foo bar"')).toEqual(['foo-bar baz']);
    expect(finds(alice, 'foo-bar')).toEqual(['foo-bar baz']);
    expect(finds(alice, '"foo bar')).toEqual(['foo-bar baz']);
  });

  test('writing without blanks is found by any piece, and emoji alone', () => {
    const alice = talk('今日は良い天気です', 'done👍', 'одна строка');
    expect(finds(alice, '良い天')).toEqual(['今日は良い天気です']);
    expect(finds(alice, '👍')).toEqual(['done👍']);
    expect(finds(alice, 'СТРО')).toEqual(['одна строка']);
  });

  test('from: narrows it, nothing to search for is refused, and so is a cursor that we never gave', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    alice.take([bob.say('hello')]);
    alice.say('hello');
    const from = all(bob.lobby)[0]!.from;
    expect(search(alice, `from:@${from.toUpperCase()}`).messages).toMatchObject([
      { room: '#lobby', from, text: 'hello' },
    ]);
    expect(search(alice, `hello from:${from}`).messages).toHaveLength(1);
    expect(() => search(alice, '...')).toThrow('no_words');
    expect(() => search(alice, 'hello', { before: 'x' })).toThrow('bad_message');
  });

  test('it goes on where it ended, and never finds what was deleted', () => {
    const alice = talk('a cat', 'b cat', 'c cat', 'd dog');
    const { seq } = all(alice.lobby)[1]!;
    alice.lobby.delete({ seq });
    const first = search(alice, 'cat', { limit: 1 });
    expect(first).toMatchObject({ more: true, messages: [{ text: 'c cat' }] });
    const next = search(alice, 'cat', { limit: 1, before: first.before! });
    expect(next).toMatchObject({ more: false, messages: [{ text: 'a cat' }] });
  });

  test('one answer looks through so much and no more, and says where to go on', () => {
    const alice = person('alice');
    alice.say('needle');
    for (let i = 0; i < 60; i++) alice.say('hay '.repeat(2000));
    const first = search(alice, 'needle');
    expect(first).toMatchObject({ more: true, messages: [] });
    expect(search(alice, 'needle', { before: first.before! }).messages).toMatchObject([{ text: 'needle' }]);
  });
});
