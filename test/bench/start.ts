/**
 * How much longer the single executable takes to start than Node itself: `node test/bench/start.ts`. All of them in turn,
 * so that whatever else the machine does is shared by all.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from '../build/built.ts';
import { Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, median } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { Watched } from './harness/watched.ts';

const ROUNDS = 25;
/** The first ones only bring the files into memory. */
const IDLE_ROUNDS = 2;

type Environment = Readonly<Record<string, string>>;

/** Milliseconds from the start to the end. */
function toTheEnd(env: Environment, file: string, ...args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(`${file} ${args.join(' ')}: exit status ${status} ${stderr}`);
  return performance.now() - started;
}

/** Milliseconds from the start until it has written this to its terminal. */
async function untilSeen(env: Environment, what: RegExp, file: string, ...args: readonly string[]): Promise<number> {
  const program = new Watched({ command: [file, ...args], env });
  const taken = (await program.seen(what)) - program.startedAt;
  await program.quiet(50);
  await program.leave();
  return taken;
}

async function* run(how: How): AsyncGenerator<Figure> {
  const uchat = built();
  const stage = new Stage();
  try {
    const server = await stage.server();
    const env = { ...stage.environment({ as: 'alice' }), UCHAT_SERVER: server.address };
    const empty = join(stage.folder, 'empty.mjs');
    writeFileSync(empty, '');
    const word = join(stage.folder, 'word.mjs');
    writeFileSync(word, "process.stdout.write('here'); process.stdin.resume();\n");
    const all: Readonly<Record<string, () => number | Promise<number>>> = {
      'node -e 0': () => toTheEnd(env, process.execPath, '-e', '0'),
      'node empty.mjs': () => toTheEnd(env, process.execPath, empty),
      'uchat --version': () => toTheEnd(env, uchat, '--version'),
      'uchat --help': () => toTheEnd(env, uchat, '--help'),
      'node, a word on the terminal': () => untilSeen(env, /here/, process.execPath, word),
      'uchat, the chat on the terminal': () => untilSeen(env, /#lobby/, uchat),
    };
    const times = new Map(Object.keys(all).map((name): [string, number[]] => [name, []]));
    for (let round = -(how.quick ? 0 : IDLE_ROUNDS); round < how.size(ROUNDS, 1); round += 1) {
      for (const [name, take] of Object.entries(all)) {
        const taken = await take();
        if (round >= 0) times.get(name)?.push(taken);
      }
    }
    const of = (name: string): number => median(times.get(name) ?? []);
    for (const name of times.keys()) yield { name, value: of(name), unit: 'ms' };
    const value = of('uchat --version') / of('node -e 0');
    yield { name: 'uchat --version for node -e 0', value, unit: 'times', goal: { atMost: 1.5 } };
  } finally {
    await stage.close();
  }
}

export const benchmark: Benchmark = {
  name: 'start',
  measures: 'how long the single executable takes to start, beside Node itself',
  run,
};

if (import.meta.main) await alone(benchmark);
