import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chosenKeys } from '../../../src/client/shell/chosen-keys.ts';
import { clientSettings, loginOf } from '../../../src/client/shell/client-settings.ts';
import { clientFolder, configFile, privateFolder, serverFolder } from '../../../src/client/shell/files.ts';
import { recall, remember } from '../../../src/client/shell/remembered.ts';
import type { OptionTable } from '../../../src/usage/option.ts';

const TABLE: OptionTable = {
  server: { kind: 'text', says: '' },
  user: { kind: 'text', says: '' },
  guest: { kind: 'flag', says: '' },
  data: { kind: 'text', says: '' },
  config: { kind: 'text', says: '', argvOnly: true },
  'relay-only': { kind: 'flag', says: '' },
  'direct-port': { kind: 'port', says: '' },
  mouse: { kind: 'flag', says: '' },
  emoji: { kind: 'switch', says: '' },
};

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-settings-'));
  env = { XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
});
afterEach(() => rmSync(home, { recursive: true }));

function config(text: string): void {
  mkdirSync(join(home, 'config/uchat'), { recursive: true });
  writeFileSync(join(home, 'config/uchat/config.toml'), text);
}

const settle = (argv = {}, more = {}) => clientSettings(TABLE, argv, { ...env, ...more });
const address = (argv = {}, more = {}) => {
  const settings = settle(argv, more);
  return settings.ok
    ? [settings.value.address.host, settings.value.address.port, settings.value.addressFrom]
    : settings.error;
};

test('the server: as typed, else the environment, else the file, else what the form remembers, else this host', () => {
  expect(address()).toEqual(['127.0.0.1', 2428, 'default']);
  remember(clientFolder(env), { server: { host: 'last', port: 4 } });
  expect(address()).toEqual(['last', 4, 'remembered']);
  config('server = "filed:3"');
  expect(address()).toEqual(['filed', 3, 'file']);
  expect(address({}, { UCHAT_SERVER: 'env:2' })).toEqual(['env', 2, 'environment']);
  expect(address({ HOST: 'typed:1' }, { UCHAT_SERVER: 'env:2' })).toEqual(['typed', 1, 'typed']);
  expect(address({ server: 'typed:1' }, { UCHAT_SERVER: 'env:2' })).toEqual(['typed', 1, 'typed']);
});

test('names of emoji are replaced as they are typed, unless that is switched off', () => {
  const chosen = (argv: object = {}) => {
    const settings = settle(argv);
    return settings.ok && settings.value.emoji;
  };
  expect(chosen()).toBe(true);
  config('emoji = false');
  expect(chosen()).toBe(false);
  expect(chosen({ emoji: 'on' })).toBe(true);
});

test('direct connections and the mouse: as typed, else as in the file, else found out, and off', () => {
  const chosen = (argv = {}) => {
    const settings = settle(argv);
    return settings.ok && [settings.value.relayOnly, settings.value.directPort, settings.value.mouse];
  };
  expect(chosen()).toEqual([false, undefined, false]);
  config('relay-only = true\ndirect-port = 2429\nmouse = true');
  expect(chosen()).toEqual([true, 2429, true]);
  expect(chosen({ 'relay-only': false, 'direct-port': '2430', mouse: false })).toEqual([false, 2430, false]);
  // Nobody dials a port of the system's services.
  expect(settle({ 'direct-port': '1023' })).toMatchObject({ ok: false, error: { status: 2 } });
});

test('what is typed wrong, or set wrong in the environment, is wrong usage', () => {
  expect(address({ HOST: 'box:x' })).toMatchObject({
    status: 2,
    line: expect.stringContaining('HOST "box:x": a port'),
  });
  expect(address({}, { UCHAT_SERVER: 'a b' })).toMatchObject({
    status: 2,
    line: expect.stringContaining('$UCHAT_SERVER'),
  });
  expect(settle({ user: 'a b' })).toMatchObject({ ok: false, error: { status: 2 } });
  expect(settle({ config: join(home, 'none') })).toMatchObject({ ok: false, error: { status: 2 } });
});

test('what is wrong in the file is a warning, and the client goes on', () => {
  config('user = "a b"\nserver = "x:y"\nthme = 1');
  const settings = settle();
  expect(settings).toMatchObject({ ok: true, value: { user: undefined, addressFrom: 'default' } });
  expect(settings.ok && settings.value.warnings).toEqual([
    expect.stringMatching(/config\.toml:3:1: "thme" is no setting/),
    expect.stringMatching(/config\.toml:1:8: user: a name is/),
    expect.stringMatching(/config\.toml:2:10: server: a port is/),
  ]);
});

test('what is chosen for keys is taken as it is written, and looked at only where there are keys', () => {
  config('user = "alice"\n[keys]\n"alt-x" = "go-too"\nprefix = "C-b"');
  const settings = settle();
  if (!settings.ok) throw new Error(settings.error.line);
  expect(settings.value.warnings).toEqual([]);
  expect(settings.value.keys.map(({ key, value }) => [key, value])).toEqual([
    ['alt-x', 'go-too'],
    ['prefix', 'C-b'],
  ]);
  const chosen = chosenKeys(settings.value, { TMUX: '/tmp/tmux-0/default,1,0' });
  expect(chosen.keymap.prefix).toBe('ctrl-b');
  expect(chosen.faults).toEqual([
    expect.stringMatching(/config\.toml:4:10: prefix: "C-b" is the prefix of tmux/),
    expect.stringMatching(/config\.toml:3:11: "alt-x": "go-too" is no action: did you mean "go-to"\?/),
  ]);
  expect(chosenKeys(settings.value, { TMUX: '' }).faults).toHaveLength(1);
});

test('on this host under Linux the kernel says who one is', () => {
  const self = { user: undefined, guest: false };
  const here = { host: '127.0.0.1', port: 1 };
  expect(loginOf(self, here, 'alice', 'linux')).toEqual({ ok: true, value: { method: 'host' } });
  expect(loginOf({ ...self, user: 'alice' }, here, 'alice', 'linux')).toEqual({ ok: true, value: { method: 'host' } });
  expect(loginOf({ ...self, user: 'bob' }, here, 'alice', 'linux')).toEqual({
    ok: true,
    value: { method: 'account', name: 'bob', password: undefined },
  });
  expect(loginOf({ user: 'bob', guest: true }, here, 'alice', 'linux')).toEqual({
    ok: true,
    value: { method: 'guest', name: 'bob' },
  });
});

test('elsewhere, and on other systems, one names an account, or comes as a guest', () => {
  const there = { host: '10.0.0.7', port: 1 };
  const here = { host: '127.0.0.1', port: 1 };
  const account = { ok: true, value: { method: 'account', name: 'bob', password: undefined } };
  expect(loginOf({ user: 'bob', guest: false }, there, 'alice', 'linux')).toEqual(account);
  expect(loginOf({ user: 'bob', guest: true }, there, 'alice', 'linux')).toEqual({
    ok: true,
    value: { method: 'guest', name: 'bob' },
  });
  expect(loginOf({ user: undefined, guest: false }, there, 'alice', 'linux')).toMatchObject({
    error: { status: 2, line: expect.stringContaining('--user NAME') },
  });
  expect(loginOf({ user: 'bob', guest: false }, here, 'alice', 'darwin')).toEqual(account);
});

test('folders are where XDG says, and a relative path there is ignored', () => {
  expect(clientFolder(env)).toBe(join(home, 'data/uchat'));
  expect(serverFolder(env)).toBe(join(home, 'data/uchat-server'));
  expect(configFile('server.toml', env)).toBe(join(home, 'config/uchat/server.toml'));
  expect(clientFolder({ HOME: '/h', XDG_DATA_HOME: 'x' })).toMatch(/\/\.local\/share\/uchat$/);
});

test('what is made is for its owner alone; a folder that exists keeps its mode', () => {
  const folder = clientFolder(env);
  expect(remember(folder, { name: 'bob' })).toBeUndefined();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'client.json')).mode & 0o777).toBe(0o600);
  chmodSync(folder, 0o755);
  expect(privateFolder(folder)).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test('what is remembered comes back, and replaces what was, leaving nothing else behind', () => {
  const folder = clientFolder(env);
  expect(recall(folder)).toEqual({});
  remember(folder, { name: 'bob' });
  remember(folder, { server: { host: '::1', port: 7 }, name: 'carol' });
  expect(recall(folder)).toEqual({ value: { server: { host: '::1', port: 7 }, name: 'carol' } });
  expect(readdirSync(folder)).toEqual(['client.json']);
});

test.each([
  ['not json', 'it is not JSON'],
  ['{"version":2}', 'version must be 1'],
  ['[]', 'must be an object'],
  ['{"version":1,"server":{"host":"a b","port":1}}', 'this is no host'],
  ['{"version":1,"server":{"host":"box","port":0}}', 'server.port must be'],
  ['{"version":1,"name":"a\\u001bb"}', 'name must be'],
])('a file that is broken is as none, with a warning: %s', (text, why) => {
  mkdirSync(clientFolder(env), { recursive: true });
  writeFileSync(join(clientFolder(env), 'client.json'), text);
  const { value, warning } = recall(clientFolder(env));
  expect(value).toBeUndefined();
  expect(warning).toContain(why);
});

test('what can not be written is told, and nothing half is left', () => {
  const blocked = join(home, 'file');
  writeFileSync(blocked, '');
  expect(remember(join(blocked, 'x'), { name: 'bob' })).toContain('could not be written');
  expect(readFileSync(blocked, 'utf8')).toBe('');
  expect(existsSync(join(blocked, 'x'))).toBe(false);
});
