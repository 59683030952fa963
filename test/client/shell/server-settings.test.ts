import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serverSettings } from '../../../src/client/shell/server-settings.ts';
import type { OptionTable } from '../../../src/usage/option.ts';

const flag = { kind: 'flag', says: '' } as const;
const text = { kind: 'text', says: '' } as const;
const TABLE: OptionTable = {
  host: text,
  port: { kind: 'port', says: '' },
  data: text,
  'away-after': { kind: 'duration', says: '' },
  'log-off-after': { kind: 'duration', says: '' },
  guests: flag,
  'host-login': flag,
  'no-host-login': flag,
  registration: { kind: ['open', 'invite', 'closed'], says: '' },
  'lockout-after': { kind: 'count', says: '' },
  'lockout-for': { kind: 'duration', says: '' },
  keep: text,
  'rate-limit': { kind: 'switch', says: '' },
  durability: { kind: ['full', 'process'], says: '' },
  'no-dashboard': flag,
  metrics: text,
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-server-'));
});
afterEach(() => rmSync(home, { recursive: true }));
const settle = (argv = {}) =>
  serverSettings(TABLE, argv, { XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') });

function config(toml: string): void {
  mkdirSync(join(home, 'config/uchat'), { recursive: true });
  writeFileSync(join(home, 'config/uchat/server.toml'), toml);
}

test('without options it listens on this host alone, lets no guests in, and keeps what it acknowledged', () => {
  expect(settle()).toEqual({
    ok: true,
    value: {
      host: '127.0.0.1',
      port: 2428,
      dataFolder: join(home, 'data/uchat-server'),
      awayAfter: 10_000,
      logOffAfter: 900_000,
      guests: false,
      hostLogin: true,
      registration: 'invite',
      lockoutAfter: 3,
      lockoutFor: 60_000,
      rateLimit: true,
      keep: {},
      durability: 'full',
      dashboard: true,
      metrics: undefined,
    },
  });
  expect(statSync(join(home, 'data/uchat-server')).mode & 0o777).toBe(0o700);
});

test('every option is a key of its file as well, and what is typed beats it', () => {
  config(`
host = "::1"
port = 99
data = "${home}/elsewhere"
away-after = "1m"
log-off-after = 0
guests = true
host-login = false
registration = "open"
lockout-after = 5
lockout-for = "2m"
rate-limit = "off"
keep = "90d, 1GB"
durability = "process"
no-dashboard = true
metrics = "9100"
`);
  const filed = {
    host: '::1',
    port: 99,
    dataFolder: join(home, 'elsewhere'),
    awayAfter: 60_000,
    logOffAfter: 0,
    guests: true,
    hostLogin: false,
    registration: 'open',
    lockoutAfter: 5,
    lockoutFor: 120_000,
    rateLimit: false,
    keep: { age: 7_776_000_000, bytes: 1e9 },
    durability: 'process',
    dashboard: false,
    metrics: { kind: 'port', host: '127.0.0.1', port: 9100 },
  };
  expect(settle()).toEqual({ ok: true, value: filed });
  expect(settle({ port: '0', guests: false, 'rate-limit': 'on', 'host-login': true })).toEqual({
    ok: true,
    value: { ...filed, port: 0, guests: false, rateLimit: true, hostLogin: true },
  });
});

test.each([
  ['', {}, true],
  ['', { 'no-host-login': true }, false],
  ['no-host-login = true', {}, false],
  ['no-host-login = true', { 'host-login': true }, true],
  ['host-login = true', { 'no-host-login': true }, false],
  ['host-login = false', { 'host-login': true }, true],
])('host log-in, with %j in the file and %j typed: %s', (toml, argv, on) => {
  config(toml);
  expect(settle(argv)).toMatchObject({ ok: true, value: { hostLogin: on } });
});

test('anything wrong ends the start, and makes no folder', () => {
  config('port = "x"');
  expect(settle()).toMatchObject({
    ok: false,
    error: { status: 2, line: expect.stringMatching(/server\.toml:1:8: port: "x" is not a port/) },
  });
  expect(existsSync(join(home, 'data'))).toBe(false);
  config('');
  expect(settle({ registration: 'all' })).toMatchObject({
    error: { line: expect.stringContaining('open, invite or closed') },
  });
  expect(settle({ keep: '90' })).toMatchObject({
    error: { line: expect.stringContaining('--keep: "90" is no age and no size') },
  });
  expect(settle({ 'lockout-after': '0' })).toMatchObject({ error: { line: expect.stringContaining('1 or more') } });
  expect(settle({ 'lockout-for': '0' })).toMatchObject({ error: { line: expect.stringContaining('1s or more') } });
  expect(settle({ metrics: 'box' })).toMatchObject({ error: { line: expect.stringContaining('PORT, HOST:PORT') } });
  config('host-login = true\nno-host-login = true');
  expect(settle()).toMatchObject({ ok: false, error: { line: expect.stringContaining('exclude each other') } });
});

test('a data folder that can not be made is told', () => {
  writeFileSync(join(home, 'data'), '');
  expect(settle()).toMatchObject({ ok: false, error: { status: 2, line: expect.stringContaining('--data') } });
});
