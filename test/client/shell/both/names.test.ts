import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Names } from '../../../../src/client/shell/both/names.ts';
import { USER_NAME } from '../../../../src/protocol/names.ts';
import { room, user } from '../../core/drive.ts';

const names = (taken: readonly string[] = [], self?: { lan: string; server: string }): Names => {
  const made = new Names(taken.map(user));
  if (self !== undefined) made.self = { lan: user(self.lan), server: user(self.server) };
  return made;
};

describe('a name of the network', () => {
  test('has .lan behind it, and its room is #lan', () => {
    const both = names();
    expect(both.fromLan(user('bob'))).toBe('bob.lan');
    expect(both.toLan(user('bob.lan'))).toBe('bob');
    expect(both.roomFromLan(room('#lobby'))).toBe('#lan');
    expect(both.roomToLan(room('#lan'))).toBe('#lobby');
  });

  test('can be written before anybody has told of them', () => {
    expect(names().toLan(user('bob.lan'))).toBe('bob');
    expect(names().toLan(user('bob'))).toBeUndefined();
  });

  test('of ourselves is the one on the server, also where somebody else there is called so', () => {
    const both = names([], { lan: 'ali', server: 'alice' });
    expect(both.fromLan(user('ali'))).toBe('alice');
    expect(both.toLan(user('alice'))).toBe('ali');
    expect(both.fromLan(user('alice'))).toBe('alice.lan');
    expect(both.isLan(user('alice'))).toBe(false);
  });

  test('that is too long with what is behind it is cut, and the same at every start', () => {
    const long = user('a-name-of-thirty-two-characters.');
    const shown = names().fromLan(long);
    expect(shown).toHaveLength(30);
    expect(shown).toMatch(/^a-name-of-thirty-t.*\.lan$/);
    expect(names().fromLan(long)).toBe(shown);
  });

  test('is taken by nobody who calls themself what a long name became, whoever was there first', () => {
    const long = user('a-name-of-thirty-two-characters.');
    const thief = user(
      names()
        .fromLan(long)
        .replace(/\.lan$/, ''),
    );
    for (const people of [
      [long, thief],
      [thief, long],
    ]) {
      const both = names();
      const shown = people.map((name) => both.fromLan(name));
      expect(new Set(shown).size).toBe(2);
      expect(shown.map((name) => both.toLan(name))).toEqual(people);
    }
  });

  test('is not that of a guest', () => {
    expect(names().isLan(user('~bob.lan'))).toBe(false);
    expect(names().fromServer(user('~bob.lan'))).toBe('~bob.lan');
  });
});

/** Names that are alike, and such as are made to be taken for others. */
const tricky = fc
  .oneof(
    fc.constantFrom(
      'bob',
      'bob.lan',
      'bob.lan_',
      'bob.lan__',
      'bob.lan.lan',
      'lan',
      '_.lan',
      'alice',
      'alice.lan',
      'ali',
    ),
    fc.stringMatching(/^[a-c]{1,3}(\.lan){0,2}_{0,2}$/),
    fc.stringMatching(/^a{26,28}(\.lan)?_{0,2}$/),
    fc.stringMatching(/^a{18}-[a-z0-9]{7}$/),
  )
  .filter((name) => USER_NAME.test(name));

test('whatever people call themselves, each name here is one person, and leads back to them', () => {
  const meeting = fc.record({ name: tricky, on: fc.constantFrom('lan', 'server') });
  fc.assert(
    fc.property(fc.array(tricky, { maxLength: 4 }), fc.array(meeting, { maxLength: 60 }), (taken, meetings) => {
      const both = names(taken, { lan: 'ali', server: 'alice' });
      const people = new Map<string, string>();
      const see = (shown: string, who: string): void => {
        expect(people.get(shown) ?? who).toBe(who);
        people.set(shown, who);
      };
      // Whoever was there first keeps the name.
      for (const name of taken) see(both.fromServer(user(name)), `server ${name}`);
      for (const { name, on } of meetings) {
        const real = user(name);
        if (on === 'lan') {
          const shown = both.fromLan(real);
          see(shown, name === 'ali' ? 'server alice' : `lan ${name}`);
          expect(both.toLan(shown)).toBe(real);
          expect(both.isLan(shown)).toBe(name !== 'ali');
          expect(shown).toMatch(USER_NAME);
        } else {
          const shown = both.fromServer(real);
          see(shown, `server ${name}`);
          expect(both.toServer(shown)).toBe(real);
          expect(both.isLan(shown)).toBe(false);
          expect(shown).toMatch(USER_NAME);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a room of the server that is called #lan keeps its name where it was there before, and the network’s has another', () => {
  const before = names(['#lan']);
  expect(before.room).toBe('#lan-2');
  expect(before.roomFromServer(room('#lan'))).toBe('#lan');
  const after = names();
  expect(after.roomFromServer(room('#lan'))).toBe('#lan_');
  expect(after.roomToServer(room('#lan_'))).toBe('#lan');
  expect(after.roomFromServer(room('#lan-2'))).toBe('#lan-2_');
  expect(after.roomFromServer(room('#dev'))).toBe('#dev');
});
