import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';

const secret = new Secret('hunter2hunter2');

test('a secret is seen by nobody who does not ask for it', () => {
  const shown = [
    `${String(secret)}`,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    inspect({ deep: [{ secret }] }, { depth: 9, getters: true }),
    new Error(`wrong: ${String(secret)}`, { cause: secret }).message,
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredClone({ secret })),
    Object.getOwnPropertyNames(secret).join(),
  ];
  expect(shown.join('\n')).not.toContain('hunter2');
  expect(shown[0]).toBe('[secret]');
  expect(secret.reveal()).toBe('hunter2hunter2');
});
