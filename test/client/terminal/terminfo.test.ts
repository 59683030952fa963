import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { findEntry, to16Bit } from '../../../src/client/terminal/terminfo.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An entry with one boolean, two numbers and one string, by term(5). */
function entry(magic: number): Buffer {
  const names = Buffer.from('t|test\0');
  const booleans = Buffer.from([1]);
  const table = Buffer.from('abc\0');
  const wide = magic === 0o1036;
  const header = Buffer.alloc(12);
  for (const [i, value] of [magic, names.length, booleans.length, 2, 1, table.length].entries()) {
    header.writeUInt16LE(value, i * 2);
  }
  const numbers = Buffer.alloc(wide ? 8 : 4);
  if (wide) {
    numbers.writeInt32LE(0x1000000, 0);
    numbers.writeInt32LE(-1, 4);
  } else {
    numbers.writeInt16LE(256, 0);
    numbers.writeInt16LE(-1, 2);
  }
  const filler = Buffer.alloc((names.length + booleans.length) % 2);
  return Buffer.concat([header, names, booleans, filler, numbers, Buffer.from([0, 0]), table, Buffer.from('extended')]);
}

function home(name: string, data: Buffer, initial = name.charAt(0)): string {
  const folder = mkdtempSync(join(tmpdir(), 'terminfo-'));
  folders.push(folder);
  mkdirSync(join(folder, '.terminfo', initial), { recursive: true });
  writeFileSync(join(folder, '.terminfo', initial, name), data);
  return folder;
}

test('an entry with 32-bit numbers is rewritten with 16-bit ones, what is too large as the largest', () => {
  const rewritten = to16Bit(entry(0o1036));
  expect(rewritten?.readUInt16LE(0)).toBe(0o432);
  expect(rewritten?.readInt16LE(20)).toBe(0x7fff);
  expect(rewritten?.readInt16LE(22)).toBe(-1);
  expect(rewritten?.subarray(24).toString('latin1')).toBe('\0\0abc\0\0');
});

test('an entry of the old format stays as it is, without its extended part', () => {
  expect(to16Bit(entry(0o432))?.subarray(0, 30).equals(entry(0o432).subarray(0, 30))).toBe(true);
});

test('what is cut off, or no entry, is none', () => {
  const whole = entry(0o1036);
  for (let length = 0; length < whole.length - 'extended'.length; length += 1) {
    expect(to16Bit(whole.subarray(0, length))).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      to16Bit(Buffer.from(noise));
    }),
  );
});

test('an entry is found under its initial, as a letter or as a number', () => {
  expect(findEntry('my-term', { HOME: home('my-term', entry(0o1036)) })?.data.readUInt16LE(0)).toBe(0o432);
  expect(findEntry('my-term', { HOME: home('my-term', entry(0o432), '6d') })).toBeDefined();
});

test('only by its whole name, and never outside of its folder', () => {
  const HOME = home('my-term', entry(0o432));
  expect(findEntry('my', { HOME })).toBeUndefined();
  expect(findEntry('../m/my-term', { HOME })).toBeUndefined();
  expect(findEntry('', { HOME })).toBeUndefined();
});

test("the machine's own entries are read", () => {
  const found = findEntry('xterm-256color', {});
  if (found !== undefined) expect(readFileSync(found.file).includes('xterm-256color')).toBe(true);
  expect(found === undefined || found.data.length > 100).toBe(true);
});
