import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Durations, HealthMeter } from '../../../../src/server/console/dashboard/health.ts';
import { until } from '../../../e2e/harness/wait.ts';

test('the 99th percentile leaves out the worst of a hundred; a new window begins with each look', () => {
  const durations = new Durations();
  for (let i = 0; i < 99; i += 1) durations.record(2);
  durations.record(500);
  expect(durations.take()).toBeCloseTo(2, 0);
  expect(durations.take()).toBeUndefined();
  durations.record(0);
  durations.record(1e12);
  expect(durations.take()).toBeGreaterThan(1e6);
});

test('the data folder is measured: its files, not what lies deeper', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-health-'));
  const meter = new HealthMeter(new Durations());
  try {
    writeFileSync(join(folder, 'a'), 'x'.repeat(1000));
    writeFileSync(join(folder, 'b'), 'x'.repeat(500));
    mkdirSync(join(folder, 'c'));
    writeFileSync(join(folder, 'c', 'd'), 'x'.repeat(9000));
    meter.watch(folder);
    const bytes = await until(
      () => meter.health.storeBytes,
      () => 'not measured',
    );
    expect(bytes).toBe(1500);
  } finally {
    meter.close();
    rmSync(folder, { recursive: true });
  }
});

test('a folder that is not there is no error', async () => {
  const meter = new HealthMeter(new Durations());
  meter.watch('/nowhere/at/all');
  meter.tick();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(meter.health.storeBytes).toBeUndefined();
  meter.close();
});

/** Milliseconds that each turn of the loop is held up. */
const HELD_MS = 70;

test('a loop that is held up is seen in the window after', async () => {
  const meter = new HealthMeter(new Durations());
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
  meter.tick();
  expect(meter.health.loopP99).toBeGreaterThan(HELD_MS / 2);
  meter.close();
});
