import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { need } from './need.ts';

let folder: string;
let said: string[];
const surroundings = (ci: boolean) => ({ path: `/nowhere:${folder}`, ci, say: (line: string) => said.push(line) });

beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'uchat-need-'));
  writeFileSync(join(folder, 'present'), '');
  chmodSync(join(folder, 'present'), 0o755);
  writeFileSync(join(folder, 'no-program'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a program on PATH is there, and nothing is said', () => {
  expect(need('present', surroundings(true))).toBe(true);
  expect(said).toEqual([]);
});

test('a missing program skips the suite, and says so', () => {
  expect(need('missing', surroundings(false))).toBe(false);
  expect(said).toEqual(['skipped: needs missing on PATH']);
});

test('with CI=true a missing program is a failure', () => {
  expect(() => need('missing', surroundings(true))).toThrow('needs missing on PATH');
});

test('of several programs, all those missing are named', () => {
  expect(need(['present', 'missing', 'gone'], surroundings(false))).toBe(false);
  expect(said).toEqual(['skipped: needs missing, gone on PATH']);
});

test('a file that may not be run is no program', () => {
  expect(need('no-program', surroundings(false))).toBe(false);
});

test('the PATH and the CI of this process count where none are given', () => {
  expect(need('sh')).toBe(true);
});
