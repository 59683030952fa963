import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { privateFolder, writeNew } from '../../../src/client/shell/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder is made with all that leads to it, for its owner alone, and one that is there keeps its mode', () => {
  const path = join(folder, 'a', 'b', 'c');
  chmodSync(folder, 0o755);
  for (let time = 0; time < 2; time++) expect(privateFolder(path)).toBe(path);
  for (const made of [join(folder, 'a'), path]) expect(statSync(made).mode & 0o777).toBe(0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test('a folder that can not be made is an error, at once', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => privateFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => privateFolder(join(folder, 'file', 'in', 'it'))).toThrow('ENOTDIR');
  if (process.platform === 'linux') expect(() => privateFolder('/proc/uchat/data')).toThrow('ENOENT');
});

test('a new file is whole, for its owner alone, and where it was said to be', () => {
  const path = join(folder, 'with bob.txt');
  expect(writeNew(path, 'good morning\n')).toEqual({ ok: true, value: path });
  expect(readFileSync(path, 'utf8')).toBe('good morning\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const other = join(folder, 'other.txt');
  expect(writeNew(relative(process.cwd(), other), '')).toEqual({ ok: true, value: other });
});

test('a file that is there stays as it is', () => {
  const path = join(folder, 'a');
  writeNew(path, 'old');
  expect(writeNew(path, 'new')).toEqual({
    ok: false,
    error: `${path} can't be written: EEXIST: file already exists`,
  });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('~ is the home folder, and nothing else that begins with it', () => {
  const at = (path: string): string => {
    const written = writeNew(path, '');
    return written.ok ? written.value : (/^(.*) can't be written/.exec(written.error)?.[1] ?? '');
  };
  expect(at('~/no/such/folder')).toBe(join(homedir(), 'no/such/folder'));
  expect(at('~bob/no/such/folder')).toBe(resolve('~bob/no/such/folder'));
});
