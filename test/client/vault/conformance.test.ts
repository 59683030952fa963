import { expect, test } from 'vitest';
import { BOB, knownAmong, record, vaultConformance } from '../../peer/vault-conformance.ts';
import { useHome } from './folder.ts';

const home = useHome();

vaultConformance(
  () => home.open(),
  (vault) => home.again(vault),
);

test('a message is known among the newest thousand, also after a start', () => {
  const vault = home.open();
  knownAmong(vault);
  const { log } = home.again(vault);
  expect(log.find(BOB, record(0).from, record(0).id)).toBeUndefined();
  expect(log.find(BOB, record(1).from, record(1).id)).toEqual(record(1));
});
