/** What is taken, how long it is kept, and that lobbies come to the same and then leave each other in peace. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LOBBY_KEPT_MS,
  MAX_ENTRIES_A_MINUTE,
  MAX_ENTRIES_OF_ONE,
  MAX_LOBBY_ENTRIES,
  MAX_SKEW_MS,
} from '../../../src/lan/limits.ts';
import { keyOfEntry } from '../../../src/lan/lobby/entry-key.ts';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import { MAX_FRAME_BYTES } from '../../../src/protocol/limits.ts';
import { all, at, deviceOf, entryOf, exchange, id, person, restarted, START, texts } from './world.ts';

const HOUR = 3_600_000;

/** Said long ago by somebody. */
const past = (name: string, count: number, first = START - HOUR, step = 1000): SignedEntry[] =>
  Array.from({ length: count }, (_, i) =>
    entryOf(name, { v: 1, kind: 'say', id: `${name}-${i}`, name, stamp: first + i * step, text: `${name} ${i}` }),
  );

describe('clocks', () => {
  test('what is said after something was heard stands behind it, though the clock is behind', () => {
    const [alice, bob] = [person('alice', { now: START + 50_000 }), person('bob')];
    bob.take([alice.say('first')]);
    bob.say('second');
    expect(texts(bob.lobby)).toEqual(['first', 'second']);
  });

  test('an entry from more than a minute ahead is not taken, and is when its time has come', () => {
    const [alice, bob] = [person('alice', { now: START + MAX_SKEW_MS + 1 }), person('bob')];
    const entry = alice.say('from the future');
    expect(bob.take([entry]).fresh).toEqual([]);
    expect(bob.verified).toBe(0);
    bob.now += 1;
    expect(bob.take([entry]).fresh).toEqual([entry]);
  });

  test('nobody drags our clock further ahead than a minute', () => {
    const [bob, mallory] = [person('bob'), person('mallory', { now: START + MAX_SKEW_MS })];
    for (let i = 0; i < 5; i++) {
      bob.take([mallory.say('and on')]);
      mallory.now += MAX_SKEW_MS;
    }
    bob.say('here');
    expect(all(bob.lobby).at(-1)).toMatchObject({ text: 'here', time: START + MAX_SKEW_MS + 1 });
  });

  test('a clock that was set back puts nothing before what is there', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    bob.take([alice.say('one')]);
    bob.now -= 5 * HOUR;
    const entry = bob.say('two');
    expect(texts(bob.lobby)).toEqual(['one', 'two']);
    expect(alice.take([entry]).fresh).toEqual([entry]);
    expect(texts(restarted(bob).lobby)).toEqual(['one', 'two']);
  });

  test('a clock that was ahead leaves nothing behind that others would refuse for long', () => {
    const [alice, bob] = [person('alice'), person('bob', { now: START + 9 * HOUR })];
    bob.say('too early');
    bob.now = START;
    expect(alice.take([bob.say('now')]).fresh).toHaveLength(1);
    // What nobody can have is not counted, asked for, nor sent.
    expect(bob.lobby.digest).toBe(alice.lobby.digest);
    expect(exchange(alice, bob)).toBe(0);
    for (const one of [alice, bob]) one.now = START + 9 * HOUR;
    expect(bob.lobby.digest).not.toBe(alice.lobby.digest);
    expect(exchange(alice, bob)).toBe(1);
    expect(texts(alice.lobby)).toEqual(['now', 'too early']);
  });
});

describe('forged and foreign', () => {
  const said = { v: 1, kind: 'say', id: 'x', name: 'bob', stamp: START, text: 'hi' };
  const ref = { device: deviceOf('carol'), id: 'm', stamp: START - 1 };

  test.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ ...said, v: 2 })],
    ['a name that nobody may have', JSON.stringify({ ...said, name: 'b\u0007b' })],
    ['no text', JSON.stringify({ ...said, text: '' })],
    ['a text that is too long', JSON.stringify({ ...said, text: 'x'.repeat(8193) })],
    ['a stamp from before there was a lobby', JSON.stringify({ ...said, stamp: 1 })],
    ['an edit of what somebody else has said', JSON.stringify({ ...said, kind: 'edit', of: ref })],
    ['a deletion of what somebody else has said', JSON.stringify({ ...said, kind: 'delete', of: ref })],
    ['an emoji that is none', JSON.stringify({ ...said, kind: 'react', of: ref, emoji: 'x', on: true })],
    ['an answer to itself', JSON.stringify({ ...said, re: { ...ref, stamp: START } })],
    ['more than an entry may have', JSON.stringify({ ...said, more: 'x'.repeat(20_000) })],
  ])('%s: dropped before its signature is looked at', (_, text) => {
    const alice = person('alice');
    const entry = { device: deviceOf('bob'), said: text, signature: 'x' };
    expect(alice.take([entry])).toEqual({ news: [], fresh: [], dropped: [] });
    expect(alice.verified).toBe(0);
  });

  test('a wrong signature: dropped, and the right one is taken afterwards', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    const entry = bob.say('hi');
    expect(alice.take([{ ...entry, signature: 'x' }]).fresh).toEqual([]);
    expect(alice.take([entry]).fresh).toEqual([entry]);
  });

  test('any bytes at all: it takes what is good, and never throws', () => {
    const good = person('bob').say('hi');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 5 }), (noise) => {
        const alice = person('alice');
        const entries = noise.map((text) => ({ device: deviceOf('bob'), said: text, signature: 'x' }));
        expect(alice.take([...entries, good]).fresh).toEqual([good]);
      }),
    );
  });
});

describe('what is kept', () => {
  test('two thousand entries, the newest, and no more comes back from who has it', () => {
    const alice = person('alice');
    for (let i = 0; i < 10; i++) alice.take(past(`p${i}`, 230, START - 6 * HOUR + i));
    expect(alice.disk.size).toBe(MAX_LOBBY_ENTRIES);
    const oldest = all(alice.lobby)[0];
    const older = past('late', 1, (oldest?.time ?? 0) - 1);
    const { verified } = alice;
    expect(alice.take(older)).toEqual({ news: [], fresh: [], dropped: [] });
    expect(alice.verified).toBe(verified);
    expect(alice.lobby.page({ limit: 1 })).toMatchObject({ first: oldest?.seq });
    expect(alice.lobby.react({ seq: at(5), emoji: '👍', on: true })).toMatchObject({ error: { code: 'not_kept' } });
  });

  test('one person pushes out their own entries, and nobody else’s', () => {
    const alice = person('alice');
    alice.take(past('bob', 20, START - 9 * HOUR));
    alice.take(past('mallory', 3000, START - 8 * HOUR));
    const by = Map.groupBy(alice.disk.values(), ({ device }) => device);
    expect(by.get(deviceOf('mallory'))).toHaveLength(MAX_ENTRIES_OF_ONE);
    expect(by.get(deviceOf('bob'))).toHaveLength(20);
    expect(all(alice.lobby).at(-1)?.text).toBe('mallory 2999');
  });

  test('a flood is let in at a rate, and what was too much when its minute is over', () => {
    const alice = person('alice');
    const flood = past('mallory', MAX_ENTRIES_OF_ONE, START - 30_000, 20);
    expect(alice.take(flood).fresh).toHaveLength(MAX_ENTRIES_A_MINUTE);
    expect(alice.verified).toBe(MAX_ENTRIES_A_MINUTE);
    alice.now += 60_000;
    alice.take(flood);
    expect(alice.disk.size).toBe(MAX_ENTRIES_OF_ONE);
  });

  test('we say no more in a minute than others take', () => {
    const alice = person('alice');
    for (let i = 0; i < MAX_ENTRIES_A_MINUTE; i++) alice.say(`${i}`);
    const more = alice.lobby.say({ id: id('more'), text: 'more' });
    expect(more).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    const bob = person('bob', { now: START + 1000 });
    expect(bob.take([...alice.disk.values()]).fresh).toHaveLength(MAX_ENTRIES_A_MINUTE);
    alice.now += 61_000;
    alice.say('later');
  });

  test('what is a week old goes, from the disk too, and is not taken again', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    const entry = bob.say('old');
    alice.take([entry]);
    alice.now += LOBBY_KEPT_MS + HOUR + MAX_SKEW_MS;
    expect(alice.note(alice.lobby.tidy()).dropped).toEqual([keyOfEntry(entry)]);
    expect(texts(alice.lobby)).toEqual([]);
    expect(alice.take([entry]).fresh).toEqual([]);
    expect(alice.disk.size).toBe(0);
    // The place where it ended stays.
    expect(alice.lobby.last).toBeGreaterThan(0);
  });

  test('two clocks that differ by a minute agree at every moment, and send each other nothing over and over', () => {
    const [alice, bob] = [person('alice'), person('bob', { now: START + MAX_SKEW_MS })];
    const entries = past('carol', 400, START - LOBBY_KEPT_MS + HOUR, 30_000);
    for (const one of [alice, bob]) one.take(entries);
    let steps = 0;
    for (let i = 0; i < 400; i++) {
      for (const one of [alice, bob]) {
        one.now += 30_000;
        one.note(one.lobby.tidy());
      }
      expect(alice.lobby.agrees(bob.lobby.digest)).toBe(true);
      expect(bob.lobby.agrees(alice.lobby.digest)).toBe(true);
      if (alice.lobby.digest !== bob.lobby.digest) steps += 1;
      expect(bob.take(alice.lobby.missing(bob.lobby.held()).flat()).fresh).toEqual([]);
    }
    // Once an hour, for a minute.
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(400 / 60);
  });

  test('full lobbies of different people come to the same by one exchange', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { minLength: 4, maxLength: 4 }), (parts) => {
        const [alice, bob] = [person('alice'), person('bob')];
        for (const [i, [size, shift]] of parts.entries()) {
          const entries = past(`p${i}`, 150 * size, START - 9 * HOUR + shift * 600_000 + i);
          alice.take(entries.filter((_, n) => n % 3 !== 0));
          bob.take(entries.filter((_, n) => n % 3 !== 1));
        }
        exchange(alice, bob);
        expect(bob.lobby.digest).toBe(alice.lobby.digest);
        expect(exchange(alice, bob)).toBe(0);
        expect(alice.disk.size).toBeLessThanOrEqual(MAX_LOBBY_ENTRIES);
      }),
      { numRuns: 4 },
    );
  });

  test('a deleted text is nowhere any more, on no disk, in no answer', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    bob.take([alice.say('secret')]);
    const { seq } = all(alice.lobby)[0]!;
    const edited = alice.lobby.edit({ seq, text: 'secret too' });
    if (edited.ok) bob.take(alice.note(edited.value).fresh);
    const deleted = alice.lobby.delete({ seq });
    if (deleted.ok) bob.take(alice.note(deleted.value).fresh);
    for (const one of [alice, bob, restarted(bob)]) {
      expect(JSON.stringify([...one.disk.values()])).not.toContain('secret');
      expect(JSON.stringify(one.lobby.missing([]))).not.toContain('secret');
      expect(all(one.lobby)).toMatchObject([{ seq, text: '', deleted: true }]);
    }
  });

  test('what has been edited, or reacted to, over and over, takes the room of one', () => {
    const alice = person('alice');
    alice.say('a');
    const { seq } = all(alice.lobby)[0]!;
    for (let i = 0; i < 50; i++) {
      const edited = alice.lobby.edit({ seq, text: `a ${i}` });
      const reacted = alice.lobby.react({ seq, emoji: '👍', on: i % 2 === 0 });
      for (const one of [edited, reacted]) if (one.ok) alice.note(one.value);
    }
    expect(alice.disk.size).toBe(3);
    expect(all(alice.lobby)).toMatchObject([{ text: 'a 49' }]);
  });
});

describe('between two hosts', () => {
  test('every list fits a frame, as long as the texts are', () => {
    const alice = person('alice');
    for (let i = 0; i < 40; i++) alice.say(`${'\n'.repeat(8000)}${i}`);
    const lists = alice.lobby.missing([]);
    expect(lists.flat()).toHaveLength(40);
    for (const entries of lists)
      expect(Buffer.byteLength(JSON.stringify({ type: 'lobby', entries }))).toBeLessThan(MAX_FRAME_BYTES);
    for (const entries of alice.lobby.held())
      expect(Buffer.byteLength(JSON.stringify({ type: 'held', entries, more: true }))).toBeLessThan(MAX_FRAME_BYTES);
  });

  test('an answer ends where it is as long as it may be, and the next one goes on there', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    for (let i = 0; i < 40; i++) alice.say('x'.repeat(8000));
    const first = alice.lobby.missing(bob.lobby.held(), 100_000).flat();
    expect(JSON.stringify(first).length).toBeLessThan(120_000);
    bob.take(first);
    for (let i = 0; i < 3; i++) bob.take(alice.lobby.missing(bob.lobby.held(), 100_000).flat());
    expect(bob.lobby.agrees(alice.lobby.digest)).toBe(true);
  });

  test('whoever holds all of it is sent nothing', () => {
    const [alice, bob] = [person('alice'), person('bob')];
    bob.take([alice.say('a'), alice.say('b')]);
    expect(alice.lobby.missing(bob.lobby.held())).toEqual([]);
    const entry = alice.say('c');
    expect(alice.lobby.missing(bob.lobby.held())).toEqual([[entry]]);
    expect(alice.lobby.missing([`${bob.lobby.held()[0]}zz`])).toEqual([[entry]]);
  });

  test('a text that no frame could carry is refused', () => {
    const alice = person('alice');
    const refused = alice.lobby.say({ id: id('a'), text: '\u0001'.repeat(8000) });
    expect(refused).toMatchObject({ ok: false, error: { code: 'bad_message' } });
    expect(texts(alice.lobby)).toEqual([]);
  });
});

test('what the disk has too much, or broken, is told to be dropped', () => {
  const alice = person('alice');
  alice.say('one');
  const broken = { device: deviceOf('bob'), said: '{', signature: 'y' };
  const old = past('bob', 1, START - 8 * 24 * HOUR)[0]!;
  alice.disk.set(keyOfEntry(broken), broken);
  alice.disk.set(keyOfEntry(old), old);
  const again = restarted(alice);
  expect(again.disk.size).toBe(1);
  expect(again.lobby.placeOf(id((JSON.parse([...alice.disk.values()][0]!.said) as { id: string }).id))).toMatchObject({
    seq: again.lobby.last,
  });
});
