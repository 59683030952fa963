/**
 * What the encryption costs: `node test/bench/crypto.ts`. Milliseconds of each step, the quickest of several rounds, since the
 * others were disturbed; bytes of what travels and is kept; and what loading the library takes.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../src/base/clock.ts';
import { type GroupId, type UserName, unixMs } from '../../src/base/ids.ts';
import type { Result } from '../../src/base/result.ts';
import { toBase64url } from '../../src/crypto/base64url.ts';
import type { E2eeFault, E2eeSession } from '../../src/crypto/e2ee-session.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { safetyNumber } from '../../src/crypto/safety-number.ts';
import { alone, type Benchmark, type How, timedAsync } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { ownMemory } from './harness/processes.ts';

const ROUNDS = 5;
const TEXT = new TextEncoder().encode('x'.repeat(100));

function good<T>(result: Result<T, E2eeFault>): T {
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

type Step = () => Promise<unknown>;

/** Milliseconds of one `step`, of the quickest round of `runs` each. */
async function quickest(rounds: number, runs: number, step: Step): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const took = await timedAsync(async () => {
      for (let i = 0; i < runs; i++) await step();
    });
    best = Math.min(best, took / runs);
  }
  return best;
}

const size = (name: string, bytes: Uint8Array): Figure => ({ name, value: bytes.length, unit: 'bytes' });
const newGroup = (): GroupId => toBase64url(randomBytes(16)) as GroupId;

async function* run(how: How): AsyncGenerator<Figure> {
  const tells = process.platform === 'linux';
  const before = tells ? ownMemory('self') : 0;
  const start = performance.now();
  const { createE2ee } = await import('../../src/crypto/mls.ts');
  const clock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };
  const alice = await createE2ee(newIdentity(), 'alice' as UserName, clock);
  yield { name: 'load the library', value: performance.now() - start, unit: 'ms' };
  if (tells) yield { name: 'memory that it takes', value: (ownMemory('self') - before) / 2 ** 20, unit: 'MiB' };

  const bob = await createE2ee(newIdentity(), 'bob' as UserName, clock);
  const open = async (): Promise<{
    readonly a: E2eeSession;
    readonly b: E2eeSession;
    readonly welcome: Uint8Array;
  }> => {
    const [group, own] = [newGroup(), await bob.makePackage()];
    const { session, welcome } = good(await alice.create(group, bob.us, own.public));
    return { a: session, b: good(await bob.join(group, alice.us, welcome, own)), welcome };
  };
  const own = await bob.makePackage();
  const { a, b, welcome } = await open();
  const rounds = how.quick ? 1 : ROUNDS;
  const many = how.size(200, 4);
  const waiting = await Promise.all(Array.from({ length: rounds * many }, () => a.seal(TEXT)));
  let next = 0;
  const pair = await open();
  let turn = { one: pair.b, other: pair.a };
  // Saved when the keys have been renewed, as often as they are below.
  let state: Uint8Array | undefined;
  const steps: readonly (readonly [name: string, share: number, step: Step])[] = [
    ['make a key package', 0.25, () => bob.makePackage()],
    ['check a key package', 0.25, () => alice.readPackage(own.public)],
    ['open a session: make a package, create, join', 0.1, open],
    [
      'first message to someone offline: create with theirs, seal',
      0.1,
      async () => {
        const { session } = good(await alice.create(newGroup(), bob.us, own.public));
        await session.seal(TEXT);
      },
    ],
    ['seal 100 bytes', 1, () => b.seal(TEXT)],
    [
      'open 100 bytes',
      1,
      async () => {
        const sealed = waiting[next++];
        if (sealed) good(await b.open(sealed));
      },
    ],
    [
      'renew the keys, on both sides',
      0.1,
      async () => {
        good(await turn.other.open(await turn.one.rekey()));
        turn = { one: turn.other, other: turn.one };
      },
    ],
    [
      'restore a session, seal, save it',
      0.25,
      async () => {
        const session = await alice.restore(state ?? pair.a.save());
        await session.seal(TEXT);
        state = session.save();
      },
    ],
    ['a safety number', 0.01, async () => safetyNumber(alice.us, bob.us)],
  ];
  for (const [name, share, step] of steps)
    yield { name, value: await quickest(rounds, Math.ceil(many * share), step), unit: 'ms' };

  yield size('a key package', own.public);
  yield size('its secret', own.secret);
  yield size('a Welcome', welcome);
  yield size('100 bytes, sealed', (await a.seal(TEXT)).message);
  yield size('a commit', (await open().then(({ b: joiner }) => joiner.rekey())).message);
  yield size('a saved session', a.save());
}

export const benchmark: Benchmark = {
  name: 'crypto',
  measures: 'each step of the encryption, the sizes of what travels, and loading the library',
  run,
};

if (import.meta.main) await alone(benchmark);
