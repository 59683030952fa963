/**
 * How many log in a second over loopback, where the kernel is asked for everybody whose they are: `node test/bench/logins.ts`.
 * 100 are on their way at a time. `processor` is the time of all of the server's threads for one of them, which a busy
 * machine changes less.
 */
import { Arena } from './harness/arena.ts';
import { alone, type Benchmark, type How } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import type { Method } from './harness/load.ts';
import { mostFiles } from './harness/processes.ts';

const FIRST = 10_000;
/** When those are in. */
const MORE = 1000;
const OTHER_FILES = 200;
const METHODS: readonly (readonly [Method, string])[] = [
  ['guest', 'guests'],
  ['host', 'kernel-vouched'],
];

async function* run(how: How): AsyncGenerator<Figure> {
  const most = mostFiles() - OTHER_FILES - MORE;
  const first = Math.min(how.size(FIRST, 200), most);
  const more = how.quick ? 100 : MORE;
  for (const [method, who] of METHODS) {
    const arena = await Arena.open(how);
    try {
      for (const [count, when] of [
        [first, `the first ${first}`],
        [more, `${more} more`],
      ] as const) {
        const before = arena.cpu;
        const seconds = await arena.logIn(count, method);
        const cpu = (arena.cpu - before) / count;
        yield { name: `${who}, ${when}`, value: count / seconds, unit: 'log-ins/s', goal: { atLeast: 1000 } };
        yield { name: `${who}, ${when}: processor`, value: cpu, unit: 'ms each', goal: { atMost: 1 } };
      }
    } finally {
      await arena.close();
    }
  }
}

export const benchmark: Benchmark = {
  name: 'logins',
  measures: 'log-ins a second over loopback, with nobody there and with many',
  run,
};

if (import.meta.main) await alone(benchmark);
