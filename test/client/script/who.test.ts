import { expect, test } from 'vitest';
import type { DeviceId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { personLine, present, table } from '../../../src/client/script/who.ts';
import type { PersonInfo } from '../../../src/protocol/server-messages.ts';

const NOW = 10_000_000;
const one = (name: string, state: PersonInfo['state'], ago: number): PersonInfo => ({
  name: name as UserName,
  state,
  since: (NOW - ago) as UnixMs,
});
const people = [one('alice', 'online', 5000), one('~bo', 'away', 200_000), one('erin', 'offline', 600_000)];

test('who is here are those that are online or away', () => {
  expect(present(people, NOW, undefined).map(({ name }) => name)).toEqual(['alice', '~bo']);
});

test('with a time, also those who left within it', () => {
  expect(present(people, NOW, 599_999)).toHaveLength(2);
  expect(present(people, NOW, 600_000)).toHaveLength(3);
});

test('the table has name, state, and how long it has lasted', () => {
  expect(table(people, NOW)).toBe('alice  online   5s\n~bo    away     3m\nerin   offline  10m\n');
  expect(table([], NOW)).toBe('');
});

test('as JSON, somebody of the local network is told by their key, too', () => {
  const device = 'lS9mEoRXLHM3xTkzuBfK6n0pzJ8FrmyXw0H8s3m1Q2Y' as DeviceId;
  const [alice] = people;
  if (alice === undefined) throw new Error('alice is here');
  const since = new Date(NOW - 5000).toISOString();
  expect(JSON.parse(personLine(alice))).toEqual({ name: 'alice', state: 'online', since });
  expect(JSON.parse(personLine({ ...alice, device }))).toEqual({
    name: 'alice',
    state: 'online',
    since,
    device,
    fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/),
  });
});
