import { expect, test } from 'vitest';
import type { RoomName, Seq, UnixMs, UserName } from '../../../../src/base/ids.ts';
import { takeSnapshot } from '../../../../src/server/console/dashboard/snapshot.ts';
import type { Core } from '../../../../src/server/core/core.ts';
import type { User } from '../../../../src/server/core/session.ts';
import { World } from '../../core/world.ts';

const at = { wall: 1_000_000 as UnixMs, mono: 0 };

function core(): Core {
  const { core: made } = new World(
    {},
    {
      rooms: [
        { name: '#lobby' as RoomName, topic: '', last: 7 as Seq, rev: 0, slow: 0, closed: false },
        { name: '#dev' as RoomName, topic: 'the build', last: 3 as Seq, rev: 0, slow: 0, closed: false },
      ],
      memberships: [{ room: '#dev' as RoomName, user: 'bob' as UserName }],
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

test('a snapshot says who is here and from where, and leaves out who is not', () => {
  const { people, online, away } = takeSnapshot(core(), [], at);
  expect([...people]).toEqual([
    { name: 'alice', state: 'online', since: at.wall, from: 'uid 1001' },
    { name: '~dave', state: 'away', since: at.wall, from: '10.0.0.7' },
  ]);
  expect({ online, away }).toEqual({ online: 1, away: 1 });
});

test('a room has its members, and the lobby everybody who is here', () => {
  const { rooms, roomCount } = takeSnapshot(core(), [], at);
  expect([...rooms]).toEqual([
    { name: '#lobby', members: 2, last: 7, topic: '' },
    { name: '#dev', members: 1, last: 3, topic: 'the build' },
  ]);
  expect(roomCount).toBe(2);
});

test('the slowest reader counts, and every connection', () => {
  const readers = [{ buffered: 10 }, { buffered: 4096 }, { buffered: 0 }];
  expect(takeSnapshot(core(), readers, at, 99)).toMatchObject({ connections: 3, outboxMaxBytes: 4096, deliveries: 99 });
  expect(takeSnapshot(core(), [], at)).toMatchObject({ connections: 0, outboxMaxBytes: 0, deliveries: undefined });
});

test('who is locked out now counts, not who was', () => {
  const { core: made } = new World({ lockout: { after: 1, lockFor: 60_000 } });
  const guess = (account: string, mono: number): void => {
    made.lockouts.begin(account, 'uid 1001', { ...at, mono });
    made.lockouts.end(account, 'uid 1001', 'wrong', { ...at, mono });
  };
  guess('alice', 0);
  guess('bob', 30_000);
  const lockedAt = (mono: number): number => takeSnapshot(made, [], { ...at, mono }).locked;
  expect([59_999, 60_000, 90_000].map(lockedAt)).toEqual([2, 1, 0]);
});
