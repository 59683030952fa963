/**
 * `npm run bench [-- NAME…] [--quick] [--json]`: runs the benchmarks of this folder, each in a process of its own so that
 * none disturbs the next, and prints their figures as one table, or as one object of JSON. Exit status: 0 all ran, 1 one
 * failed, 2 wrong usage.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Figure } from './harness/figure.ts';
import { isMet, type Row, table } from './harness/table.ts';

const FOLDER = import.meta.dirname;
/** What `src/uchat` gives Node as well: no warnings of what is experimental, and garbage may be asked for. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--expose-gc'];

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'));

function isFigure(value: unknown): value is Figure {
  if (typeof value !== 'object' || value === null) return false;
  const { name, unit, value: number } = value as Partial<Record<string, unknown>>;
  return typeof name === 'string' && name !== '' && typeof unit === 'string' && Number.isFinite(number);
}

/** @returns what went wrong; undefined: nothing. */
async function run(name: string, options: readonly string[], rows: Row[]): Promise<string | undefined> {
  const child = spawn(process.execPath, [...FLAGS, join(FOLDER, `${name}.ts`), '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const figure: unknown = JSON.parse(line);
    if (!isFigure(figure)) return `${name}: this is no figure: ${line}`;
    rows.push({ benchmark: name, ...figure });
  }
  const [status] = (await ended) as [number | null];
  if (status !== 0) return `${name} has failed`;
  return rows.some(({ benchmark }) => benchmark === name) ? undefined : `${name} gave no figure`;
}

function git(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', FOLDER, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Where and of what the figures are. */
const about = () => ({
  date: new Date().toISOString(),
  commit: git('rev-parse', 'HEAD') ?? null,
  /** Whether files differ from that commit. */
  changed: (git('status', '--porcelain') ?? '') !== '',
  node: process.version,
  machine: {
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    /** Programs that wanted to run in the minute before: above 0 the figures are of a busy machine. */
    load: loadavg()[0] ?? 0,
  },
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`bench: there is no ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
    return 2;
  }
  const { quick, json } = values;
  const where = about();
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const name of positionals.length > 0 ? positionals : names) {
    process.stderr.write(`bench: ${name} …\n`);
    const failure = await run(name, quick ? ['--quick'] : [], rows);
    if (failure !== undefined) failures.push(failure);
  }
  if (json) {
    const figures = rows.map((row) => ({
      ...row,
      ...(row.goal === undefined || quick ? {} : { met: isMet(row.value, row.goal) }),
    }));
    process.stdout.write(`${JSON.stringify({ ...where, quick, figures, failures }, undefined, 2)}\n`);
  } else {
    const { commit, changed, node, machine, date } = where;
    process.stdout.write(
      `${date}, commit ${commit ?? 'unknown'}${changed ? ' and changes' : ''}, Node ${node}\n` +
        `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, load ${machine.load.toFixed(2)}\n\n` +
        table(rows, !quick),
    );
  }
  for (const failure of failures) process.stderr.write(`bench: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
