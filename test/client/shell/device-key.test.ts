import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DeviceKey, openDeviceKey } from '../../../src/client/shell/device-key.ts';
import { deviceFingerprint, parseDeviceKey, verifyDeviceLogin } from '../../../src/server/login/device-key.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-device-'));
  path = join(folder, 'device-key.pem');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): DeviceKey {
  const opened = openDeviceKey(folder);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}
const fault = (): string => {
  const opened = openDeviceKey(folder);
  return opened.ok ? 'no fault' : opened.error;
};

test('a key is made once, for its owner only, and leaves nothing else', () => {
  const first = open();
  expect(readdirSync(folder)).toEqual(['device-key.pem']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(open().publicKey).toBe(first.publicKey);
});

test('what it signs is what the server takes, under the same name', () => {
  const device = open();
  const key = parseDeviceKey(device.publicKey);
  const binding = Buffer.alloc(32, 3);
  expect(key && verifyDeviceLogin(key, binding, device.sign(binding))).toBe(true);
  expect(key && deviceFingerprint(key)).toBe(device.fingerprint);
});

test('a folder that is not there is made', () => {
  folder = join(folder, 'deep', 'er');
  open();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  folder = join(folder, '..', '..');
});

test('a key that others can read is refused, and stays', () => {
  open();
  chmodSync(path, 0o640);
  expect(fault()).toContain(`others can read the device key ${path}: chmod 600 it`);
});

test.each([
  ['nothing', ''],
  ['no key', 'secret words\n'],
  ['too much', 'x'.repeat(10_000)],
])('a file that holds %s is refused, stays, and is not quoted', (_, text) => {
  writeFileSync(path, text, { mode: 0o600 });
  expect(fault()).toBe(
    `${path} is not a device key: move it away, and a new one is made, to be enrolled with /key add`,
  );
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a folder that cannot be written is said to be so', () => {
  writeFileSync(path.replace('device-key.pem', 'file'), '');
  folder = join(folder, 'file');
  const said = fault();
  folder = join(folder, '..');
  expect(said).toMatch(/^cannot (read|make) the device key .*ENOTDIR/);
});
