import { expect, test } from 'vitest';
import { judgeLan, type LanFacts } from '../../../../src/client/doctor/judge/lan.ts';

const FACTS: LanFacts = {
  name: 'alice',
  port: 2428,
  addresses: ['eth0 10.0.0.7', 'wlan0 fe80::1'],
  peers: [],
  taken: undefined,
  holder: undefined,
  says: undefined,
};
const found = (more: Partial<LanFacts> = {}) =>
  judgeLan({ ...FACTS, ...more }).map(({ check, level, says }) => `${check} ${level}: ${says}`);

test('where nobody is on the network yet, it is said as whom one would be, and where', () => {
  expect(found()).toEqual([
    'lan ok: you would be alice, announced on eth0 10.0.0.7 and wlan0 fe80::1, UDP port 2428',
    'lan ok: no program of yours is on the local network now: the next uchat --lan is',
  ]);
  expect(found({ peers: ['10.0.7.1:2428'] })[0]).toMatch(/; told besides: 10\.0\.7\.1:2428$/);
});

test('a host without a network is a note, for its own users still find each other', () => {
  expect(found({ addresses: [] })[0]).toMatch(/^lan note: this host is on no network/);
});

test('a port that another program keeps to itself is a problem, and our own program is none', () => {
  expect(found({ taken: 'EADDRINUSE' })[1]).toBe('lan problem: nobody can listen on UDP port 2428 (EADDRINUSE)');
  const holder = { pid: 7, command: 'uchat' };
  const says = { user: 'alicia', people: 1, links: 1, problems: [] };
  expect(found({ taken: 'EADDRINUSE', holder, says }).map((line) => line.slice(0, 6))).toEqual(['lan ok', 'lan ok']);
});

test('the program that is on the network says how it is there', () => {
  const holder = { pid: 7, command: 'uchat' };
  const says = { user: 'alicia', people: 3, links: 2, problems: ['bob can be heard and not reached'] };
  expect(found({ holder, says })[0]).toMatch(/^lan ok: you are alicia, announced on /);
  expect(found({ holder, says }).slice(1)).toEqual([
    'lan ok: process 7 (uchat) is on the local network for all of yours: 3 people heard, 2 linked',
    'lan note: bob can be heard and not reached',
  ]);
  // The kernel doesn't say which it is.
  expect(found({ says })[1]).toMatch(/^lan ok: a program of yours is on the local network/);
});

test('one that has the lock and says nothing, or refuses, is a problem', () => {
  const holder = { pid: 7, command: 'uchat' };
  expect(found({ holder })[1]).toBe('lan problem: process 7 (uchat) has the local network, and does not answer');
  expect(found({ holder, says: 'the server refused: no more' })[1]).toMatch(/^lan problem: .* refuses: .* no more$/);
});
