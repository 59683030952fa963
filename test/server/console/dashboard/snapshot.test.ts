import { expect, test } from 'vitest';
import type { RoomName, Seq, UnixMs, UserName } from '../../../../src/base/ids.ts';
import { takeSnapshot } from '../../../../src/server/console/dashboard/snapshot.ts';
import { type Core, createCore } from '../../../../src/server/core/core.ts';
import type { User } from '../../../../src/server/core/session.ts';

const at = { wall: 1_000_000 as UnixMs, mono: 0 };

function core(): Core {
  const made = createCore(
    { name: 'a', serverId: 'b', awayAfter: 0, logOffAfter: 0, guests: true, hostLogin: true, rateLimit: false },
    {
      rooms: [
        { name: '#lobby' as RoomName, topic: '', last: 7 as Seq },
        { name: '#dev' as RoomName, topic: 'the build', last: 3 as Seq },
      ],
      memberships: [{ room: '#dev' as RoomName, user: 'bob' as UserName }],
      accounts: [],
    },
    at,
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

test('a snapshot says who is here and from where, and leaves out who is not', () => {
  const { people, online, away } = takeSnapshot(core(), []);
  expect([...people]).toEqual([
    { name: 'alice', state: 'online', since: at.wall, from: 'uid 1001' },
    { name: '~dave', state: 'away', since: at.wall, from: '10.0.0.7' },
  ]);
  expect({ online, away }).toEqual({ online: 1, away: 1 });
});

test('a room has its members, and the lobby everybody who is here', () => {
  const { rooms, roomCount } = takeSnapshot(core(), []);
  expect([...rooms]).toEqual([
    { name: '#lobby', members: 2, last: 7, topic: '' },
    { name: '#dev', members: 1, last: 3, topic: 'the build' },
  ]);
  expect(roomCount).toBe(2);
});

test('the slowest reader counts, and every connection', () => {
  const readers = [{ buffered: 10 }, { buffered: 4096 }, { buffered: 0 }];
  expect(takeSnapshot(core(), readers, 99)).toMatchObject({ connections: 3, outboxMaxBytes: 4096, deliveries: 99 });
  expect(takeSnapshot(core(), [])).toMatchObject({ connections: 0, outboxMaxBytes: 0, deliveries: undefined });
});
