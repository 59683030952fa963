import { expect, test } from 'vitest';
import { newIdentity } from '../../src/crypto/identity.ts';
import { memoryVault } from '../../src/peer/memory-vault.ts';
import { BOB, group, knownAmong, record, session, vaultConformance } from './vault-conformance.ts';

vaultConformance(
  () => memoryVault(newIdentity()),
  (vault) => vault,
);

test('it has the identity that it was given', () => {
  const identity = newIdentity();
  expect(memoryVault(identity).identity).toBe(identity);
});

test('a message is known among the newest thousand', () => knownAmong(memoryVault(newIdentity())));

test('a log that is too long loses its oldest, and its places stay', () => {
  const vault = memoryVault(newIdentity());
  for (let n = 0; n < 10_005; n++) vault.log.append(BOB, record(n));
  const { records, more } = vault.log.page(BOB, 7, 10);
  expect([records.map(({ at, text }) => `${at} ${text}`), more]).toEqual([['5 message 5', '6 message 6'], false]);
  expect(vault.log.page(BOB, undefined, 1).records[0]?.at).toBe(10_004);
});

test('once closed, it holds nothing', () => {
  const vault = memoryVault(newIdentity());
  vault.commit({ putSession: [session(1)] });
  vault.close();
  expect(vault.session(group(1))).toBeUndefined();
});
