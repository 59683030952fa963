/**
 * What the encryption costs: `node test/bench/crypto.ts`. Prints milliseconds of each step, the quickest of several rounds,
 * since the others were disturbed; bytes of what travels and is kept; and what loading the library takes.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../src/base/clock.ts';
import { type GroupId, type UserName, unixMs } from '../../src/base/ids.ts';
import type { Result } from '../../src/base/result.ts';
import { toBase64url } from '../../src/crypto/base64url.ts';
import type { E2eeFault, E2eeSession } from '../../src/crypto/e2ee-session.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { safetyNumber } from '../../src/crypto/safety-number.ts';

const ROUNDS = 5;
const TEXT = new TextEncoder().encode('x'.repeat(100));

/** KiB of memory that no other process has, as Linux counts it; undefined elsewhere. */
function ownMemory(): number | undefined {
  try {
    return Number(/^Pss_Anon: +([0-9]+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function good<T>(result: Result<T, E2eeFault>): T {
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

/** Milliseconds of one `step`, of the quickest round of `runs` each. */
async function quickest(runs: number, step: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < runs; i++) await step();
    best = Math.min(best, (performance.now() - start) / runs);
  }
  return best;
}

const row = (what: string, value: string): void => console.log(`${what.padEnd(62)} ${value.padStart(10)}`);
const took = async (what: string, runs: number, step: () => Promise<unknown>): Promise<void> =>
  row(what, `${(await quickest(runs, step)).toFixed(2)} ms`);
const size = (what: string, bytes: Uint8Array): void => row(what, `${bytes.length} B`);

const before = ownMemory();
const start = performance.now();
const { createE2ee } = await import('../../src/crypto/mls.ts');
const clock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };
const alice = await createE2ee(newIdentity(), 'alice' as UserName, clock);
const loaded = performance.now() - start;
const after = ownMemory();
row('load the library', `${loaded.toFixed(0)} ms`);
if (before !== undefined && after !== undefined)
  row('memory that it takes', `${((after - before) / 1024).toFixed(1)} MiB`);

const bob = await createE2ee(newIdentity(), 'bob' as UserName, clock);
const newGroup = (): GroupId => toBase64url(randomBytes(16)) as GroupId;

async function open(): Promise<{ readonly a: E2eeSession; readonly b: E2eeSession; readonly welcome: Uint8Array }> {
  const [group, own] = [newGroup(), await bob.makePackage()];
  const { session, welcome } = good(await alice.create(group, bob.us, own.public));
  return { a: session, b: good(await bob.join(group, alice.us, welcome, own)), welcome };
}

const own = await bob.makePackage();
const { a, b, welcome } = await open();

await took('make a key package', 50, () => bob.makePackage());
await took('check a key package', 50, () => alice.readPackage(own.public));
await took('open a session: make a package, create, join', 20, open);
await took('first message to someone offline: create with theirs, seal', 20, async () => {
  const { session } = good(await alice.create(newGroup(), bob.us, own.public));
  await session.seal(TEXT);
});
const waiting = await Promise.all(Array.from({ length: ROUNDS * 200 }, () => a.seal(TEXT)));
await took('seal 100 bytes', 200, () => b.seal(TEXT));
let next = 0;
await took('open 100 bytes', 200, async () => {
  const sealed = waiting[next++];
  if (sealed) good(await b.open(sealed));
});
const pair = await open();
let turn = { one: pair.b, other: pair.a };
await took('renew the keys, on both sides', 20, async () => {
  good(await turn.other.open(await turn.one.rekey()));
  turn = { one: turn.other, other: turn.one };
});
let state = pair.a.save();
await took('restore a session, seal, save it', 50, async () => {
  const session = await alice.restore(state);
  await session.seal(TEXT);
  state = session.save();
});
await took('a safety number', 2, async () => safetyNumber(alice.us, bob.us));

size('a key package', own.public);
size('its secret', own.secret);
size('a Welcome', welcome);
size('100 bytes, sealed', (await a.seal(TEXT)).message);
size('a commit', (await open().then(({ b: joiner }) => joiner.rekey())).message);
size('a saved session', a.save());
