import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLIENT_MESSAGES } from '../../../src/protocol/client-messages.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { malformed, opened } from '../../../src/server/core/sessions.ts';
import { World } from '../core/world.ts';

const word = fc.constantFrom(
  ...Object.keys(CLIENT_MESSAGES),
  'constructor',
  '__proto__',
  '#lobby',
  '#dev',
  'guest',
  'host',
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
  { type: 'activity' },
  { type: 'ping', n: 1 },
);
const leaving = fc.constant<object>({ type: 'bye' });

test('no sequence of frames from who isn’t logged in reaches a room or a list', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(nearly, real, leaving), { maxLength: 30 }), (frames) => {
      // Every log-in fails: no guests, and the kernel knows nobody.
      const w = new World({ guests: false });
      w.identity = () => ({ kind: 'unknown' });
      const watcher = w.connect();
      w.identity = () => ({ kind: 'host', uid: 1, login: 'watcher' });
      w.tell(watcher, { type: 'hello', version: 1, auth: { method: 'host' } });
      w.tell(watcher, { type: 'who', follow: true });
      w.take(watcher);
      w.identity = () => ({ kind: 'unknown' });
      const stranger = w.connect();
      for (const frame of [...frames, { type: 'hello', version: 1, auth: { method: 'host' } }, ...frames])
        w.tell(stranger, frame);
      expect(w.take(watcher)).toEqual([]);
      expect([...w.core.users.keys()]).toEqual(['watcher']);
      expect([...w.core.rooms.keys()]).toEqual(['#lobby']);
      for (const members of w.channels.values()) expect(members).not.toContain(stranger.id);
      const told = w.take(stranger).map(({ type }) => type);
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
      expect([core.active.size, core.away.size, core.pinging.size, core.hellos.size]).toEqual([0, 0, 0, 0]);
    }),
    { numRuns: 200 },
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
