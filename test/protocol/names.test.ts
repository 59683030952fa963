import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  guestName,
  isGuest,
  LOBBY,
  PLAIN_NAME,
  parsePlainName,
  parseRoom,
  ROOM_NAME,
  USER_NAME,
} from '../../src/protocol/names.ts';

const LONGEST = 'a'.repeat(32);

describe('a name', () => {
  test.each(['alice', 'Alice', 'a', '7', '_x', 'j.doe', 'a-b', LONGEST])('%j is one', (name) => {
    expect(parsePlainName(name)).toEqual({ ok: true, value: name });
    expect(USER_NAME.test(name)).toBe(true);
    expect(USER_NAME.test(`~${name}`)).toBe(true);
  });

  test.each(['', '-x', '.x', '~alice', '#x', 'a b', 'a\n', 'älice', 'аlice', 'a/b', `${LONGEST}a`, 'a\u200b'])(
    '%j is none',
    (name) => {
      expect(parsePlainName(name)).toEqual({
        ok: false,
        error: 'a name is at most 32 of A-Z a-z 0-9 _ . - and starts with a letter, digit or _',
      });
    },
  );

  test('of a guest has a tilde', () => {
    const guest = guestName('alice');
    expect(guest).toBe('~alice');
    expect(isGuest(guest)).toBe(true);
    expect(USER_NAME.test('~~alice')).toBe(false);
    expect(USER_NAME.test('~')).toBe(false);
  });
});

describe('a room', () => {
  test.each([
    ['#dev', '#dev'],
    ['dev', '#dev'],
    ['#Dev', '#dev'],
    ['7', '#7'],
    ['a.b-c_d', '#a.b-c_d'],
  ])('typed as %j is %j', (typed, room) => expect(parseRoom(typed)).toEqual({ ok: true, value: room }));

  test.each(['', '#', '##a', '#a b', '#ä', '#-a', `#${LONGEST}a`, '#a\n', '~a'])('is not %j', (typed) => {
    expect(parseRoom(typed)).toEqual({
      ok: false,
      error: "a room's name is # and at most 32 of a-z 0-9 _ . -, like #dev",
    });
  });

  test('for everybody has a valid name', () => expect(ROOM_NAME.test(LOBBY)).toBe(true));

  test('is never a user, and a user never a room', () => {
    fc.assert(
      fc.property(fc.stringMatching(ROOM_NAME), fc.stringMatching(USER_NAME), (room, user) => {
        expect(USER_NAME.test(room)).toBe(false);
        expect(ROOM_NAME.test(user)).toBe(false);
      }),
    );
  });
});

test('names are printable ASCII without a space', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.stringMatching(PLAIN_NAME), fc.stringMatching(ROOM_NAME), fc.string({ unit: 'binary' })),
      (name) => {
        if (PLAIN_NAME.test(name) || USER_NAME.test(name) || ROOM_NAME.test(name))
          expect(name).toMatch(/^[!-~]{1,33}$/);
      },
    ),
  );
});
