import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseConfig, placeIn, readConfig } from '../../../src/client/shell/config-file.ts';
import { Settings } from '../../../src/client/shell/settings.ts';
import type { OptionTable } from '../../../src/usage/option.ts';

const TABLE: OptionTable = {
  user: { kind: 'text', says: '' },
  port: { kind: 'port', says: '' },
  guests: { kind: 'flag', says: '' },
  'rate-limit': { kind: 'switch', says: '' },
  'away-after': { kind: 'duration', says: '' },
  limit: { kind: 'count', says: '' },
  config: { kind: 'text', says: '', argvOnly: true },
};

const lines = (settings: Settings) => settings.faults.map(({ line }) => line);
const from = (toml: string, argv = {}) => new Settings(TABLE, argv, parseConfig(toml, 'config.toml'));

test('a file gives what was not typed', () => {
  const settings = from('user = "alice"\nport = 99\nguests = true\nrate-limit = "off"\naway-after = "15m"', {
    user: 'bob',
  });
  expect(settings.text('user')).toBe('bob');
  expect(settings.port('port')).toBe(99);
  expect(settings.flag('guests')).toBe(true);
  expect(settings.switch('rate-limit')).toBe(false);
  expect(settings.duration('away-after')).toBe(900_000);
  expect(settings.count('limit')).toBeUndefined();
  expect(lines(settings)).toEqual([]);
});

test('a number of seconds, and true for on, are as good', () => {
  const settings = from('away-after = 90\nrate-limit = true');
  expect(settings.duration('away-after')).toBe(90_000);
  expect(settings.switch('rate-limit')).toBe(true);
});

test('a key that is unknown is a fault with its line and column', () => {
  expect(lines(from('# mine\n\n  usr = "alice"\n'))).toEqual([
    'config.toml:3:3: "usr" is no setting; known are user, port, guests, rate-limit, away-after, limit',
  ]);
  expect(lines(from('[server]\nport = 1'))[0]).toMatch(/^config\.toml:1:1: "server" is no setting/);
});

test('what only an option may say is no key', () => {
  const settings = from('config = "other"');
  expect(lines(settings)[0]).toMatch(/^config\.toml:1:1: "config" is no setting/);
  expect(settings.text('config')).toBeUndefined();
});

test.each([
  ['port = 70000', 'config.toml:1:8: port: 70000 is not a port from 0 to 65535'],
  ['port = 1.5', 'config.toml:1:8: port: 1.5 is not a port'],
  ['\nport   =   "x"', 'config.toml:2:12: port: "x" is not a port'],
  ['"port" = true', 'config.toml:1:10: port: true is not a port'],
])('a value that is wrong is a fault with the place of the value: %j', (toml, line) => {
  const settings = from(toml);
  expect(settings.port('port')).toBeUndefined();
  expect(lines(settings)[0]).toContain(line);
});

test('values of the wrong kind are faults, never taken for something else', () => {
  const settings = from('user = 7\nguests = "yes"\nrate-limit = "maybe"\naway-after = false\nlimit = -1');
  expect(settings.text('user')).toBeUndefined();
  expect(settings.flag('guests')).toBeUndefined();
  expect(settings.switch('rate-limit')).toBeUndefined();
  expect(settings.duration('away-after')).toBeUndefined();
  expect(settings.count('limit')).toBeUndefined();
  expect(lines(settings)).toHaveLength(5);
});

test('what is typed wrong is named as it was typed, and is no fault of the file', () => {
  const settings = from('port = 1', { port: 'x' });
  expect(settings.port('port')).toBeUndefined();
  expect(settings.faults).toEqual([{ line: '--port: "x" is not a port from 0 to 65535', fromFile: false }]);
});

test('a file that is no TOML is one fault with line and column, without an excerpt', () => {
  const settings = from('user = "a"\nport = = 3\n');
  expect(lines(settings)).toEqual([expect.stringMatching(/^config\.toml:2:\d+: [^\n]+$/)]);
  expect(settings.text('user')).toBeUndefined();
});

test('a key is found behind texts that look like it', () => {
  const source = 'a = """\nport = 1\n"""\n# port = 2\nb = [\n  1,\n]\nport = "x"\n';
  expect(placeIn(source, 'port')).toEqual({ line: 8, column: 1 });
  expect(placeIn(source, 'b')).toEqual({ line: 5, column: 1 });
  expect(placeIn(source, 'a', true)).toEqual({ line: 1, column: 5 });
});

describe('a table', () => {
  const keys = (toml: string): Settings => new Settings(TABLE, {}, parseConfig(toml, 'config.toml'), ['keys']);
  const entries = (toml: string): string[] =>
    keys(toml)
      .entries('keys')
      .map(({ key, value, placeOf }) => `${placeOf(false)} ${key} = ${placeOf(true)} ${String(value)}`);

  test('has its lines, each with the place of the key and of the value', () => {
    expect(entries('user = "a"\n\n[keys]\n  "ctrl-k" = "go-to"\nprefix   = "C-b"\n"f5"=\'/who\'')).toEqual([
      'config.toml:4:3 ctrl-k = config.toml:4:14 go-to',
      'config.toml:5:1 prefix = config.toml:5:12 C-b',
      'config.toml:6:1 f5 = config.toml:6:6 /who',
    ]);
  });

  test('may be written in braces, or with dots', () => {
    expect(entries('# k = { f1 = 1 }\nkeys = { "f1" = "a", \'f1 \' = "b",f2="c" }')).toEqual([
      'config.toml:2:10 f1 = config.toml:2:17 a',
      'config.toml:2:22 f1  = config.toml:2:30 b',
      'config.toml:2:34 f2 = config.toml:2:37 c',
    ]);
    expect(entries('keys . f1 = "a"\nkeys."alt-x"= "b"')).toEqual([
      'config.toml:1:1 f1 = config.toml:1:13 a',
      'config.toml:2:1 alt-x = config.toml:2:15 b',
    ]);
  });

  test('is no setting where nobody asks for it, and nothing else is one', () => {
    expect(lines(from('[keys]\nf1 = "a"'))[0]).toMatch(/^config\.toml:1:1: "keys" is no setting/);
    expect(lines(keys('[kyes]\nf1 = "a"'))[0]).toMatch(/: "kyes" is no setting; known are .*, \[keys\]$/);
    const settings = keys('keys = 7');
    expect(settings.entries('keys')).toEqual([]);
    expect(lines(settings)).toEqual(['config.toml:1:8: keys: 7 is no table; write [keys], and its lines below']);
    expect(keys('').entries('keys')).toEqual([]);
  });
});

describe('a key that is set twice', () => {
  test('is one line, and everything else holds', () => {
    const settings = from('user = "a"\nport = 1\n  port = 2\nlimit = 3\nuser = "b"\nusr = 1');
    expect([settings.text('user'), settings.port('port'), settings.count('limit')]).toEqual(['a', 1, 3]);
    expect(lines(settings)).toEqual([
      'config.toml:3:3: this key is set twice; what was set first counts',
      'config.toml:5:1: this key is set twice; what was set first counts',
      expect.stringMatching(/^config\.toml:6:1: "usr" is no setting/),
    ]);
  });

  test('a table, or more than a line, is what TOML says it is', () => {
    expect(lines(from('[a]\nx = 1\n[a]\ny = 1'))[0]).toMatch(/^config\.toml:3:\d+: trying to redefine/);
    expect(lines(from('user = "a"\nuser = """\nb"""'))[0]).toMatch(/^config\.toml:2:\d+: trying to redefine/);
  });
});

test('a file that is not there is none; one that is too long or no file is a fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(readConfig(join(folder, 'config.toml'))).toBeUndefined();
  writeFileSync(join(folder, 'long.toml'), '#'.repeat(70_000));
  expect(readConfig(join(folder, 'long.toml'))?.fault).toContain('longer than 65536 bytes');
  expect(readConfig(folder)?.fault).toContain("can't be read (EISDIR)");
});
