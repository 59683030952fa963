/** A process with a dashboard on its terminal, and a sign of life on standard error. */
import type { UnixMs } from '../../../../src/base/ids.ts';
import { openDashboard } from '../../../../src/server/console/dashboard/dashboard.ts';
import { said } from './scene.ts';

/** Milliseconds between two signs of life. */
const ALIVE_EVERY_MS = 20;

const { stdin, stdout, env } = process;
const clock = { now: () => Date.now() as UnixMs, monotonic: () => performance.now() };
const opened = await openDashboard({ input: stdin, output: stdout, env, clock, stop: () => process.exit(0) });
if (!opened.ok) throw new Error(opened.error.text);
let count = 0;
setInterval(() => {
  count += 1;
  opened.value.show(said('bob', `alive ${count} `.repeat(20)), clock.now());
  process.stderr.write('.');
}, ALIVE_EVERY_MS);
