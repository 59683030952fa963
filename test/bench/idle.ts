/**
 * What a connection costs the server that says nothing: `node test/bench/idle.ts`.
 *
 * Counted is the server's own memory (Pss_Anon: heap, buffers, stacks; not the executable's pages, which all programs of its
 * kind share) before and after they log in, each time when it has had nothing to do for a while. A few have been there and
 * have left before, so that code that is compiled once isn't theirs. What the kernel holds for the sockets is not the
 * server's: it stands beside it, for both ends, as the whole machine's.
 */
import { Arena } from './harness/arena.ts';
import { alone, type Benchmark, type How } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import type { Method } from './harness/load.ts';
import { kernelMemory, mostFiles } from './harness/processes.ts';

const CONNECTIONS = 10_000;
/** Files of server and load generator that aren't connections. */
const OTHER_FILES = 200;
const METHODS: readonly (readonly [Method, string])[] = [
  ['guest', 'guests'],
  ['host', 'kernel-vouched'],
];
const GOAL = { atMost: 15_000 } as const;

async function* run(how: How): AsyncGenerator<Figure> {
  const wanted = how.size(CONNECTIONS, 300);
  const count = Math.min(wanted, mostFiles() - OTHER_FILES);
  if (count < wanted) how.note(`only ${count} connections, since no more files may be open (ulimit -n)`);
  for (const [method, who] of METHODS) {
    const arena = await Arena.open(how);
    try {
      await arena.logIn(Math.ceil(count / 10), method);
      await arena.leave();
      const [before, kernel] = [await arena.settledMemory(), kernelMemory()];
      await arena.logIn(count, method);
      const after = await arena.settledMemory();
      const of = `${count} ${who}`;
      yield { name: `${of}: the server's memory for each`, value: (after - before) / count, unit: 'bytes', goal: GOAL };
      yield {
        name: `${of}: the kernel's for both ends of each`,
        value: (kernelMemory() - kernel) / count,
        unit: 'bytes',
      };
      const cpu = arena.cpu;
      await arena.settledMemory();
      yield { name: `${of}: the server's processor for 3 s of nothing`, value: arena.cpu - cpu, unit: 'ms' };
    } finally {
      await arena.close();
    }
  }
}

export const benchmark: Benchmark = {
  name: 'idle',
  measures: 'memory of the server for each connection that is logged in and says nothing',
  run,
};

if (import.meta.main) await alone(benchmark);
