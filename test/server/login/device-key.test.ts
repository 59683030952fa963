import { createHash, createPrivateKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deviceLoginBytes } from '../../../src/protocol/device-key.ts';
import { deviceFingerprint, parseDeviceKey, verifyDeviceLogin } from '../../../src/server/login/device-key.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const base64url = (text: string): string => hex(text).toString('base64url');
const PKCS8_PREFIX = '302e020100300506032b657004220420';

/** RFC 8032, 7.1, TEST 1 to 3. */
const VECTORS = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];
const [vector] = VECTORS;
const privateKey = (seed: string) => createPrivateKey({ key: hex(PKCS8_PREFIX + seed), format: 'der', type: 'pkcs8' });
const BINDING = Buffer.alloc(32, 7);
const signed = (seed: string, bytes: Uint8Array): string => sign(null, bytes, privateKey(seed)).toString('base64url');

test.each(VECTORS)('a key of RFC 8032 is read as the key that made its signature', ({ key, message, signature }) => {
  const parsed = parseDeviceKey(base64url(key));
  expect(parsed && verify(null, hex(message), parsed, hex(signature))).toBe(true);
});

describe('a log-in', () => {
  const key = parseDeviceKey(base64url(vector!.key))!;

  test('is signed with the key, for this connection, under its own name', () => {
    expect(verifyDeviceLogin(key, BINDING, signed(vector!.seed, deviceLoginBytes(BINDING)))).toBe(true);
    const bytes = Buffer.concat([Buffer.from('uchat device log-in v1\0'), BINDING]);
    expect(Buffer.from(deviceLoginBytes(BINDING)).equals(bytes)).toBe(true);
  });

  test('is refused for another connection, by another key, without its context, or altered', () => {
    const good = signed(vector!.seed, deviceLoginBytes(BINDING));
    const refused = [
      [Buffer.alloc(32, 8), good],
      [BINDING, signed(VECTORS[1]!.seed, deviceLoginBytes(BINDING))],
      [BINDING, signed(vector!.seed, BINDING)],
      [BINDING, signed(vector!.seed, Buffer.concat([Buffer.from('uchat device log-in v2\0'), BINDING]))],
      [BINDING, ''],
      [BINDING, good.slice(1)],
      [BINDING, `${good}A`],
      [BINDING, `${good.slice(0, 10)}${good[10] === 'A' ? 'B' : 'A'}${good.slice(11)}`],
    ] as const;
    for (const [binding, signature] of refused) expect(verifyDeviceLogin(key, binding, signature)).toBe(false);
  });

  test('over a binding of another length is a bug, and says so', () => {
    expect(() => deviceLoginBytes(Buffer.alloc(31))).toThrow('32 bytes');
    expect(() => deviceLoginBytes(new Uint8Array())).toThrow(RangeError);
  });
});

describe('a key', () => {
  test('is named by the hash of its SubjectPublicKeyInfo', () => {
    const spki = hex(`302a300506032b6570032100${vector!.key}`);
    const due = `SHA256:${createHash('sha256').update(spki).digest('base64').slice(0, 43)}`;
    expect(deviceFingerprint(parseDeviceKey(base64url(vector!.key))!)).toBe(due);
  });

  test.each([
    ['too short', base64url(vector!.key).slice(1)],
    ['too long', `${base64url(vector!.key)}A`],
    ['with padding', `${base64url(vector!.key)}=`],
    ['in the other base64', hex(vector!.key).toString('base64').slice(0, 43)],
    ['written another way', base64url(vector!.key).replace(/.$/, 'p')],
    ['empty', ''],
  ])('that is %s is none', (_, text) => {
    expect(parseDeviceKey(text)).toBeUndefined();
  });

  test.each([
    '01'.padEnd(64, '0'),
    '00'.padEnd(64, '0'),
    `${'00'.repeat(31)}80`,
    `01${'00'.repeat(30)}80`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    `ec${'ff'.repeat(31)}`,
    `ee${'ff'.repeat(30)}7f`,
  ])('of small order logs nobody in, though signatures that anybody can make fit it: %s', (raw) => {
    const key = parseDeviceKey(base64url(raw));
    // R = S * base point, for S = 0 and 1, which holds whenever the hash is a multiple of the key's order.
    const forged = [`01${'00'.repeat(31)}${'00'.repeat(32)}`, `58${'66'.repeat(31)}01${'00'.repeat(31)}`];
    for (let i = 0; i < 32; i++) {
      const accepted = forged.some((one) => key && verifyDeviceLogin(key, Buffer.alloc(32, i), base64url(one)));
      expect(accepted).toBeFalsy();
    }
  });
});
