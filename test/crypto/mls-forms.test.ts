/** Bytes from anybody: whatever they are, they end as a fault, never as an exception, and in no time. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupId } from '../../src/base/ids.ts';
import type { OwnPackage } from '../../src/crypto/e2ee-session.ts';
import { MAX_MESSAGE_BYTES } from '../../src/crypto/mls-suite.ts';
import { add, free, groupOf, packageFor, packageIn, tampering, welcomeFrom } from './attacker.ts';
import { bytes, codeOf, device, good, newGroup, pair, read } from './pair.ts';

const CODES = ['wrong_key', 'malformed', 'unwanted', 'replayed', 'missing', 'reflected', 'broken', 'expired'];

const [alice, bob, group] = [await device('alice'), await device('bob'), newGroup()];
const own: OwnPackage = await bob.makePackage();
const made = good(await alice.create(group, bob.us, own.public));
const sealed = await made.session.seal(bytes('a text'));
const session = good(await bob.join(group, alice.us, made.welcome, own));

/** Anything, or something true in which a few bytes were changed, cut out or put in. */
const hostile = (truth: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(fc.nat(truth.length), fc.nat(8), fc.uint8Array({ maxLength: 8 }))
      .map(([at, cut, put]) => Uint8Array.from([...truth.subarray(0, at), ...put, ...truth.subarray(at + cut)])),
    fc.nat(truth.length).map((length) => truth.slice(0, length)),
    // The head is right, so that more is looked at.
    fc.uint8Array({ maxLength: 400 }).map((rest) => Uint8Array.from([...truth.subarray(0, 6), ...rest])),
  );
const changed = (truth: Uint8Array) => hostile(truth).filter((other) => Buffer.compare(other, truth) !== 0);

const RUNS = { numRuns: 150 };

test('a key package', async () => {
  await fc.assert(
    fc.asyncProperty(changed(own.public), async (hostileBytes) => {
      expect(CODES).toContain(codeOf(await alice.readPackage(hostileBytes)));
      expect(CODES).toContain(codeOf(await alice.create(group, bob.us, hostileBytes)));
    }),
    RUNS,
  );
});

test('a Welcome', async () => {
  await fc.assert(
    fc.asyncProperty(changed(made.welcome), async (hostileBytes) => {
      const refs = bob.welcomeRefs(hostileBytes);
      expect(['ok', ...CODES]).toContain(codeOf(refs));
      expect(CODES).toContain(codeOf(await bob.join(group, alice.us, hostileBytes, own)));
    }),
    RUNS,
  );
});

test('a message', async () => {
  await fc.assert(
    fc.asyncProperty(changed(sealed.message), fc.integer({ min: -1, max: 3 }), async (message, seq) => {
      expect(CODES).toContain(await read(session, { seq, message }));
      expect(session.nextIn).toBe(1);
    }),
    RUNS,
  );
  expect(await read(session, sealed)).toBe('a text');
});

test('what is inside a Welcome of one who can make them', async () => {
  const alone = await groupOf(group, await packageFor('alice', 'alice'));
  const toBob = add(packageIn(own.public));
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(255)), fc.nat(), async (values, place) => {
      const context = await free(
        await tampering((plain) => {
          const copy = Uint8Array.from(plain);
          for (let i = 0; i < 3; i++) copy[(place + i) % copy.length] = values.next().value ?? 0;
          return copy;
        }),
      );
      const { welcome } = await welcomeFrom(alone, [toBob], { context });
      expect(['ok', ...CODES]).toContain(codeOf(await bob.join(group, alice.us, welcome, own)));
    }),
    { numRuns: 60 },
  );
});

test('bytes without end are not looked at', async () => {
  const long = new Uint8Array(MAX_MESSAGE_BYTES + 1);
  long.set(sealed.message);
  expect(codeOf(await alice.readPackage(long))).toBe('malformed');
  expect(codeOf(bob.welcomeRefs(long))).toBe('malformed');
  expect(codeOf(await bob.join(group, alice.us, long, own))).toBe('malformed');
  const { b } = await pair();
  expect(await read(b, { seq: 1, message: long })).toBe('malformed');
  expect(await read(b, { seq: 1, message: new Uint8Array(0) })).toBe('malformed');
});

test('a saved session that was changed is refused by throwing, or is one', async () => {
  const state = session.save();
  await fc.assert(
    fc.asyncProperty(changed(state), async (hostileBytes) => {
      const restored = await bob.restore(hostileBytes).then(
        (again) => Buffer.compare(again.save(), hostileBytes) === 0,
        (thrown: unknown) => thrown instanceof Error,
      );
      expect(restored).toBe(true);
    }),
    RUNS,
  );
});

test('a saved session of another version, cut off or too long is refused', async () => {
  const state = session.save();
  await expect(bob.restore(Uint8Array.from([2, ...state.subarray(1)]))).rejects.toThrow('version');
  for (const length of [0, 1, 50, 200, state.length - 1])
    await expect(bob.restore(state.subarray(0, length))).rejects.toThrow();
  await expect(bob.restore(Uint8Array.from([...state, 0]))).rejects.toThrow('damaged');
  await expect(bob.restore(new Uint8Array(70_000))).rejects.toThrow('too long');
});

test('an id of a group that stands for no bytes, as others may send it, is a fault', async () => {
  for (const id of ['short', 'AAAAAAAAAAAAAAAAAAAAAB'])
    expect(await alice.create(id as GroupId, bob.us, own.public)).toMatchObject({
      ok: false,
      error: { code: 'malformed' },
    });
});

test('a damaged secret of a package is a bug and not a fault', async () => {
  const damaged = { ...own, secret: own.secret.subarray(1) };
  await expect(bob.join(group, alice.us, made.welcome, damaged)).rejects.toThrow('damaged');
});
