/**
 * One encrypted record of a file: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a nonce of its own. Bytes in, bytes
 * out; files are others' business.
 *
 * The nonce is chance: with 24 bytes of it, 2^80 records may be sealed under one key before two are likely to share one,
 * so no count has to survive a crash. The file and the place in it are authenticated with the record, so that one that was
 * moved, exchanged for another or copied from another file doesn't open. That records are missing at the end, or that the
 * whole file is an older one, can't be seen here.
 */
import { randomBytes } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

/** Bytes of a key. */
export const RECORD_KEY_BYTES = 32;
/** Bytes of what names a file: as many as of a hash, so that no two of them make the same place. */
export const FILE_ID_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
/** Bytes that a record has more than what is in it. */
export const RECORD_OVERHEAD = NONCE_BYTES + TAG_BYTES;

/** Where a record is. */
export interface RecordPlace {
  /** `FILE_ID_BYTES` bytes */
  readonly file: Uint8Array;
  /** 0, 1, 2 …, or whatever numbers tell the file's records apart. */
  readonly position: number;
}

/** File id, then the position as 64 bits, big-endian: of fixed length, so that it can be read in one way only. */
function associated({ file, position }: RecordPlace): Uint8Array {
  if (file.length !== FILE_ID_BYTES) throw new RangeError(`a file's id has ${FILE_ID_BYTES} bytes`);
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError('a position is a whole number from 0');
  const bytes = Buffer.alloc(FILE_ID_BYTES + 8);
  bytes.set(file);
  bytes.writeBigUInt64BE(BigInt(position), FILE_ID_BYTES);
  return bytes;
}

/**
 * @param key `RECORD_KEY_BYTES` bytes
 * @returns nonce, ciphertext and tag: `RECORD_OVERHEAD` bytes more than `plain`
 */
export function sealRecord(key: Uint8Array, place: RecordPlace, plain: Uint8Array): Uint8Array {
  const sealed = Buffer.allocUnsafe(plain.length + RECORD_OVERHEAD);
  const nonce = randomBytes(NONCE_BYTES);
  sealed.set(nonce);
  sealed.set(xchacha20poly1305(key, nonce, associated(place)).encrypt(plain), NONCE_BYTES);
  return sealed;
}

/** @returns what was sealed; undefined where it wasn't this, or not with this key, or not for this place. */
export function openRecord(key: Uint8Array, place: RecordPlace, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < RECORD_OVERHEAD) return undefined;
  const cipher = xchacha20poly1305(key, sealed.subarray(0, NONCE_BYTES), associated(place));
  try {
    return cipher.decrypt(sealed.subarray(NONCE_BYTES));
  } catch {
    // Key, nonce and length are right by now: the tag is wrong.
    return undefined;
  }
}
