/**
 * What checking a message costs on the hot path: `node test/bench/validate.ts`. Prints nanoseconds a `say` line; the
 * same with zod, where it happens to be installed.
 */
import { decodeClientMessage } from '../../src/protocol/codec.ts';
import { MAX_TEXT_BYTES } from '../../src/protocol/limits.ts';
import { ROOM_NAME } from '../../src/protocol/names.ts';

const LINE = JSON.stringify({
  type: 'say',
  id: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  to: '#lobby',
  text: 'the build is green again, and the log is here: https://box/log/4012, as every day',
});
const ROUNDS = 5;
const RUNS = 300_000;

/** The quickest of several rounds: the others were disturbed. */
function nanoseconds(decode: (line: string) => boolean): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < RUNS; i++) if (!decode(LINE)) throw new Error('the line is valid');
    best = Math.min(best, ((performance.now() - start) * 1e6) / RUNS);
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

const print = (what: string, ns: number, beside: number): void =>
  console.log(
    `${what.padEnd(24)} ${ns.toFixed(0).padStart(6)} ns a line, ${(ns - beside).toFixed(0).padStart(6)} ns of it checks`,
  );

const bare = nanoseconds((line) => JSON.parse(line) !== null);
const ours = nanoseconds((line) => decodeClientMessage(line).ok);
print('JSON.parse alone', bare, bare);
print('decodeClientMessage', ours, bare);
const zod = await zodDecoder();
if (zod) {
  const theirs = nanoseconds(zod);
  print('zod', theirs, bare);
  console.log(
    `zod takes ${(theirs / ours).toFixed(1)} times as long, its checks ${((theirs - bare) / (ours - bare)).toFixed(1)} times`,
  );
}
