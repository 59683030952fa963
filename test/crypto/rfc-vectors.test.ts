/** The primitives that sessions are made of, as the library reaches them, against the examples in their specifications. */
import { expect, test } from 'vitest';
import { suite } from './pair.ts';
import { hex, toHex } from './vectors.ts';

const { signature, kdf, hpke, hash } = await suite();

/** RFC 8032, 7.1. */
test.each([
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
])('Ed25519 signs as in RFC 8032: %s', async (seed, key, message, due) => {
  expect(toHex(await signature.sign(hex(seed), hex(message)))).toBe(due);
  expect(await signature.verify(hex(key), hex(message), hex(due))).toBe(true);
  expect(await signature.verify(hex(key), hex(`${message}00`), hex(due))).toBe(false);
});

/** RFC 5869, A.1. */
test('HKDF-SHA256 is that of RFC 5869', async () => {
  // The library wants salts of 32 bytes; HMAC fills shorter keys up with zeros itself (RFC 2104, 2).
  const key = await kdf.extract(hex('000102030405060708090a0b0c'.padEnd(64, '0')), hex('0b'.repeat(22)));
  expect(toHex(key)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
  expect(toHex(await kdf.expand(key, hex('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
});

/** FIPS 180-4's example; RFC 4231, 4.3. */
test('SHA-256 and HMAC are those of their specifications', async () => {
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(toHex(await hash.digest(ascii('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(toHex(await hash.mac(ascii('Jefe'), ascii('what do ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

/** The GCM specification (McGrew and Viega), test case 4. */
test('AES-128-GCM is that of its specification', async () => {
  const [key, nonce] = [hex('feffe9928665731c6d6a8f9467308308'), hex('cafebabefacedbaddecaf888')];
  const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
  const plain =
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
  const sealed =
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091' +
    '5bc94fbc3221a5db94fae95ae7121a47';
  expect(toHex(await hpke.encryptAead(key, nonce, aad, hex(plain)))).toBe(sealed);
  expect(toHex(await hpke.decryptAead(key, nonce, aad, hex(sealed)))).toBe(plain);
  await expect(hpke.decryptAead(key, nonce, aad.with(0, 0), hex(sealed))).rejects.toThrow();
});

/** RFC 9180, A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM; X25519 is inside. */
test('HPKE opens what RFC 9180 has sealed', async () => {
  const { privateKey, publicKey } = await hpke.deriveKeyPair(
    hex('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037'),
  );
  expect(toHex(await hpke.exportPublicKey(publicKey))).toBe(
    '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d',
  );
  const opened = await hpke.open(
    privateKey,
    hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
    hex('f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a'),
    hex('4f6465206f6e2061204772656369616e2055726e'),
    hex('436f756e742d30'),
  );
  expect(new TextDecoder().decode(opened)).toBe('Beauty is truth, truth beauty');
});
