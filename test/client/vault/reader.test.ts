import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ClientId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { openVaultReader, type VaultReader } from '../../../src/client/vault/open.ts';
import { SERVER, useHome } from './folder.ts';

const home = useHome();
const BOB = 'bob' as UserName;
const record = (n: number) => ({ id: `id-${n}` as ClientId, from: BOB, text: `m${n}`, time: n as UnixMs });

function reader(): VaultReader {
  const opened = openVaultReader({ folder: home.folder, server: SERVER });
  if (!opened.ok) throw new Error(opened.error.text);
  return opened.value;
}
const texts = ({ log }: VaultReader): string[] => log.page(BOB, undefined, 100).records.map(({ text }) => text);

test('a reader sees what is said while it reads, and nothing where nothing was ever said', () => {
  const beside = reader();
  expect([beside.log.locked, texts(beside)]).toEqual([false, []]);
  beside.close();
  const vault = home.open();
  vault.log.append(BOB, record(1));
  const again = reader();
  expect(texts(again)).toEqual(['m1']);
  vault.log.append(BOB, record(2));
  expect(texts(again)).toEqual(['m1', 'm2']);
  vault.log.forget(BOB);
  expect(texts(again)).toEqual([]);
  again.close();
});

test('what another program has written only by halves is not seen, and left alone', () => {
  const vault = home.open();
  vault.log.append(BOB, record(1));
  const whole = statSync(home.log()).size;
  vault.log.append(BOB, record(2));
  const half = whole + 20;
  truncateSync(home.log(), half);
  const before = readFileSync(home.log());
  const beside = reader();
  expect(texts(beside)).toEqual(['m1']);
  expect(readFileSync(home.log()).equals(before)).toBe(true);
  beside.close();
  // A file whose head isn't there yet has nothing in it.
  truncateSync(home.log(), 5);
  appendFileSync(home.log(), 'x');
  const early = reader();
  expect(texts(early)).toEqual([]);
  expect(statSync(home.log()).size).toBe(6);
  early.close();
});

test('a log under a passphrase is opened by it', async () => {
  const vault = home.open();
  vault.log.append(BOB, record(1));
  await vault.log.setPassphrase('correct horse');
  const beside = reader();
  expect(beside.log.locked).toBe(true);
  expect(await beside.log.unlock('battery staple')).toBe(false);
  expect(await beside.log.unlock('correct horse')).toBe(true);
  expect(texts(beside)).toEqual(['m1']);
  beside.close();
});
