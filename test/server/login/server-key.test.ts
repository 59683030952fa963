import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pinOf } from '../../../src/link/pin.ts';
import { selfSigned } from '../../../src/link/self-signed.ts';
import {
  CERTIFICATE_FILE,
  KEY_FILE,
  ownServerKey,
  readServerKey,
  type ServerKey,
} from '../../../src/server/login/server-key.ts';
import { newTlsKey } from '../../link/tls-pair.ts';
import { startTestServer, temporaryFolder } from '../running.ts';

function made(folder: string): ServerKey {
  const key = ownServerKey(folder);
  if (!key.ok) throw new Error(key.error.text);
  return key.value;
}

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));

describe('the server’s own key', () => {
  test('is made at the first start, private, with its certificate, and is the same from then on', () => {
    const folder = join(temporaryFolder(), 'deep', 'data');
    const { key, cert, fingerprint } = made(folder);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.subject).toBe('CN=uchat');
    expect(fingerprint).toBe(pinOf(certificate.publicKey));
    for (const name of [KEY_FILE, CERTIFICATE_FILE]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const before = contents(folder);
    expect(Object.keys(before).sort()).toEqual([CERTIFICATE_FILE, KEY_FILE]);
    expect(made(folder)).toEqual({ key, cert, fingerprint });
    expect(contents(folder)).toEqual(before);
    expect(made(temporaryFolder()).fingerprint).not.toBe(fingerprint);
  });

  test('whose certificate is missing gets another, and is known by it as before', () => {
    const folder = temporaryFolder();
    const first = made(folder);
    rmSync(join(folder, CERTIFICATE_FILE));
    const second = made(folder);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(second.cert).not.toBe(first.cert);
  });

  const other = newTlsKey();
  const text = (file: string) => (folder: string) => writeFileSync(join(folder, file), 'not PEM');
  test.each<[string, (folder: string) => void, string]>([
    ['is no key', text(KEY_FILE), 'tls_bad_key'],
    ['is empty', (folder) => writeFileSync(join(folder, KEY_FILE), ''), 'tls_bad_key'],
    ['has a certificate that is none', text(CERTIFICATE_FILE), 'tls_bad_certificate'],
    ['has the certificate of another', (f) => writeFileSync(join(f, CERTIFICATE_FILE), other.cert), 'tls_mismatch'],
    ['is missing while its certificate is there', (folder) => rmSync(join(folder, KEY_FILE)), 'tls_key_missing'],
    ['can be read by others', (folder) => chmodSync(join(folder, KEY_FILE), 0o640), 'tls_exposed'],
    ['is far too long', (f) => writeFileSync(join(f, KEY_FILE), ' '.repeat(300_000)), 'tls_unreadable'],
  ])('that %s ends the start, and is left as it is', (_, spoil, code) => {
    const folder = temporaryFolder();
    made(folder);
    spoil(folder);
    const before = contents(folder);
    const result = ownServerKey(folder);
    expect(result).toMatchObject({ ok: false, error: { code } });
    if (!result.ok) expect(result.error.text).toMatch(/^[^\n]+$/);
    expect(contents(folder)).toEqual(before);
  });

  test('is what a server shows, and a broken one is why it does not start', async () => {
    const folder = temporaryFolder();
    const server = await startTestServer({ dataFolder: folder });
    expect(server.notices[0]).toMatchObject({ kind: 'started', fingerprint: made(folder).fingerprint });
    await server.stop();
    writeFileSync(join(folder, KEY_FILE), 'x');
    await expect(startTestServer({ dataFolder: folder })).rejects.toThrow(/^tls_bad_key: .*server-key\.pem/);
  });
});

describe('an administrator’s key', () => {
  const files = (key: string, cert: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'key'), key);
    writeFileSync(join(folder, 'cert'), cert);
    return readServerKey(join(folder, 'key'), join(folder, 'cert'));
  };

  test('of any kind is taken, with the chain that goes with it', () => {
    const { key, cert } = newTlsKey();
    const chain = `${cert}${newTlsKey().cert}`;
    expect(files(key, chain)).toEqual({
      ok: true,
      value: { key, cert: chain, fingerprint: pinOf(new X509Certificate(cert).publicKey) },
    });
  });

  test('that is not there, not one, locked, or of another certificate is refused', () => {
    const { key, cert } = newTlsKey();
    const { privateKey } = generateKeyPairSync('ed25519');
    const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
    expect(readServerKey('/nowhere/key', '/nowhere/cert')).toEqual({
      ok: false,
      error: { code: 'tls_unreadable', text: '/nowhere/key: there is no such file' },
    });
    expect(files('x', cert)).toMatchObject({ error: { code: 'tls_bad_key' } });
    expect(files(key, 'x')).toMatchObject({ error: { code: 'tls_bad_certificate' } });
    expect(files(key, selfSigned(privateKey, 'x'))).toMatchObject({ error: { code: 'tls_mismatch' } });
    expect(files(locked.toString(), cert)).toMatchObject({
      error: { code: 'tls_bad_key', text: expect.stringContaining('passphrase') },
    });
  });
});
