/** Waiting where the clocks are the test's own. */
import { vi } from 'vitest';
import { PATIENCE_MS, realNow, turn } from './relay.ts';

/** Milliseconds by which the clocks of a test go on at a time, and real ones in which what has woken up can be done. */
const STEP_MS = 500;
const WORK_MS = 10;

async function step(): Promise<void> {
  await vi.advanceTimersByTimeAsync(STEP_MS);
  const end = realNow() + WORK_MS;
  while (realNow() <= end) await turn();
}

/** The same, while the clocks of the test go on. */
export async function meanwhile(holds: () => boolean, what = 'it'): Promise<void> {
  const deadline = realNow() + PATIENCE_MS;
  while (!holds()) {
    if (realNow() > deadline) throw new Error(`${what} has not come: ${String(holds)}`);
    await step();
  }
}

/** Time goes by, and everybody does what there is to do in it. */
export async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await meanwhile(() => performance.now() >= end);
}
