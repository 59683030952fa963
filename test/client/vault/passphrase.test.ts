import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BOB, record } from '../../peer/vault-conformance.ts';
import { useHome } from './folder.ts';

const home = useHome();
const keyFile = (): string => join(home.folder, 'private/log-key.json');
/** What stands in the file where there is no passphrase. */
const plainKey = (): string => {
  const { key } = JSON.parse(readFileSync(keyFile(), 'utf8')) as { key?: string };
  return key ?? 'none';
};

describe('under a passphrase', () => {
  test('the log is locked at each start until it is given', async () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    await vault.log.setPassphrase('open sesame');
    const again = home.again(vault);
    expect(again.log.locked).toBe(true);
    for (const use of [
      () => again.log.append(BOB, record(2)),
      () => again.log.page(BOB, undefined, 1),
      () => again.log.find(BOB, BOB, record(1).id),
      () => again.log.forget(BOB),
      () => again.log.people(),
    ])
      expect(use).toThrow('the history log is locked');
    await expect(again.log.setPassphrase(undefined)).rejects.toMatchObject({ code: 'locked' });
    expect([await again.log.unlock('open barley'), again.log.locked]).toEqual([false, true]);
    expect([await again.log.unlock('open sesame'), again.log.locked]).toEqual([true, false]);
    expect(again.log.page(BOB, undefined, 9).records).toHaveLength(1);
    // Sessions are no part of it: mail comes, and waits.
    again.close();
  });

  test('the key lies nowhere as it is, not even in what was overwritten', async () => {
    const vault = home.open();
    const key = plainKey();
    expect(key).toHaveLength(43);
    // A second name for the old file shows what becomes of its bytes.
    const old = join(home.folder, 'old');
    linkSync(keyFile(), old);
    await vault.log.setPassphrase('open sesame');
    expect([home.holding(key), home.holding('sesame')]).toEqual([[], []]);
    expect(readFileSync(old).every((byte) => byte === 0)).toBe(true);
    await vault.log.setPassphrase(undefined);
    expect(plainKey()).toBe(key);
  });

  test('that is changed or removed, the old one opens nothing', async () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    // At once: they are carried out in order.
    await Promise.all([vault.log.setPassphrase('first one'), vault.log.setPassphrase('second one')]);
    const again = home.again(vault);
    expect([await again.log.unlock('first one'), await again.log.unlock('second one')]).toEqual([false, true]);
    await again.log.setPassphrase(undefined);
    expect(home.again(again).log.page(BOB, undefined, 1).records).toHaveLength(1);
  });

  test('a vault that is closed while it is set keeps the right key', async () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    const setting = vault.log.setPassphrase('open sesame');
    await Promise.resolve();
    vault.close();
    await setting;
    const again = home.open();
    expect(await again.log.unlock('open sesame')).toBe(true);
    expect(again.log.page(BOB, undefined, 1).records).toHaveLength(1);
  });

  test('it is one for all servers', async () => {
    const vault = home.open();
    await vault.log.setPassphrase('open sesame');
    const other = home.open({ host: 'other.example', port: 1 });
    expect(other.log.locked).toBe(true);
    expect(await other.log.unlock('open sesame')).toBe(true);
  });

  test('what can be no passphrase is refused, and changes nothing', async () => {
    const vault = home.open();
    for (const wrong of ['', '\n', 'x'.repeat(2000)]) await expect(vault.log.setPassphrase(wrong)).rejects.toThrow();
    expect(home.again(vault).log.locked).toBe(false);
  });
});

describe('the file with the key', () => {
  test('that others can read is refused', () => {
    home.open().close();
    chmodSync(keyFile(), 0o640);
    expect(home.fault()).toMatchObject({
      code: 'exposed',
      text: expect.stringMatching(/^others can read .*chmod 600/),
    });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'secret'],
    ['neither key', '{"version":1}'],
    ['a short key', '{"version":1,"key":"secret"}'],
    ['too much', ' '.repeat(5000)],
    ['unbearable work', '{"version":1,"argon2id":{"memory":99999999,"passes":1,"lanes":1,"salt":"AA","sealed":"AA"}}'],
  ])('that holds %s is refused, stays, and is not quoted', (_, text) => {
    home.open().close();
    writeFileSync(keyFile(), text);
    const fault = home.fault();
    expect(fault).toMatchObject({
      code: 'damaged',
      text: expect.stringContaining('is not the key of the history log'),
    });
    expect(fault.text).not.toContain('secret');
    expect(readFileSync(keyFile(), 'utf8')).toBe(text);
  });

  test('of a newer program is refused', () => {
    home.open().close();
    writeFileSync(keyFile(), '{"version":2,"tpm":true}');
    expect(home.fault()).toMatchObject({ code: 'newer', text: expect.stringContaining('install the newer uchat') });
  });

  test('that is lost is not made anew beside logs that it opens, of whichever server', () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    vault.close();
    const kept = readFileSync(keyFile());
    rmSync(keyFile());
    for (const server of [undefined, { host: 'other.example', port: 1 }])
      expect(home.fault(server)).toMatchObject({ code: 'damaged', text: expect.stringContaining('is missing') });
    expect(home.files().filter((name) => name.includes('log-key'))).toEqual([]);
    writeFileSync(keyFile(), kept, { mode: 0o600 });
    expect(home.open().log.page(BOB, undefined, 1).records).toHaveLength(1);
  });
});
