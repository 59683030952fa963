import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientSettings, comesAsGuest, loginOf } from '../../../../src/client/shell/client-settings.ts';
import { lanName } from '../../../../src/client/shell/lan/lan-settings.ts';
import { vaultFiles } from '../../../../src/client/vault/place.ts';
import { addressText, LAN_ADDRESS } from '../../../../src/link/address.ts';
import { CLIENT, CLIENT_FILE, SCREEN } from '../../../../src/usage/options.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-lan-settings-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function config(text: string): void {
  mkdirSync(join(home, 'uchat'), { recursive: true });
  writeFileSync(join(home, 'uchat/config.toml'), text);
}

const settle = (argv: object = {}, env: object = {}) =>
  clientSettings(
    { ...CLIENT_FILE, ...CLIENT, ...SCREEN },
    { ...argv },
    {
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      ...env,
    },
  );
function settled(argv: object = {}, env: object = {}) {
  const settings = settle(argv, env);
  if (!settings.ok) throw new Error(settings.error.line);
  return settings.value;
}
const fault = (argv: object): string => {
  const settings = settle(argv);
  return settings.ok ? 'no fault' : `${settings.error.status} ${settings.error.line}`;
};

test('without --lan there is a server, and the network is known all the same, for /lan on', () => {
  const { lan, network, address } = settled({ 'lan-port': '2500' });
  expect([lan, network, address]).toEqual([undefined, { port: 2500, peers: [] }, { host: '127.0.0.1', port: 2428 }]);
});

test('--lan is the network in place of a server, whatever server the file or the environment names', () => {
  config('server = "box"\nguest = true\npassword-file = "/nowhere"\nrelay-only = true');
  const settings = settled({ lan: true }, { UCHAT_SERVER: 'box:1' });
  expect(settings).toMatchObject({
    lan: { port: 2428, peers: [] },
    address: LAN_ADDRESS,
    guest: false,
    password: undefined,
    warnings: [],
  });
  expect(addressText(settings.address)).toBe('lan');
});

test('nobody is asked who they are there', () => {
  const settings = settled({ lan: true, user: 'alice' });
  expect(loginOf(settings, settings.address)).toEqual({ ok: true, value: { method: 'host' } });
  expect(comesAsGuest(settings, settings.address, 'darwin')).toBe(false);
});

test('lan in the file holds until a server is typed or in the environment', () => {
  config('lan = true');
  expect(settled().lan).toEqual({ port: 2428, peers: [] });
  expect(settled({ HOST: 'box' }).lan).toBeUndefined();
  expect(settled({ server: 'box' }).lan).toBeUndefined();
  expect(settled({}, { UCHAT_SERVER: 'box' }).lan).toBeUndefined();
  expect(settled({ guest: true, user: 'bob' }).lan).toBeUndefined();
  expect(settled({ connect: true }).lan).toBeUndefined();
  expect(settled({ lan: false }).lan).toBeUndefined();
});

test('where the file has both, its server counts, and that is said', () => {
  config('lan = true\nserver = "box"');
  const { lan, address, warnings } = settled();
  expect([lan, address.host]).toEqual([undefined, 'box']);
  expect(warnings).toEqual([expect.stringMatching(/^[^\n]*lan and server[^\n]*uchat --lan$/)]);
  expect(settled({ lan: true }).warnings).toEqual([]);
});

test.each([
  [{ HOST: 'box' }, '2 HOST and --lan exclude each other: a server, or the local network without one'],
  [{ server: 'box' }, '2 --server and --lan exclude each other: a server, or the local network without one'],
  [{ guest: true }, '2 --guest needs a server, and with --lan there is none: leave one of them out'],
  [{ 'password-file': 'f' }, '2 --password-file needs a server, and with --lan there is none: leave one of them out'],
  [{ 'relay-only': true }, '2 --relay-only needs a server, and with --lan there is none: leave one of them out'],
  [{ connect: true }, '2 --connect needs a server, and with --lan there is none: leave one of them out'],
])('--lan with %o is refused in one line', (argv, line) => {
  expect(fault({ lan: true, ...argv })).toBe(line);
});

test('others beyond the network are named by address, with our port where they name none', () => {
  const peersOf = (text: string) =>
    settled({ lan: true, 'lan-port': '2500', 'lan-peer': text }).lan?.peers.map(addressText);
  expect(peersOf('10.0.0.7')).toEqual(['10.0.0.7:2500']);
  expect(peersOf('10.0.0.7:9999, [fd00::1]:2429,fe80::1%eth0')).toEqual([
    '10.0.0.7:9999',
    '[fd00::1]:2429',
    '[fe80::1%eth0]:2500',
  ]);
  const many = (count: number) => Array.from({ length: count }, (_, n) => `10.0.0.${n}`).join(',');
  expect(peersOf(many(32))).toHaveLength(32);
  expect(fault({ lan: true, 'lan-peer': many(33) })).toBe('2 --lan-peer: names 33 addresses; 32 at most');
  expect(fault({ lan: true, 'lan-peer': 'box' })).toBe(
    '2 --lan-peer: "box" is no IP address: write it as 10.0.0.7 or 10.0.0.7:2428',
  );
  for (const wrong of ['10.0.0', '10.0.0.7:0', '10.0.0.7,', ',', '1:2:3:4'])
    expect(fault({ lan: true, 'lan-peer': wrong })).toMatch(/^2 --lan-peer: /);
});

test('a port below 1024 is nobody’s to listen on', () => {
  expect(fault({ lan: true, 'lan-port': '53' })).toBe('2 --lan-port: "53" is not a port from 1024 to 65535');
});

test('the name is the one that was chosen, else the Unix login, if that can be one', () => {
  expect(lanName('alice', 'root')).toEqual({ ok: true, value: 'alice' });
  expect(lanName(undefined, 'root')).toEqual({ ok: true, value: 'root' });
  expect(lanName(undefined, 'DOMAIN\\alice')).toEqual({ ok: false, error: expect.stringMatching(/--user NAME$/) });
  expect(lanName(undefined)).toEqual(lanName(userInfo().username));
  expect(fault({ lan: true, user: 'bob smith' })).toMatch(/^2 --user: a name is at most/);
});

test('its private chats have a place of their own, which no server has', () => {
  const placeOf = (host: string, port: number) => vaultFiles({ folder: '/d', server: { host, port } }).folder;
  expect(placeOf(LAN_ADDRESS.host, LAN_ADDRESS.port)).toBe('/d/private/lan');
  expect(placeOf('lan', 2428)).toMatch(/^\/d\/private\/lan_2428-[0-9a-f]{16}$/);
});

test('private chats without encryption are chosen each time, and not in a file', () => {
  expect([settled().plainChat, settled({ 'plain-chat': true }).plainChat]).toEqual([false, true]);
  config('plain-chat = true');
  expect(settled().plainChat).toBe(false);
  expect(settled().warnings).toHaveLength(1);
});
