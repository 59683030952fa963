import { expect, test } from 'vitest';
import type { RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { sessionId } from '../../../src/base/ids.ts';
import type { Core } from '../../../src/server/core/core.ts';
import { createSession, type Session, type User } from '../../../src/server/core/session.ts';
import type { ProcessFigures } from '../../../src/server/figures/meter.ts';
import { type Behind, type Connection, takeSnapshot } from '../../../src/server/figures/snapshot.ts';
import { createWork } from '../../../src/server/figures/work.ts';
import { World } from '../core/world.ts';

const at = { wall: 1_000_000 as UnixMs, mono: 0 };
const NOTHING: ProcessFigures = {
  startedAt: 0,
  cpuSeconds: 0,
  resident: 0,
  heapUsed: 0,
  loop: undefined,
  folder: undefined,
};

function take(core: Core, links: readonly Connection[] = [], more: { now?: typeof at; behind?: Behind } = {}) {
  const connections = new Map(links.map((link) => [link.session.id, link]));
  const measured = { work: createWork(), process: NOTHING, behind: more.behind ?? new Map() };
  return takeSnapshot({ core, connections, deliveries: 99, at: more.now ?? at }, measured);
}

const ROOM = { topic: '', rev: 0, slow: 0, closed: false, first: 1 as Seq } as const;

function core(): Core {
  const { core: made } = new World(
    {},
    {
      rooms: [
        { ...ROOM, name: '#lobby' as RoomName, last: 7 as Seq },
        { ...ROOM, name: '#dev' as RoomName, last: 3 as Seq, topic: 'the build' },
      ],
      memberships: [
        { room: '#dev' as RoomName, user: 'alice' as UserName },
        { room: '#dev' as RoomName, user: 'bob' as UserName },
      ],
    },
  );
  const user = (name: string, state: User['state'], identity: User['identity']): void => {
    const known = name as UserName;
    made.users.set(known, { name: known, identity, sessions: new Set(), visible: 1, state, since: at.wall });
  };
  user('alice', 'online', { kind: 'account', uid: 1001 });
  user('~dave', 'away', { kind: 'guest', source: '10.0.0.7' });
  // A script's session puts nobody online.
  user('carol', 'offline', { kind: 'account', uid: 1003 });
  return made;
}

function link(id: number, buffered = 0, more: Partial<Session> = {}, host = '10.0.0.9'): Connection {
  const session = Object.assign(createSession(sessionId(id), { host, loopback: false }, 0), more);
  return { session, since: at.wall, link: { buffered } };
}

test('a snapshot says who is here and from where, and leaves out who is not', () => {
  const { people, online, away } = take(core());
  expect([...people]).toEqual([
    { name: 'alice', state: 'online', since: at.wall, from: 'uid 1001' },
    { name: '~dave', state: 'away', since: at.wall, from: '10.0.0.7' },
  ]);
  expect({ online, away }).toEqual({ online: 1, away: 1 });
});

test('a room has its members and those of them who are here, and the lobby everybody who is', () => {
  const { rooms, roomCount } = take(core());
  expect(Array.from(rooms, ({ name, members, here, last, topic }) => [name, members, here(), last, topic])).toEqual([
    ['#lobby', 2, 2, 7, ''],
    ['#dev', 2, 1, 3, 'the build'],
  ]);
  expect(roomCount).toBe(2);
});

test('every connection counts, what waits for it, and what waits for the slowest', () => {
  const snapshot = take(core(), [link(1, 10), link(2, 4096), link(3)]);
  expect(snapshot).toMatchObject({
    connections: 3,
    outboxMaxBytes: 4096,
    outboxBytes: 4106,
    behind: 2,
    deliveries: 99,
  });
  expect(take(core())).toMatchObject({ connections: 0, outboxMaxBytes: 0, outboxBytes: 0, behind: 0 });
});

test('a connection has its user and its kind', () => {
  const made = core();
  const alice = made.users.get('alice' as UserName);
  if (alice === undefined) throw new Error('alice is missing');
  const links = [
    link(1),
    link(2, 0, { state: { kind: 'authenticating', claim: { kind: 'host' }, visible: true } }),
    link(3, 0, { state: { kind: 'online', user: alice, visible: true }, from: 'uid 1001' }),
    link(4, 0, { state: { kind: 'online', user: alice, visible: false } }),
    link(5, 0, { state: { kind: 'closing' } }),
    link(6, 0, {
      state: { kind: 'online', user: alice, visible: false },
      peer: { host: 'console', loopback: true, console: true },
    }),
  ];
  const snapshot = take(made, links);
  expect(Array.from(snapshot.links, ({ user, from, kind }) => [user, from, kind])).toEqual([
    [undefined, '10.0.0.9', 'new'],
    [undefined, '10.0.0.9', 'log-in'],
    ['alice', 'uid 1001', 'client'],
    ['alice', '10.0.0.9', 'script'],
    [undefined, '10.0.0.9', 'closing'],
    ['alice', 'console', 'console'],
  ]);
  expect(snapshot.sessions).toEqual({ connected: 1, authenticating: 1, online: 3, closing: 1 });
});

test('who is behind is so since the first look that found something waiting, until one that finds nothing', () => {
  const made = core();
  const behind: Behind = new Map();
  const lagAt = (wall: number, ...buffered: readonly number[]): (number | undefined)[] => {
    const links = buffered.map((bytes, i) => link(i + 1, bytes));
    return Array.from(
      take(made, links, { now: { wall: wall as UnixMs, mono: 0 }, behind }).links,
      (one) => one.behindSince,
    );
  };
  expect(lagAt(1000, 5, 0)).toEqual([1000, undefined]);
  expect(lagAt(2000, 9, 7)).toEqual([1000, 2000]);
  expect(lagAt(3000, 0, 7)).toEqual([undefined, 2000]);
  expect(lagAt(4000, 1)).toEqual([4000]);
  expect(behind.size).toBe(1);
});

test('who is locked out now counts, not who was', () => {
  const { core: made } = new World({ lockout: { after: 1, lockFor: 60_000 } });
  const guess = (account: string, mono: number): void => {
    made.lockouts.begin(account, 'uid 1001', { ...at, mono });
    made.lockouts.end(account, 'uid 1001', 'wrong', { ...at, mono });
  };
  guess('alice', 0);
  guess('bob', 30_000);
  const lockedAt = (mono: number): number => take(made, [], { now: { ...at, mono } }).locked;
  expect([59_999, 60_000, 90_000].map(lockedAt)).toEqual([2, 1, 0]);
});
