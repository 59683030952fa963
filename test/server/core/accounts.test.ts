/** Log-ins by password, new accounts, and what one does with one's own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UserName } from '../../../src/base/ids.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const alice = 'alice' as UserName;
const GOOD = 'correct horse';
const HELLO = { type: 'hello', version: 1 };
const byPassword = (name: string, password = GOOD, more: object = {}) => ({
  ...HELLO,
  name,
  auth: { method: 'password', password },
  ...more,
});
const registers = (name: string, more: object = {}) => ({
  ...HELLO,
  name,
  auth: { method: 'register', password: GOOD, ...more },
});
const KEY = 'A'.repeat(43);
const byKey = (name: string) => ({ ...HELLO, name, auth: { method: 'key', key: KEY, signature: 's'.repeat(86) } });

/** A server with the account alice, which is no Unix user. */
function withAlice(options: ConstructorParameters<typeof World>[0] = {}): World {
  const w = new World(options, { accounts: [{ name: alice, lastSeen: 0 as never }] });
  w.logins.passwords.set(alice, GOOD);
  return w;
}

function tries(w: World, hello: object, host = '10.0.0.7'): Session {
  const session = w.connect(host);
  w.tell(session, hello);
  return session;
}

const refusal = (w: World, session: Session) => w.expect(session, 'error');

describe('by password', () => {
  test('who knows it is in, and the operator sees how', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    expect(w.expect(session, 'welcome').user).toBe('alice');
    expect(w.notices).toContainEqual({ kind: 'online', user: 'alice', by: 'password', from: '10.0.0.7' });
    expect(w.saved).toEqual(['seen alice']);
  });

  test('a name is found in any case', () => {
    const w = withAlice();
    expect(w.expect(tries(w, byPassword('ALICE')), 'welcome').user).toBe('alice');
  });

  test('a wrong one, an unknown name and an account without one are told in the same words', () => {
    const w = withAlice();
    w.logins.passwords.delete(alice);
    const without = refusal(w, tries(w, byPassword('alice')));
    w.logins.passwords.set(alice, GOOD);
    const wrong = refusal(w, tries(w, byPassword('alice', 'wrong guess')));
    const unknown = refusal(w, tries(w, byPassword('alicf')));
    expect(wrong).toEqual(without);
    expect({ ...unknown, text: unknown.text.replace('alicf', 'alice') }).toEqual(wrong);
    expect(wrong).toMatchObject({ code: 'wrong_password', closes: true, registration: 'invite' });
  });

  test('where nobody may register nobody is offered to', () => {
    const w = withAlice({ registration: 'closed' });
    expect(refusal(w, tries(w, byPassword('alice', 'wrong guess')))).not.toHaveProperty('registration');
  });

  test('it needs a name', () => {
    const w = withAlice();
    expect(refusal(w, tries(w, { ...HELLO, auth: { method: 'password', password: GOOD } })).code).toBe('name_required');
  });

  test('sessions by password and by the host are one person', () => {
    const w = new World({ operatorUid: 1004 });
    const here = w.login('dave', 1004);
    w.tell(here, { type: 'password', password: GOOD, id: 'p' });
    expect(w.expect(here, 'done').id).toBe('p');
    w.logins.uids.set('dave' as UserName, 1004);
    const there = tries(w, byPassword('dave'));
    expect(w.expect(there, 'welcome')).toMatchObject({ user: 'dave', operator: true });
    expect(w.core.users.size).toBe(1);
  });

  test('what cannot be checked is not guessed: the client may try again', () => {
    const w = withAlice();
    w.logins.isBusy = true;
    for (let i = 0; i < 5; i++) expect(refusal(w, tries(w, byPassword('alice'))).code).toBe('login_busy');
    w.logins.isBusy = false;
    w.disk = 'full';
    const session = tries(w, byPassword('alice'));
    expect(refusal(w, session)).toMatchObject({ code: 'internal', closes: false });
    w.disk = 'good';
    w.tell(session, byPassword('alice'));
    expect(w.expect(session, 'welcome').user).toBe('alice');
  });

  test('whoever is banned knows the password for nothing', () => {
    const w = withAlice();
    w.core.bans.add({ target: 'alice', by: 'root' as UserName, time: 0 as never, reason: '' });
    expect(refusal(w, tries(w, byPassword('alice'))).code).toBe('banned');
  });

  test('a name that the host has given to a Unix user is theirs: the account before it is put out', () => {
    const w = withAlice();
    const before = tries(w, byPassword('alice'));
    w.take(before);
    const unix = w.login('alice', 1001);
    expect(w.take(before).at(-1)).toMatchObject({ type: 'error', code: 'name_taken' });
    expect([...(w.core.users.get(alice)?.sessions ?? [])]).toEqual([unix]);
    // The store forgets the account with the name; were it slower than that, its password still opens nothing.
    expect(refusal(w, tries(w, byPassword('alice'))).code).toBe('wrong_password');
  });
});

describe('lock-out', () => {
  test('three wrong ones lock their source out of the account, and the right one does not open it early', () => {
    const w = withAlice();
    for (let i = 0; i < 2; i++)
      expect(refusal(w, tries(w, byPassword('alice', 'wrong guess'))).text).not.toMatch(/locked/);
    expect(refusal(w, tries(w, byPassword('Alice', 'wrong guess')))).toMatchObject({
      code: 'wrong_password',
      text: 'there is no account Alice with this password; you are locked out for 60 s',
    });
    expect(refusal(w, tries(w, byPassword('alice')))).toMatchObject({
      code: 'locked_out',
      closes: true,
      text: 'too many wrong passwords for alice from 10.0.0.7: try again in 60 s',
    });
    expect(w.logins.looked).toBe(3);
    w.advance(60_000);
    expect(w.expect(tries(w, byPassword('alice')), 'welcome').user).toBe('alice');
  });

  test('an unknown name is locked just the same', () => {
    const w = withAlice();
    for (let i = 0; i < 3; i++) tries(w, byPassword('nobody-here', 'wrong guess'));
    expect(refusal(w, tries(w, byPassword('nobody-here'))).code).toBe('locked_out');
  });

  test('nobody locks somebody else out: elsewhere the right password opens', () => {
    const w = withAlice();
    for (let i = 0; i < 9; i++) tries(w, byPassword('alice', 'wrong guess'));
    expect(w.expect(tries(w, byPassword('alice'), '10.0.0.8'), 'welcome').user).toBe('alice');
    // On this host it is the Unix user who guesses.
    const [bad, good] = [w.connectFrom(1002), w.connectFrom(1003)];
    for (let i = 0; i < 3; i++) w.tell(w.connectFrom(1002), byPassword('alice', 'wrong guess'));
    w.tell(bad, byPassword('alice'));
    w.tell(good, byPassword('alice'));
    expect(refusal(w, bad).code).toBe('locked_out');
    expect(w.expect(good, 'welcome').user).toBe('alice');
  });

  test('it outlasts the server', () => {
    const w = withAlice();
    for (let i = 0; i < 3; i++) tries(w, byPassword('alice', 'wrong guess'));
    const rows = w.logins.notes.flatMap((note) => (note.kind === 'save-lockout' ? [note.row] : []));
    const later = new World({}, { accounts: [{ name: alice, lastSeen: 0 as never }], lockouts: rows.slice(-1) });
    later.logins.passwords.set(alice, GOOD);
    expect(refusal(later, tries(later, byPassword('alice'))).code).toBe('locked_out');
    expect(later.expect(tries(later, byPassword('alice'), '10.0.0.9'), 'welcome').user).toBe('alice');
  });

  test('many guesses at once are no more than three', () => {
    const w = withAlice();
    w.disk = 'hold';
    const all = Array.from({ length: 20 }, () => tries(w, byPassword('alice', 'wrong guess')));
    expect(w.waiting).toBe(3);
    w.disk = 'good';
    w.commit(3);
    const codes = all.map((session) => refusal(w, session).code);
    expect(codes.filter((code) => code === 'wrong_password')).toHaveLength(3);
    expect(codes.filter((code) => code === 'login_busy')).toHaveLength(17);
  });

  test('who hangs up before the answer has guessed all the same', () => {
    const w = withAlice();
    w.disk = 'hold';
    for (let i = 0; i < 3; i++) w.close(tries(w, byPassword('alice', 'wrong guess')));
    w.commit(3);
    w.disk = 'good';
    expect(refusal(w, tries(w, byPassword('alice'))).code).toBe('locked_out');
  });

  test('what is over is forgotten, also in the store', () => {
    const w = withAlice();
    tries(w, byPassword('alice', 'wrong guess'));
    w.advance(2 * 24 * 3600 * 1000);
    expect(w.logins.notes.at(-1)).toEqual({ kind: 'remove-lockout', account: 'alice', source: '10.0.0.7' });
  });
});

describe('a new account', () => {
  test('is made and logged in to at once, and is there afterwards', () => {
    const w = new World({ registration: 'open' });
    const session = tries(w, registers('erin'));
    expect(w.expect(session, 'welcome').user).toBe('erin');
    expect(w.notices).toContainEqual({ kind: 'registered', user: 'erin', from: '10.0.0.7' });
    w.close(session);
    expect(w.expect(tries(w, byPassword('erin')), 'welcome').user).toBe('erin');
    const bob = w.guest('bob');
    w.tell(bob, { type: 'devices', user: 'erin' });
    expect(w.take(bob).at(-1)).toMatchObject({ type: 'devices', user: 'erin' });
  });

  test.each([
    ['a name that is taken', 'alice', 'name_taken'],
    ['in another case', 'ALICE', 'name_taken'],
    ['one that looks like it', 'a1ice_', 'name_taken'],
    ['a guest who is here', 'bob', 'name_taken'],
    ['one that looks like them', 'b0b', 'name_taken'],
  ])('is refused %s', (_, name, code) => {
    const w = withAlice({ registration: 'open' });
    w.guest('bob', '10.0.0.9');
    expect(refusal(w, tries(w, registers(name)))).toMatchObject({ code, closes: true });
    expect(w.core.registering.conflict(name)).toBeUndefined();
  });

  test('may have the name of the guest who makes it', () => {
    const w = new World({ registration: 'open' });
    w.guest('bob', '10.0.0.7');
    expect(w.expect(tries(w, registers('bob')), 'welcome').user).toBe('bob');
  });

  test('may not be called like a Unix login of the host', () => {
    const w = new World({ registration: 'open' });
    w.identity = () => ({ kind: 'newcomer', reserved: true });
    expect(refusal(w, tries(w, registers('root'))).code).toBe('name_reserved');
  });

  test('a guest may not take its name, nor one that looks like it', () => {
    const w = withAlice();
    for (const name of ['alice', 'Alice', 'al1ce', 'alice-'])
      expect(refusal(w, tries(w, { ...HELLO, name, auth: { method: 'guest' } })).code).toBe('name_reserved');
    expect(w.expect(tries(w, { ...HELLO, name: 'alison', auth: { method: 'guest' } }), 'welcome').user).toBe('~alison');
  });

  test('takes a password that may be one, and the client may give another', () => {
    const w = new World({ registration: 'open' });
    const session = tries(w, { ...HELLO, name: 'erin', auth: { method: 'register', password: 'short' } });
    expect(refusal(w, session)).toMatchObject({ code: 'password_unusable', closes: false });
    w.tell(session, registers('erin'));
    expect(w.expect(session, 'welcome').user).toBe('erin');
  });

  test('is made once, also for two who ask in one moment', () => {
    const w = new World({ registration: 'open' });
    w.disk = 'hold';
    const [first, second] = [tries(w, registers('erin')), tries(w, registers('er1n'))];
    expect(refusal(w, second).code).toBe('name_taken');
    w.commit();
    expect(w.expect(first, 'welcome').user).toBe('erin');
  });

  test('is there though nobody waits for it', () => {
    const w = new World({ registration: 'open' });
    w.disk = 'hold';
    w.close(tries(w, registers('erin')));
    w.commit();
    w.disk = 'good';
    expect(refusal(w, tries(w, registers('erin'))).code).toBe('name_taken');
  });

  test('that the store cannot take is none, and its name is free', () => {
    const w = new World({ registration: 'open' });
    w.disk = 'full';
    const session = tries(w, registers('erin'));
    expect(refusal(w, session)).toMatchObject({ code: 'not_stored', closes: false });
    w.disk = 'good';
    w.tell(session, registers('erin'));
    expect(w.expect(session, 'welcome').user).toBe('erin');
  });

  test('is not made where nobody may, or without a code where it takes one', () => {
    const closed = new World({ registration: 'closed' });
    expect(refusal(closed, tries(closed, registers('erin', { invite: '7ZB3-K0QM-4XTN-92AF' }))).code).toBe(
      'registration_closed',
    );
    const w = new World();
    expect(refusal(w, tries(w, registers('erin'))).code).toBe('registration_closed');
    expect(refusal(w, tries(w, registers('erin', { invite: '7ZB3-K0QM-4XTN-92AF' }))).code).toBe('invite_invalid');
  });

  test('an invite code makes one, however it is typed', () => {
    const w = new World({ operatorUid: 1 });
    const root = w.login('root', 1);
    w.tell(root, { type: 'invite', id: 'i' });
    const { code, until } = w.expect(root, 'invite');
    expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(until).toBe(w.now().wall + 7 * 24 * 3600 * 1000);
    expect(w.notices).toContainEqual({ kind: 'audit', by: 'root', action: 'invite', target: '', detail: '' });
    const typed = code.toLowerCase().replaceAll('-', '');
    expect(w.expect(tries(w, registers('erin', { invite: typed })), 'welcome').user).toBe('erin');
    expect(refusal(w, tries(w, registers('frank', { invite: code }))).code).toBe('invite_invalid');
  });

  test('that could not be made uses no code up', () => {
    const w = new World({ operatorUid: 1 });
    const root = w.login('root', 1);
    w.tell(root, { type: 'invite' });
    const { code } = w.expect(root, 'invite');
    w.disk = 'full';
    tries(w, registers('erin', { invite: code }));
    w.disk = 'good';
    expect(w.expect(tries(w, registers('erin', { invite: code })), 'welcome').user).toBe('erin');
  });

  test('codes are made by operators, and only where they are good for something', () => {
    const w = new World({ operatorUid: 1 });
    const dave = w.login('dave', 1004);
    w.tell(dave, { type: 'invite', id: 'i' });
    expect(refusal(w, dave)).toMatchObject({ code: 'not_operator', id: 'i' });
    for (const registration of ['open', 'closed'] as const) {
      const other = new World({ operatorUid: 1, registration });
      const root = other.login('root', 1);
      other.tell(root, { type: 'invite' });
      expect(refusal(other, root)).toMatchObject({ code: 'no_invites', closes: false });
    }
  });

  test('one source makes only so many', () => {
    const w = new World({ registration: 'open', rateLimit: true });
    for (let i = 0; i < 20; i++) {
      const session = tries(w, registers(`user-${'abcdefghijknopqrstuv'[i]}`));
      expect(w.take(session)[0]).toMatchObject({ type: 'welcome' });
      w.close(session);
    }
    expect(refusal(w, tries(w, registers('one-more'))).code).toBe('too_many_accounts');
    expect(w.expect(tries(w, registers('one-more'), '10.0.0.8'), 'welcome').user).toBe('one-more');
  });
});

describe('one’s own password', () => {
  test('is changed by who knows the old one', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    w.take(session);
    w.tell(session, { type: 'password', password: 'another one', id: 'a' });
    expect(refusal(w, session)).toMatchObject({ code: 'wrong_old_password', closes: false, id: 'a' });
    w.tell(session, { type: 'password', password: 'another one', old: 'wrong guess' });
    expect(refusal(w, session).code).toBe('wrong_old_password');
    w.tell(session, { type: 'password', password: 'another one', old: GOOD, id: 'b' });
    expect(w.expect(session, 'done').id).toBe('b');
    expect(w.logins.passwords.get(alice)).toBe('another one');
  });

  test('is not guessed at an open terminal either', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    w.take(session);
    for (let i = 0; i < 3; i++) w.tell(session, { type: 'password', password: 'another one', old: 'wrong guess' });
    w.tell(session, { type: 'password', password: 'another one', old: GOOD });
    expect(w.take(session).at(-1)).toMatchObject({ code: 'wrong_old_password', text: /try again in 60 s/ as never });
    expect(w.logins.passwords.get(alice)).toBe(GOOD);
  });

  test('must be one that may be kept, and guests have none', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    w.take(session);
    w.tell(session, { type: 'password', password: 'short', old: GOOD });
    expect(refusal(w, session)).toMatchObject({ code: 'password_unusable', closes: false });
    const bob = w.guest('bob');
    for (const message of [
      { type: 'password', password: GOOD },
      { type: 'key_add', key: KEY, label: 'x' },
      { type: 'key_remove', fingerprint: `SHA256:${KEY}` },
      { type: 'keys' },
    ]) {
      w.tell(bob, message);
      expect(refusal(w, bob)).toMatchObject({ code: 'no_account', closes: false });
    }
  });
});

describe('device keys', () => {
  test('are added, listed, log in, and are removed with their sessions', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    w.take(session);
    w.tell(session, { type: 'key_add', key: KEY, label: 'laptop', id: 'a' });
    expect(w.expect(session, 'done').id).toBe('a');
    w.tell(session, { type: 'keys', id: 'l' });
    const fingerprint = `SHA256:${KEY}`;
    const added = w.now().wall;
    expect(w.expect(session, 'keys')).toEqual({
      type: 'keys',
      id: 'l',
      keys: [{ fingerprint, label: 'laptop', added }],
    });
    const laptop = tries(w, byKey('alice'));
    expect(w.expect(laptop, 'welcome').user).toBe('alice');
    w.tell(session, { type: 'key_remove', fingerprint, id: 'r' });
    expect(w.take(session).at(-1)).toMatchObject({ type: 'done', id: 'r' });
    expect(w.take(laptop).at(-1)).toMatchObject({ code: 'wrong_key', closes: true });
    expect(refusal(w, tries(w, byKey('alice'))).code).toBe('wrong_key');
    w.tell(session, { type: 'key_remove', fingerprint });
    expect(w.take(session).at(-1)).toMatchObject({ code: 'no_such_key', closes: false });
  });

  test('of an unknown name are refused in the same words', () => {
    const w = withAlice();
    expect(refusal(w, tries(w, byKey('nobody-here')))).toEqual(refusal(w, tries(w, byKey('alice'))));
  });

  test('are at most twenty', () => {
    const w = withAlice();
    const session = tries(w, byPassword('alice'));
    for (let i = 0; i < 21; i++) w.tell(session, { type: 'key_add', key: `${i}A`.padStart(43, 'k'), label: 'x' });
    expect(w.take(session).at(-1)).toMatchObject({ code: 'too_many_keys', closes: false });
  });
});

test('whatever is tried in whatever order, nobody gets in without the password, and no third guess is looked at', () => {
  const step = fc.record({
    source: fc.constantFrom('10.0.0.1', '10.0.0.2'),
    name: fc.constantFrom('alice', 'Alice', 'nobody-here'),
    method: fc.constantFrom('password', 'register', 'key'),
    wait: fc.constantFrom(0, 0, 1000, 20_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const w = withAlice({ registration: 'closed' });
      const lookedAt = new Map<string, number[]>();
      for (const { source, name, method, wait } of steps) {
        const before = w.logins.looked;
        const hello = method === 'key' ? byKey(name) : { ...HELLO, name, auth: { method, password: 'wrong guess' } };
        const session = tries(w, hello, source);
        expect(refusal(w, session).closes).toBe(true);
        const key = `${source} ${name.toLowerCase()}`;
        if (w.logins.looked > before) lookedAt.set(key, [...(lookedAt.get(key) ?? []), w.mono]);
        w.close(session);
        w.advance(wait);
      }
      expect(w.core.users.size).toBe(0);
      // Three at once, and then none for a minute.
      for (const times of lookedAt.values())
        for (const [i, time] of times.entries()) {
          const next = times[i + 1];
          if (i % 3 === 2 && next !== undefined) expect(next - time).toBeGreaterThanOrEqual(60_000);
        }
    }),
    { numRuns: 100 },
  );
});
