/**
 * What checking a message costs on the hot path: `node test/bench/validate.ts`. Nanoseconds a `say` line; the same
 * with zod, where it happens to be installed.
 */
import { decodeClientMessage } from '../../src/protocol/codec.ts';
import { MAX_TEXT_BYTES } from '../../src/protocol/limits.ts';
import { ROOM_NAME } from '../../src/protocol/names.ts';
import { alone, type Benchmark, type How, timed } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const LINE = JSON.stringify({
  type: 'say',
  id: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  to: '#lobby',
  text: 'the build is green again, and the log is here: https://box/log/4012, as every day',
});
const ROUNDS = 5;
const RUNS = 300_000;

/** The quickest of several rounds: the others were disturbed. */
function nanoseconds(runs: number, decode: (line: string) => boolean): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const took = timed(() => {
      for (let i = 0; i < runs; i++) if (!decode(LINE)) throw new Error('the line is valid');
    });
    best = Math.min(best, (took * 1e6) / runs);
  }
  return best;
}

/** The `say` schema as zod would have it, behind its discriminated union; undefined where zod isn't there. */
async function zodDecoder(): Promise<((line: string) => boolean) | undefined> {
  const name = 'zod';
  // Not a dependency: what it exports is looked at as little as possible.
  const imported: unknown = await import(name).catch(() => undefined);
  if (imported === undefined) return undefined;
  const { z } = imported as { z: Record<string, (...args: unknown[]) => ZodLike> };
  const id = z['string']?.().regex(/^[A-Za-z0-9_-]{1,36}$/);
  const text = z['string']?.()
    .min(1)
    .refine((v) => Buffer.byteLength(v) <= MAX_TEXT_BYTES && v.isWellFormed());
  const say = z['object']?.({
    type: z['literal']?.('say'),
    id: id?.optional(),
    to: z['string']?.().regex(ROOM_NAME),
    text,
  });
  const bye = z['object']?.({ type: z['literal']?.('bye') });
  const union = z['discriminatedUnion']?.('type', [say, bye]);
  return union && ((line) => union.safeParse(JSON.parse(line)).success);
}

interface ZodLike {
  regex(pattern: RegExp): ZodLike;
  min(length: number): ZodLike;
  refine(check: (value: string) => boolean): ZodLike;
  optional(): ZodLike;
  safeParse(value: unknown): { readonly success: boolean };
}

async function* run(how: How): AsyncGenerator<Figure> {
  const runs = how.size(RUNS, 3000);
  const line = (name: string, value: number): Figure => ({ name, value, unit: 'ns a line' });
  const bare = nanoseconds(runs, (text) => JSON.parse(text) !== null);
  const ours = nanoseconds(runs, (text) => decodeClientMessage(text).ok);
  yield line('JSON.parse alone', bare);
  yield line('decodeClientMessage', ours);
  yield line('of it, checks', ours - bare);
  const zod = await zodDecoder();
  if (zod === undefined) return;
  const theirs = nanoseconds(runs, zod);
  yield line('zod', theirs);
  yield { name: 'zod, for ours', value: theirs / ours, unit: 'times' };
  yield { name: 'its checks, for ours', value: (theirs - bare) / (ours - bare), unit: 'times' };
}

export const benchmark: Benchmark = {
  name: 'validate',
  measures: 'decoding and checking a message, beside parsing alone',
  run,
};

if (import.meta.main) await alone(benchmark);
