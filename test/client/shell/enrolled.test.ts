import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrolledName, isEnrolled, setEnrolled } from '../../../src/client/shell/enrolled.ts';

const BOX = { host: 'box.example', port: 2428 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-enrolled-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what the key logs in to is remembered, for this user alone, until it does no more', () => {
  expect(isEnrolled(folder, BOX, 'alice')).toBe(false);
  setEnrolled(folder, BOX, 'alice', true);
  setEnrolled(folder, BOX, 'alice', true);
  expect(isEnrolled(folder, { ...BOX, host: 'BOX.example' }, 'Alice')).toBe(true);
  expect(isEnrolled(folder, { ...BOX, port: 1 }, 'alice')).toBe(false);
  const path = join(folder, 'enrolled.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1, accounts: [{ ...BOX, name: 'alice' }] });
  setEnrolled(folder, BOX, 'alice', false);
  expect(isEnrolled(folder, BOX, 'alice')).toBe(false);
});

test('who one is there is plain only while it is one account', () => {
  setEnrolled(folder, BOX, 'alice', true);
  setEnrolled(folder, { ...BOX, port: 1 }, 'carol', true);
  expect(enrolledName(folder, BOX)).toBe('alice');
  setEnrolled(folder, BOX, 'bob', true);
  expect(enrolledName(folder, BOX)).toBeUndefined();
});

test.each(['', 'no JSON', '[]', '{"version":2,"accounts":[]}', '{"version":1,"accounts":[{"host":"x"}]}'])(
  'a file that is broken is as none: %s',
  (text) => {
    writeFileSync(join(folder, 'enrolled.json'), text);
    expect(isEnrolled(folder, BOX, 'alice')).toBe(false);
    setEnrolled(folder, BOX, 'alice', true);
    expect(isEnrolled(folder, BOX, 'alice')).toBe(true);
  },
);

test('the oldest makes place, so that the file stays small', () => {
  const accounts = Array.from({ length: 1000 }, (_, i) => ({ host: `h${i}`, port: 1, name: 'a' }));
  writeFileSync(join(folder, 'enrolled.json'), JSON.stringify({ version: 1, accounts }));
  setEnrolled(folder, BOX, 'alice', true);
  expect(isEnrolled(folder, { host: 'h0', port: 1 }, 'a')).toBe(false);
  expect(isEnrolled(folder, { host: 'h1', port: 1 }, 'a')).toBe(true);
  expect(isEnrolled(folder, BOX, 'alice')).toBe(true);
});
