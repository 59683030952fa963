import { expect, test } from 'vitest';
import { waitFor } from '../../../src/client/core/returning.ts';
import { UNICODE_SIGNS } from '../../../src/client/view/signs.ts';
import { statusBar } from '../../../src/client/view/status-bar.ts';
import { at, Drive, info, START } from './drive.ts';

/** Milliseconds that the connection and the log-in take, once the server listens. */
const LOG_IN_MS = 1000;
const PROMISE_MS = 5000;
const HOUR_MS = 3_600_000;

const shutdown = { type: 'bye', reason: 'shutdown', text: 'the server is restarting' } as const;

/** Nothing listens until `length` ms have passed. @returns how long after that (ms) the first try comes. */
function outage(drive: Drive, length: number): number {
  const end = drive.mono + length;
  for (;;) {
    const { connection } = drive.state;
    if (connection.kind !== 'waiting') throw new Error(connection.kind);
    drive.mono = connection.retryAt;
    expect(drive.tick()).toEqual([{ do: 'connect' }]);
    if (drive.mono >= end) return drive.mono - end;
    drive.event({ type: 'linkDown', text: 'nothing listens on box:2428' });
  }
}

test.each([
  ['a second', 1000],
  ['half a minute', 30_000],
  ['an hour', HOUR_MS],
])('after a restart that takes %s everybody is back within 5 s, whatever chance says', (_, length) => {
  for (const chance of [0, 0.3, 0.999, 1]) {
    const drive = new Drive();
    drive.chance = chance;
    drive.login([info('#lobby')]);
    drive.get(shutdown);
    expect(outage(drive, length)).toBeLessThanOrEqual(PROMISE_MS - LOG_IN_MS);
  }
});

test('ten thousand clients that were told together do not come together', () => {
  let chance = 0.123;
  const random = (): number => {
    // Knuth's multiplicative generator will do.
    chance = (chance * 16_807.7) % 1;
    return chance;
  };
  const outageMs = 60_000;
  const seconds = [0, 0, 0, 0, 0];
  for (let client = 0; client < 10_000; client += 1) {
    let at = 0;
    for (let failures = 1; at < outageMs; failures += 1)
      at += waitFor({ address: 'box:2428', saidSo: at, failures }, random);
    const second = Math.floor((at - outageMs) / 1000);
    seconds[second] = (seconds[second] ?? 0) + 1;
  }
  expect(seconds[4]).toBe(0);
  // None of the four seconds has all of them: at most as many log-ins as chance makes of a wait of 2 s on average.
  expect(Math.max(...seconds)).toBeLessThan(5500);
  expect(Math.min(...seconds.slice(0, 4))).toBeGreaterThan(200);
});

test('the status says that it restarts for a minute, whatever each try says, and then what is wrong', () => {
  const drive = new Drive();
  drive.chance = 1;
  drive.login([info('#lobby')]);
  drive.get(shutdown);
  const since = drive.mono;
  const row = statusBar(drive.state, at(START), drive.mono, 80, UNICODE_SIGNS);
  expect(row.map(({ text }) => text).join('')).toContain(
    'offline: the server is restarting, trying again in 1 s (Enter: now)',
  );
  outage(drive, 20_000);
  drive.event({ type: 'linkDown', text: 'nothing listens on box:2428' });
  expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason: 'the server is restarting' });
  drive.mono = since + 60_000;
  drive.key('enter');
  drive.event({ type: 'linkDown', text: 'nothing listens on box:2428' });
  expect(drive.state.connection).toMatchObject({ kind: 'waiting', reason: 'nothing listens on box:2428' });
});

test('a server elsewhere that vanishes without a word is tried ever more rarely, one on this host is not', () => {
  const longest = (address: string, saidSo?: number) => waitFor({ address, saidSo, failures: 1000 }, () => 1);
  expect(longest('box:2428')).toBe(30_000);
  for (const here of ['127.0.0.1:2428', '[::1]:2428', 'localhost:2428']) expect(longest(here)).toBe(4000);
  // The local network: what is dialled is one's own program, or this one becomes it.
  expect(longest('lan')).toBe(4000);
  expect(longest('lan:2428')).toBe(30_000);
  expect(longest('127.0.0.1.example:2428')).toBe(30_000);
  // And one that said it would be back is not waited for like that for ever.
  expect(longest('box:2428', HOUR_MS)).toBe(4000);
  expect(longest('box:2428', 24 * HOUR_MS)).toBe(30_000);
});

test('once it is back, the next loss is one without a word', () => {
  const drive = new Drive();
  drive.chance = 1;
  drive.login([info('#lobby')]);
  drive.get(shutdown);
  outage(drive, 1000);
  drive.login([info('#lobby')]);
  for (let failures = 0; failures < 10; failures += 1) {
    drive.event({ type: 'linkDown', text: 'ECONNRESET' });
    if (failures < 9) drive.key('enter');
  }
  const { connection } = drive.state;
  expect(connection).toMatchObject({ kind: 'waiting', reason: 'ECONNRESET' });
  expect(connection.kind === 'waiting' && connection.retryAt - drive.mono).toBe(30_000);
});

test('a server that answers and wants nobody for now is left in peace, though it has just restarted', () => {
  const drive = new Drive();
  drive.chance = 1;
  drive.login([info('#lobby')]);
  drive.get(shutdown);
  for (let i = 0; i < 8; i += 1) {
    drive.key('enter');
    drive.event({ type: 'linkUp' });
    drive.get({ type: 'error', code: 'server_full', text: 'full', closes: true });
  }
  const { connection } = drive.state;
  expect(connection).toMatchObject({ kind: 'waiting', reason: 'full' });
  expect(connection.kind === 'waiting' && connection.retryAt - drive.mono).toBe(30_000);
});
