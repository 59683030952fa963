import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { isBearable, PASSPHRASE_COST, PASSPHRASE_LIMITS, unwrapKey, wrapKey } from '../../src/crypto/passphrase.ts';

/** KiB and passes that a test can wait for. */
const CHEAP = { memory: 64, passes: 1, lanes: 1 };
const KEY = new Uint8Array(32).fill(5);
const GOOD = new Secret('correct horse battery staple');

test('the passphrase gives the key back, and no other does', async () => {
  const wrapped = await wrapKey(KEY, GOOD, CHEAP);
  expect(await unwrapKey(wrapped, GOOD)).toEqual(KEY);
  for (const wrong of ['correct horse battery stapl', 'Correct horse battery staple', '', '\0', 'x'.repeat(5000)])
    expect(await unwrapKey(wrapped, new Secret(wrong))).toBeUndefined();
});

test('the cost that is promised is the one of RFC 9106, and works', async () => {
  const wrapped = await wrapKey(KEY, GOOD);
  expect(wrapped).toMatchObject({ memory: 65_536, passes: 3, lanes: 4 });
  expect(wrapped).toMatchObject(PASSPHRASE_COST);
  expect(await unwrapKey(wrapped, GOOD)).toEqual(KEY);
});

test('it is the same passphrase however a keyboard writes it', async () => {
  const wrapped = await wrapKey(KEY, new Secret('caf\u00e9 noir, please'), CHEAP);
  expect(await unwrapKey(wrapped, new Secret('cafe\u0301\u00a0noir, please'))).toEqual(KEY);
});

test('the key is in none of what is kept, and no two are kept alike', async () => {
  const [one, two] = [await wrapKey(KEY, GOOD, CHEAP), await wrapKey(KEY, GOOD, CHEAP)];
  expect(one.sealed).toHaveLength(72);
  expect(Buffer.from(one.sealed).includes(KEY.subarray(0, 8))).toBe(false);
  expect(one.salt).toHaveLength(16);
  expect(one.salt).not.toEqual(two.salt);
  expect(one.sealed).not.toEqual(two.sealed);
});

test('what was changed in it does not open', async () => {
  const wrapped = await wrapKey(KEY, GOOD, CHEAP);
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
  for (const changed of [
    { ...wrapped, salt: flipped(wrapped.salt) },
    { ...wrapped, sealed: flipped(wrapped.sealed) },
    { ...wrapped, sealed: wrapped.sealed.subarray(1) },
    { ...wrapped, memory: 65 },
    { ...wrapped, passes: 2 },
  ])
    expect(await unwrapKey(changed, GOOD)).toBeUndefined();
});

test('a file that asks for more than is bearable is not obeyed', async () => {
  const wrapped = await wrapKey(KEY, GOOD, CHEAP);
  for (const cost of [
    { memory: PASSPHRASE_LIMITS.memory + 1 },
    { passes: PASSPHRASE_LIMITS.passes + 1 },
    { lanes: PASSPHRASE_LIMITS.lanes + 1 },
    { lanes: 0 },
    { passes: 0.5 },
    { memory: 7 },
  ]) {
    expect(isBearable({ ...wrapped, ...cost })).toBe(false);
    expect(await unwrapKey({ ...wrapped, ...cost }, GOOD)).toBeUndefined();
  }
});

test('it is computed beside the event loop', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await wrapKey(KEY, GOOD, { memory: 65_536, passes: 3, lanes: 1 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});

test('what can be no passphrase is a fault of the program', async () => {
  await expect(wrapKey(KEY, new Secret(''), CHEAP)).rejects.toThrow('passphrase');
  await expect(wrapKey(KEY.subarray(1), GOOD, CHEAP)).rejects.toThrow(RangeError);
});
