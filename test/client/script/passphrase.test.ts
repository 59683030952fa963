import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { passphraseFrom } from '../../../src/client/script/passphrase.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-passphrase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
};
const passphrase = (argv: Record<string, unknown>, env: Record<string, string> = {}) => {
  const given = passphraseFrom(argv, env);
  return given.ok ? given.value?.reveal() : given.error;
};

test('a passphrase is in the file that was typed, else in that of the environment, else nowhere', () => {
  const typed = file('typed', 'one two\n');
  const other = file('other', 'three four');
  expect(passphrase({})).toBeUndefined();
  expect(passphrase({}, { UCHAT_PASSPHRASE_FILE: other })).toBe('three four');
  expect(passphrase({ 'passphrase-file': typed }, { UCHAT_PASSPHRASE_FILE: other })).toBe('one two');
});

test('a file that others can read, or that is none, is wrong usage, and says who named it', () => {
  const open = file('open', 'one two', 0o644);
  expect(passphrase({ 'passphrase-file': open })).toMatchObject({
    status: 2,
    line: expect.stringMatching(/^--passphrase-file .*open: others can read it/),
  });
  expect(passphrase({}, { UCHAT_PASSPHRASE_FILE: join(folder, 'none') })).toMatchObject({
    status: 2,
    line: expect.stringMatching(/^\$UCHAT_PASSPHRASE_FILE .*none: cannot be read: ENOENT/),
  });
});
