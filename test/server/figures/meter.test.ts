import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderBytes } from '../../../src/server/figures/folder.ts';
import { Meter } from '../../../src/server/figures/meter.ts';
import { measureLoop } from '../../../src/server/figures/process.ts';
import { until } from '../../e2e/harness/wait.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-figures-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('the data folder is measured: its files, not what lies deeper, and the database by itself', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'uchat.db'), 'x'.repeat(1000));
  writeFileSync(join(folder, 'uchat.db-wal'), 'x'.repeat(500));
  writeFileSync(join(folder, 'server.key'), 'x'.repeat(30));
  mkdirSync(join(folder, 'c'));
  writeFileSync(join(folder, 'c', 'd'), 'x'.repeat(9000));
  expect(await folderBytes(folder)).toEqual({ all: 1530, database: 1000, wal: 500 });
});

test('a meter has its first figures soon, and goes on where the folder is none', async () => {
  const meter = new Meter('/nowhere/at/all');
  onTestFinished(() => meter.close());
  expect(meter.read()).toMatchObject({ loop: undefined, folder: undefined });
  const loop = await until(
    () => meter.read().loop,
    () => 'the loop was not measured',
  );
  expect(loop.countEver).toBe(loop.count);
  expect(meter.read().folder).toBeUndefined();
  expect(meter.read().resident).toBeGreaterThan(meter.read().heapUsed);
  expect(Math.abs(meter.read().startedAt - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000);
});

/** Milliseconds that each turn of the loop is held up. */
const HELD_MS = 70;

test('a loop that is held up is seen in the window after, and no more in the next', async () => {
  const vitals = measureLoop();
  onTestFinished(() => vitals.close());
  let turns = 0;
  await until(
    () => {
      turns += 1;
      const end = performance.now() + HELD_MS;
      while (performance.now() < end);
      return turns > 8 ? true : undefined;
    },
    () => 'the loop does not turn',
  );
  expect(vitals.takeLoop()?.p99).toBeGreaterThan(HELD_MS / 2000);
  expect(vitals.takeLoop()).toBeUndefined();
});
