/** Project Wycheproof: what has gone wrong elsewhere, for the primitives as this program reaches them. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { describe, expect, test } from 'vitest';
import { suite } from './pair.ts';
import { hex, needVectors, toHex, vectors } from './vectors.ts';

interface File<Group, Case> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Case & Verdict)[] })[];
}
interface Verdict {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface Aead {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}
interface Sizes {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
}

const FILES = ['x25519', 'ed25519', 'aes_gcm', 'hkdf_sha256', 'xchacha20_poly1305'].map((name) => `${name}_test.json`);
const read = <G, C>(name: string): File<G, C>['testGroups'] =>
  vectors<File<G, C>>('wycheproof', `${name}_test.json`, { testGroups: [] }).testGroups;
const { signature, kdf, hpke } = await suite();

/** What a call comes to: a text, or that it was refused. */
const outcome = (call: () => Uint8Array | Promise<Uint8Array>): Promise<string> =>
  Promise.resolve()
    .then(call)
    .then(toHex, () => 'refused');

describe.runIf(needVectors('wycheproof', FILES))('Wycheproof', () => {
  test('X25519', async () => {
    // As the library's HPKE does it.
    const derive = async (publicKey: string, privateKey: string): Promise<Uint8Array> => {
      const pkcs8 = hex(`302e020100300506032b656e04220420${privateKey}`);
      const own = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
      const other = await crypto.subtle.importKey('raw', hex(publicKey), 'X25519', false, []);
      return new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: other }, own, 256));
    };
    let seen = 0;
    for (const group of read<object, { public: string; private: string; shared: string }>('x25519'))
      for (const { tcId, result, ...vector } of group.tests) {
        const shared = await outcome(() => derive(vector.public, vector.private));
        // RFC 9180, 7.1.4: a shared secret of zeros must be refused.
        const good = /^0+$/.test(vector.shared) ? ['refused'] : [vector.shared];
        if (result === 'acceptable') good.push('refused');
        expect(good, `case ${tcId}`).toContain(shared);
        seen++;
      }
    expect(seen).toBeGreaterThan(100);
  });

  test('Ed25519', async () => {
    let seen = 0;
    for (const group of read<{ publicKey: { pk: string } }, { msg: string; sig: string }>('ed25519'))
      for (const { tcId, result, msg, sig } of group.tests) {
        const verified = await signature.verify(hex(group.publicKey.pk), hex(msg), hex(sig)).catch(() => false);
        expect(verified, `case ${tcId}`).toBe(result === 'valid');
        seen++;
      }
    expect(seen).toBeGreaterThan(100);
  });

  test('AES-128-GCM with nonces of 12 bytes', async () => {
    let seen = 0;
    const fits = ({ keySize, ivSize, tagSize }: Sizes): boolean => keySize === 128 && ivSize === 96 && tagSize === 128;
    for (const group of read<Sizes, Aead>('aes_gcm').filter(fits))
      for (const { tcId, result, key, iv, aad, msg, ct, tag } of group.tests) {
        const opened = await outcome(() => hpke.decryptAead(hex(key), hex(iv), hex(aad), hex(ct + tag)));
        expect(opened, `case ${tcId}`).toBe(result === 'valid' ? msg : 'refused');
        if (result === 'valid')
          expect(await outcome(() => hpke.encryptAead(hex(key), hex(iv), hex(aad), hex(msg)))).toBe(ct + tag);
        seen++;
      }
    expect(seen).toBeGreaterThan(50);
  });

  test('XChaCha20-Poly1305', async () => {
    let seen = 0;
    for (const group of read<Sizes, Aead>('xchacha20_poly1305'))
      for (const { tcId, result, key, iv, aad, msg, ct, tag } of group.tests) {
        const opened = await outcome(() => xchacha20poly1305(hex(key), hex(iv), hex(aad)).decrypt(hex(ct + tag)));
        expect(opened, `case ${tcId}`).toBe(result === 'valid' ? msg : 'refused');
        if (result === 'valid')
          expect(await outcome(() => xchacha20poly1305(hex(key), hex(iv), hex(aad)).encrypt(hex(msg)))).toBe(ct + tag);
        seen++;
      }
    expect(seen).toBeGreaterThan(100);
  });

  test('HKDF-SHA256', async () => {
    let seen = 0;
    // The library wants salts of 32 bytes; HMAC fills shorter keys up with zeros itself (RFC 2104, 2).
    for (const group of read<object, { ikm: string; salt: string; info: string; size: number; okm: string }>(
      'hkdf_sha256',
    ))
      for (const { tcId, result, ikm, salt, info, size, okm } of group.tests.filter((one) => one.salt.length <= 64)) {
        const own = hex(salt.padEnd(64, '0'));
        const made = await outcome(async () => kdf.expand(await kdf.extract(own, hex(ikm)), hex(info), size));
        expect(made, `case ${tcId}`).toBe(result === 'valid' ? okm : 'refused');
        seen++;
      }
    expect(seen).toBeGreaterThan(50);
  });
});
