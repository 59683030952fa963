/**
 * A certificate that only carries a key: whoever knows the key's pin needs nothing else of it. DER is written by hand,
 * since Node makes keys and not certificates: RFC 5280 for the structure, RFC 8410 for Ed25519, X.690 for the encoding.
 */
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

const CONSTRUCTED = { sequence: 0x30, set: 0x31, explicit0: 0xa0, explicit3: 0xa3 } as const;
const PRIMITIVE = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
} as const;

/** X.690, 8.1: tag, length, content. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), bytes]);
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...long), bytes]);
}

const sequence = (...content: readonly Uint8Array[]): Buffer => der(CONSTRUCTED.sequence, ...content);
const oid = (hex: string): Buffer => der(PRIMITIVE.oid, Buffer.from(hex, 'hex'));
/** GeneralizedTime (RFC 5280, 4.1.2.5.2), which is required from 2050 on. */
const time = (text: string): Buffer => der(PRIMITIVE.time, Buffer.from(text, 'ascii'));

/** 1.3.101.112 */
const ED25519 = sequence(oid('2b6570'));
/** 2.5.4.3 */
const COMMON_NAME = oid('550403');
/** basicConstraints, critical, cA false: this key signs no other certificate. */
const END_ENTITY = sequence(
  sequence(oid('551d13'), der(PRIMITIVE.boolean, Buffer.of(0xff)), der(PRIMITIVE.octets, sequence())),
);
/** It is good as long as its key is: no well-defined end (RFC 5280, 4.1.2.5), and a beginning before any clock that is wrong. */
const VALIDITY = sequence(time('20200101000000Z'), time('99991231235959Z'));
/** RFC 5280, 4.1.2.2: at most 20 bytes, positive. */
const SERIAL_BYTES = 16;

/**
 * @param key an Ed25519 private key.
 * @param name the common name; what it says is nobody's proof of anything.
 * @returns a certificate for the key, signed by itself, in PEM.
 */
export function selfSigned(key: KeyObject, name: string): string {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('this makes certificates for Ed25519 keys only');
  const common = sequence(der(CONSTRUCTED.set, sequence(COMMON_NAME, der(PRIMITIVE.utf8, Buffer.from(name, 'utf8')))));
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    // Version 3.
    der(CONSTRUCTED.explicit0, der(PRIMITIVE.integer, Buffer.of(2))),
    der(PRIMITIVE.integer, serial),
    ED25519,
    common,
    VALIDITY,
    common,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der(CONSTRUCTED.explicit3, END_ENTITY),
  );
  const signature = der(PRIMITIVE.bits, Buffer.of(0), sign(null, body, key));
  const lines =
    sequence(body, ED25519, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
