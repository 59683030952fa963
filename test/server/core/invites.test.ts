import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnixMs, UserName } from '../../../src/base/ids.ts';
import {
  INVITE_BYTES,
  INVITE_FOR_MS,
  Invites,
  MAX_INVITE_FOR_MS,
  MAX_INVITES,
  MAX_INVITES_OF_ONE,
  parseInviteCode,
  showInviteCode,
} from '../../../src/server/core/invites.ts';

const at = (ms: number): UnixMs => ms as UnixMs;
const alice = 'alice' as UserName;
let count = 0;
/** Never the same twice. */
const chance = (): Uint8Array => {
  const bytes = Buffer.alloc(INVITE_BYTES);
  bytes.writeUInt32BE(count++);
  return bytes;
};
function made(invites: Invites, by = alice, now = 0, lifetime?: number) {
  const result = invites.make(by, chance(), at(now), lifetime);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('a code', () => {
  test('holds all 80 bits, is shown in groups and read back as it is typed', () => {
    const invites = new Invites();
    const code = (bytes: Uint8Array): string => {
      const result = invites.make(alice, bytes, at(0));
      return result.ok ? result.value.code : result.error;
    };
    expect(code(new Uint8Array(INVITE_BYTES))).toBe('0'.repeat(16));
    expect(code(new Uint8Array(INVITE_BYTES).fill(255))).toBe('Z'.repeat(16));
    expect(code(Buffer.from('0123456789abcdef0123', 'hex'))).toBe('04HMASW9NF6YY093');
    expect(showInviteCode('04HMASW9NF6YY093')).toBe('04HM-ASW9-NF6Y-Y093');
    expect(parseInviteCode(' o4hm asw9-nf6y-yo93 ')).toBe('04HMASW9NF6YY093');
    expect(parseInviteCode('O4HMASW9NF6YY09L')).toBe('04HMASW9NF6YY091');
    expect(parseInviteCode('04HM-ASW9-NF6Y-Y09')).toBeUndefined();
    expect(parseInviteCode('04HM-ASW9-NF6Y-Y09U')).toBeUndefined();
    expect(() => code(new Uint8Array(9))).toThrow('10 random bytes');
  });

  test('of other bytes is another code', () => {
    const bytes = fc.uint8Array({ minLength: INVITE_BYTES, maxLength: INVITE_BYTES });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [a, b].map((random) => new Invites().make(alice, random, at(0)));
        const code = x?.ok ? x.value.code : '';
        expect(code === (y?.ok ? y.value.code : '')).toBe(Buffer.compare(a, b) === 0);
        expect(parseInviteCode(showInviteCode(code).toLowerCase())).toBe(code);
      }),
    );
  });
});

describe('an invitation', () => {
  test('is used once', () => {
    const invites = new Invites();
    const { code } = made(invites);
    expect(invites.reserve(showInviteCode(code), at(1))).toMatchObject({ ok: true, value: { code, by: 'alice' } });
    expect(invites.reserve(code, at(1))).toEqual({ ok: false, error: 'invite_in_use' });
    invites.settle(code, true);
    expect(invites.reserve(code, at(1))).toEqual({ ok: false, error: 'no_such_invite' });
  });

  test('that was not used in the end is open again', () => {
    const invites = new Invites();
    const { code } = made(invites);
    invites.reserve(code, at(1));
    expect(invites.revoke(code)).toBeUndefined();
    invites.settle(code, false);
    expect(invites.reserve(code, at(2)).ok).toBe(true);
  });

  test('expires, and is then swept', () => {
    const invites = new Invites();
    const { code, expires } = made(invites, alice, 100);
    expect(expires).toBe(100 + INVITE_FOR_MS);
    expect(invites.reserve(code, at(expires - 1)).ok).toBe(true);
    invites.settle(code, false);
    expect(invites.reserve(code, expires)).toEqual({ ok: false, error: 'invite_expired' });
    expect(invites.list(expires)).toEqual([]);
    expect(invites.sweep(at(expires - 1))).toEqual([]);
    expect(invites.sweep(expires).map((invite) => invite.code)).toEqual([code]);
    expect(invites.reserve(code, at(0))).toEqual({ ok: false, error: 'no_such_invite' });
  });

  test('is good for no longer than the limit', () => {
    expect(made(new Invites(), alice, 0, Infinity).expires).toBe(MAX_INVITE_FOR_MS);
  });

  test('is revoked, and comes back from the store', () => {
    const invite = made(new Invites());
    const later = new Invites([invite]);
    expect(later.list(at(5))).toEqual([invite]);
    expect(later.revoke(invite.code.toLowerCase())).toEqual(invite);
    expect(later.revoke(invite.code)).toBeUndefined();
    expect(later.list(at(5))).toEqual([]);
  });

  test('too many of one are refused, and leave the others theirs; too many of all are refused', () => {
    const invites = new Invites();
    for (let i = 0; i < MAX_INVITES_OF_ONE; i++) made(invites);
    expect(invites.make(alice, chance(), at(0))).toEqual({ ok: false, error: 'too_many_invites' });
    for (let i = MAX_INVITES_OF_ONE; i < MAX_INVITES; i++) made(invites, `u${i % 50}` as UserName);
    expect(invites.make('new' as UserName, chance(), at(0))).toEqual({ ok: false, error: 'too_many_invites' });
    invites.sweep(at(INVITE_FOR_MS));
    expect(invites.make(alice, chance(), at(INVITE_FOR_MS)).ok).toBe(true);
  });
});
