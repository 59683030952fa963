import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_SEQ, type UserName } from '../../../src/base/ids.ts';
import { CLIENT_MESSAGES } from '../../../src/protocol/client-messages.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import type { Identified } from '../../../src/server/core/login.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { malformed, opened } from '../../../src/server/core/sessions.ts';
import type { LoginMethod } from '../../../src/server/core/user.ts';
import { World } from '../core/world.ts';
import { deviceOf, groupOf, mailTo, sayDevice } from '../sealed.ts';

const word = fc.constantFrom(
  ...Object.keys(CLIENT_MESSAGES),
  'constructor',
  '__proto__',
  '#lobby',
  '#dev',
  'guest',
  'host',
  'password',
  'register',
  'key',
  'bob',
  'x',
  '',
);
const value = fc.oneof(word, fc.boolean(), fc.integer(), fc.constant(null), fc.string(), fc.object({ maxDepth: 2 }));
/** Nearly messages: real types with the fields of all, some of them right. */
const nearly = fc.dictionary(
  fc.constantFrom(
    'type',
    'version',
    'name',
    'auth',
    'visible',
    'id',
    'to',
    'text',
    'room',
    'follow',
    'before',
    'since',
    'limit',
    'n',
    'body',
    'user',
    'target',
    'password',
    'old',
    'key',
    'label',
    'fingerprint',
    'for',
    'device',
    'packages',
    'claim',
    'sealed',
    'frame',
    're',
    'seq',
    'emoji',
    'on',
    'words',
    'around',
    'changes',
  ),
  value,
);
const GUEST = { type: 'hello', version: 1, name: 'bob', auth: { method: 'guest' } };
const real = fc.constantFrom<object>(
  { type: 'say', to: '#lobby', text: 'x', id: 'a' },
  { type: 'say', to: '#dev', text: 'x' },
  { type: 'join', room: '#dev', id: 'j' },
  { type: 'leave', room: '#dev' },
  { type: 'topic', room: '#lobby', text: 't' },
  { type: 'who', follow: true },
  { type: 'rooms' },
  { type: 'members', room: '#lobby' },
  { type: 'history', room: '#lobby', since: 0 },
  { type: 'history', room: '#lobby', around: 2 },
  { type: 'history', room: '#dev', changes: 0, limit: 1 },
  { type: 'say', to: '#lobby', text: 'y', re: 1 },
  { type: 'edit', room: '#lobby', seq: 1, text: 'z', id: 'e' },
  { type: 'edit', room: '#dev', seq: 1, text: 'z' },
  { type: 'delete', room: '#lobby', seq: 2, id: 'e' },
  { type: 'react', room: '#lobby', seq: 1, emoji: '👍', on: true, id: 'e' },
  { type: 'react', room: '#lobby', seq: 1, emoji: '👍', on: false },
  { type: 'typing', to: '#lobby' },
  { type: 'typing', to: '~carol' },
  { type: 'search', words: 'x "y z" from:bob', id: 's' },
  { type: 'search', words: 'x', room: '#dev', before: '1.1' },
  mailTo('watcher', 'watcher1', 'p'),
  mailTo('~carol', 'carol1', 'q'),
  sayDevice('carol1', ['one', 'two']),
  sayDevice('bob1', ['three']),
  { type: 'devices', user: '~carol', claim: [deviceOf('carol1')] },
  { type: 'devices', user: 'watcher', claim: [deviceOf('watcher1')], id: 'd' },
  { type: 'private', to: '~carol', frame: { kind: 'ask', chat: groupOf('c'), from: deviceOf('bob1') } },
  { type: 'private', to: 'watcher', frame: { kind: 'ask', chat: groupOf('c'), from: deviceOf('bob1') } },
  {
    type: 'private',
    to: '~bob',
    device: deviceOf('bob1'),
    frame: { kind: 'plain', chat: groupOf('c'), seq: 1, item: 'x' },
  },
  { type: 'received', n: 1 },
  { type: 'block', user: '~bob' },
  { type: 'block', user: '~carol' },
  { type: 'unblock', user: '~carol' },
  { type: 'mute', user: '~carol', for: 5000 },
  { type: 'mute', user: 'watcher' },
  { type: 'unmute', user: '~carol' },
  { type: 'announce', text: 'x' },
  { type: 'activity' },
  { type: 'ping', n: 1 },
  { type: 'op', user: 'bob', id: 'o' },
  { type: 'deop', user: 'bob' },
  { type: 'kick', user: '~bob', reason: 'r' },
  { type: 'ban', target: '~carol', for: 1000 },
  { type: 'ban', target: 'uid 7' },
  { type: 'unban', target: '~carol' },
  { type: 'bans' },
  { type: 'slow', room: '#lobby', every: 1000 },
  { type: 'slow', room: '#dev', every: 0 },
  { type: 'close', room: '#dev' },
  { type: 'password', password: 'a new password', id: 'w' },
  { type: 'key_add', key: 'A'.repeat(43), label: 'x' },
  { type: 'key_remove', fingerprint: `SHA256:${'k'.repeat(43)}` },
  { type: 'keys' },
  { type: 'invite' },
);
const leaving = fc.constant<object>({ type: 'bye' });
/** Of a host that knows nobody. */
const ANSWERS: Readonly<Record<LoginMethod, Identified>> = {
  guest: { kind: 'unknown' },
  host: { kind: 'unknown' },
  password: { kind: 'located' },
  key: { kind: 'located' },
  register: { kind: 'newcomer', reserved: false },
};
/** Every way to log in, for somebody who knows nothing. */
const guess = fc
  .record({
    name: fc.constantFrom('watcher', 'alice', 'bob', 'x'),
    auth: fc.constantFrom<object>(
      { method: 'guest' },
      { method: 'host' },
      { method: 'password', password: 'wrong guess' },
      { method: 'register', password: 'wrong guess' },
      { method: 'register', password: 'wrong guess', invite: '7ZB3-K0QM-4XTN-92AF' },
      { method: 'key', key: 'A'.repeat(43), signature: 's'.repeat(86) },
    ),
  })
  .map((hello): object => ({ type: 'hello', version: 1, ...hello }));

test('no sequence of frames from who isn’t logged in reaches a room, a mailbox, or a list', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(nearly, real, guess, leaving), { maxLength: 30 }), (frames) => {
      // Every log-in fails: no guests, and the kernel knows nobody.
      const w = new World({ guests: false });
      w.identity = () => ({ kind: 'unknown' });
      const watcher = w.connect();
      w.identity = () => ({ kind: 'host', uid: 1, login: 'watcher' });
      w.tell(watcher, { type: 'hello', version: 1, auth: { method: 'host' } });
      w.tell(watcher, { type: 'who', follow: true });
      w.tell(watcher, sayDevice('watcher1', ['package']));
      w.take(watcher);
      w.logins.passwords.set('watcher' as UserName, 'correct horse');
      // The kernel knows the stranger no more, and a password or a key must be right.
      w.identity = (_, method) => ANSWERS[method];
      // Many frames end their connection, so that each is once the first of one.
      const strangers = Array.from({ length: frames.length + 1 }, () => w.connect());
      for (const [i, stranger] of strangers.entries()) for (const frame of frames.slice(i)) w.tell(stranger, frame);
      expect(w.take(watcher)).toEqual([]);
      expect(w.mail.page('watcher' as UserName, deviceOf('watcher1'), NO_SEQ).last).toBe(0);
      expect(w.mail.devices('watcher' as UserName, [])).toEqual([{ device: deviceOf('watcher1'), left: 1 }]);
      expect([w.core.guestDevices.size, w.core.claims.size]).toEqual([0, 0]);
      expect(w.core.ignores.isEmpty).toBe(true);
      expect([...w.core.users.keys()]).toEqual(['watcher']);
      expect([...w.core.rooms.keys()]).toEqual(['#lobby']);
      expect([...w.core.lastSeen.keys()]).toEqual(['watcher']);
      for (const members of w.channels.values()) expect([...members]).toEqual([watcher.id]);
      const told = strangers.flatMap((stranger) => w.take(stranger)).map(({ type }) => type);
      expect(told.every((type) => type === 'error' || type === 'pong' || type === 'bye')).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('whatever a guest sends, in whatever order, the state stays whole', () => {
  const frame = fc.oneof({ weight: 2, arbitrary: real }, { weight: 1, arbitrary: nearly });
  const step = fc.record({ who: fc.nat({ max: 2 }), frame, wait: fc.constantFrom(0, 0, 0, 500, 12_000, 70_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom('good', 'hold', 'full'), (steps, disk) => {
      const w = new World();
      w.disk = disk as 'good';
      const sessions: Session[] = ['bob', 'carol', 'bob'].map((name) => w.guest(name));
      for (const { who, frame: sent, wait } of steps) {
        w.tell(sessions[who]!, sent);
        w.advance(wait);
      }
      w.disk = 'good';
      while (w.waiting > 0) w.commit();
      for (const session of sessions) w.close(session);
      // Everybody has gone: nothing of them is left that could grow.
      const { core } = w;
      expect([core.users.size, core.guests.size, core.sessions.size, core.roomsOf.size]).toEqual([0, 0, 0, 0]);
      expect([core.flooding.size, core.appendChars, core.creating]).toEqual([0, 0, 0]);
      expect([core.ignores.isEmpty, core.muteEnds.size]).toEqual([true, 0]);
      expect([core.guestDevices.size, core.guestDevices.packages]).toEqual([0, 0]);
      expect([core.active.size, core.away.size, core.pinging.size, core.hellos.size]).toEqual([0, 0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});

test('whatever operators order while people come, talk and go, nothing of those who have gone is left', () => {
  const step = fc.record({ who: fc.nat({ max: 4 }), frame: real, wait: fc.constantFrom(0, 0, 500, 12_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom('good', 'full'), (steps, disk) => {
      const w = new World({ operatorUid: 0, rateLimit: true });
      const come = [
        () => w.login('root', 0),
        () => w.login('bob', 1001),
        ...['bob', 'carol', 'dave'].map((name, i) => () => {
          const session = w.connect(`10.0.0.${i}`);
          w.tell(session, { ...GUEST, name });
          return session;
        }),
      ];
      const sessions: Session[] = come.map((one) => one());
      w.disk = disk as 'good';
      for (const { who, frame, wait } of steps) {
        w.tell(sessions[who]!, frame);
        w.advance(wait);
        // Whoever was put out comes back, if they may.
        if (who > 1 && w.ended.has(sessions[who]!.id)) {
          w.close(sessions[who]!);
          sessions[who] = come[who]!();
        }
      }
      const { core } = w;
      // The server's own user is never put out by an order.
      const told = w.frames.get(sessions[0]!.id) ?? [];
      const isOut = (frame: ServerMessage) => frame.type === 'error' && ['kicked', 'banned'].includes(frame.code);
      expect(told.filter(isOut)).toEqual([]);
      for (const session of sessions) w.close(session);
      expect([core.users.size, core.guests.size, core.sessions.size]).toEqual([0, 0, 0]);
      expect([core.flooding.size, core.throttled.size, core.hellos.size, core.creating]).toEqual([0, 0, 0, 0]);
      for (const room of core.rooms.values()) if (room.closed) expect(room.members.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('twenty errors in a row are enough, and one message between starts again', () => {
  const w = new World();
  const bob = w.connect();
  w.tell(bob, GUEST);
  w.take(bob);
  for (let i = 0; i < 19; i++) w.tell(bob, { type: 'nonsense' });
  w.tell(bob, { type: 'ping' });
  for (let i = 0; i < 19; i++) w.tell(bob, { type: 'say' });
  expect(w.ended).not.toContain(bob.id);
  w.tell(bob, { type: 'nonsense', id: 'n' });
  const last = w.take(bob).slice(-2);
  expect(last).toMatchObject([
    { code: 'unknown_type', id: 'n', closes: false },
    { code: 'too_many_errors', closes: true },
  ]);
  expect(w.ended).toContain(bob.id);
});

test('a line that is too long ends the connection, one that is no UTF-8 does not', () => {
  const w = new World();
  const bob = w.guest('bob');
  malformed(w.core, bob, 'bad_utf8', w.now());
  malformed(w.core, bob, 'frame_too_long', w.now());
  w.tell(bob, { type: 'ping' });
  expect(w.take(bob)).toMatchObject([
    { code: 'bad_utf8', closes: false },
    { code: 'frame_too_long', closes: true },
  ]);
});

test('the log is not filled by who is refused again and again', () => {
  const w = new World();
  const bob = w.guest('bob');
  for (let i = 0; i < 1000; i++) w.tell(bob, { type: 'say', to: '#nowhere', text: 'x' });
  expect(w.take(bob)).toHaveLength(1000);
  expect(w.notices.filter(({ kind }) => kind === 'refused')).toHaveLength(10);
});

test('a full server says so, and a flood beyond that is dropped', () => {
  const w = new World();
  const peer = { host: '127.0.0.1', loopback: true };
  for (let i = 0; i < 20_000; i++) opened(w.core, peer, w.now());
  const late = w.connect();
  expect(w.expect(late, 'error')).toMatchObject({ code: 'server_full', closes: true });
  for (let i = 1; i < 500; i++) expect(opened(w.core, peer, w.now())).toBeDefined();
  expect(opened(w.core, peer, w.now())).toBeUndefined();
  w.close(late);
  expect(opened(w.core, peer, w.now())).toBeDefined();
});

test('strings that broke other programs are names and texts like any other, or refused', () => {
  const strings = JSON.parse(
    readFileSync(new URL('../../data/naughty-strings.json', import.meta.url), 'utf8'),
  ) as string[];
  const w = new World();
  const [bob, carol] = [w.guest('bob'), w.guest('carol')];
  for (const text of strings) {
    w.tell(bob, { type: 'say', to: '#lobby', text });
    const seen = w.take(carol);
    if (text === '') expect(seen).toEqual([]);
    else expect(seen).toMatchObject([{ type: 'message', text }]);
    w.tell(bob, { type: 'ping' });
    const guest = w.connect();
    w.tell(guest, { ...GUEST, name: text });
    w.tell(guest, { type: 'bye' });
    w.close(guest);
  }
  expect([...w.core.users.keys()]).toEqual(['~bob', '~carol']);
});
