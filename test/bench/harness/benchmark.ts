/**
 * What every benchmark is: a name, what it measures, and figures that come one by one. Each is a module of this folder that
 * exports `benchmark`; it also runs by itself, `node test/bench/NAME.ts`, and `npm run bench` runs them all.
 */
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { figureLine } from './table.ts';

export interface How {
  /** As little as shows that it works: a few seconds. Such figures say hardly anything. */
  readonly quick: boolean;
  /** @returns how much of whatever it counts: what was asked for (`--size`), else one of these. */
  size(usual: number, quick: number): number;
  /** Tells people something that is no figure. */
  note(text: string): void;
}

export interface Benchmark {
  /** Its file's. */
  readonly name: string;
  /** In a line. */
  readonly measures: string;
  run(how: How): AsyncIterable<Figure>;
}

/** Milliseconds that it took. */
export function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The same of something that one waits for. */
export async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The quantile of some numbers. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Runs one by itself: a line a figure as soon as it is known, for people or, with `--json`, for programs. */
export async function alone(benchmark: Benchmark): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      size: { type: 'string' },
    },
  });
  const size = values.size === undefined ? undefined : Number(values.size);
  if (size !== undefined && !(Number.isInteger(size) && size > 0)) throw new Error('--size is a whole number above 0');
  const how: How = {
    quick: values.quick,
    size: (usual, quick) => size ?? (values.quick ? quick : usual),
    note: (text) => void process.stderr.write(`${benchmark.name}: ${text}\n`),
  };
  if (!values.json) process.stdout.write(`${benchmark.name}: ${benchmark.measures}\n`);
  for await (const figure of benchmark.run(how))
    process.stdout.write(`${values.json ? JSON.stringify(figure) : figureLine(figure)}\n`);
}
