import { mkdirSync, openSync, readFileSync, rmdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLogFile } from '../../../src/server/console/log-file.ts';
import { temporaryFolder } from '../running.ts';

function opened(maxBytes?: number) {
  const path = join(temporaryFolder(), 'server.log');
  const file = openSync(path, 'a', 0o600);
  return { path, file, log: openLogFile(path, file, maxBytes) };
}

test('lines stand in the order in which they came, whatever is written while the disk is busy', async () => {
  const { path, log } = opened();
  for (let i = 0; i < 500; i += 1) {
    log.write(`line ${i}\n`);
    if (i % 100 === 0) await log.settled();
  }
  await log.settled();
  log.close();
  expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join(''));
});

test('a log that is full becomes the older half, and nobody else can read either', async () => {
  const { path, file, log } = opened(30);
  for (const text of ['a'.repeat(29), 'b'.repeat(29), 'c'.repeat(29), 'd'.repeat(29)]) {
    log.write(`${text}\n`);
    await log.settled();
  }
  // What else has it open, as the run time for its last words, goes on in the same file.
  writeSync(file, 'last words\n');
  log.close();
  expect(readFileSync(path, 'utf8')).toBe(`${'d'.repeat(29)}\nlast words\n`);
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${'c'.repeat(29)}\n`);
  for (const name of [path, `${path}.1`]) expect(statSync(name).mode & 0o777).toBe(0o600);
});

test('where the older half can not be written the log goes on, up to the size of both', async () => {
  const { path, log } = opened(30);
  mkdirSync(`${path}.1`);
  for (const text of ['a'.repeat(29), 'b'.repeat(29), 'c'.repeat(29)]) {
    log.write(`${text}\n`);
    await log.settled();
  }
  expect(readFileSync(path, 'utf8')).toBe(`${'a'.repeat(29)}\n${'b'.repeat(29)}\n`);
  rmdirSync(`${path}.1`);
  log.write('d\n');
  await log.settled();
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('d\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${'a'.repeat(29)}\n${'b'.repeat(29)}\n`);
});

test('what still waits at the end is written', () => {
  const { path, log } = opened();
  log.write('one\n');
  log.write('two\n');
  log.close();
  expect(readFileSync(path, 'utf8')).toContain('two\n');
});
