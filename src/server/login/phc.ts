/** Argon2id hashes as text, after the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
import { err, ok, type Result } from '../../base/result.ts';

export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  /** Lanes. */
  readonly parallelism: number;
}

export interface Argon2Hash extends Argon2Cost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** KiB; what comes from the disk must not take the memory of the whole host. */
const MAX_MEMORY = 262_144;
/** Passes, and lanes, for the same reason. */
const MAX_PASSES = 16;
const MAX_PARALLELISM = 16;
/** Bytes: RFC 9106, 3.1 asks for a salt of 8 at least; below 16 a tag could be guessed. Over 64 nobody writes. */
const MIN_SALT = 8;
const MIN_TAG = 16;
const MAX_BYTES = 64;

const NUMBER = '([1-9][0-9]{0,6})';
const BASE64 = '([A-Za-z0-9+/]{11,86})';
const PATTERN = new RegExp(`^\\$argon2id\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$${BASE64}\\$${BASE64}$`);

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export const encodePhc = ({ memory, passes, parallelism, salt, tag }: Argon2Hash): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;

/** Strict: exactly what `encodePhc` writes, within bounds. */
export function decodePhc(text: string): Result<Argon2Hash, 'damaged'> {
  const parts = PATTERN.exec(text);
  if (parts === null) return err('damaged');
  const [memory, passes, parallelism] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [salt, tag] = [Buffer.from(parts[4] ?? '', 'base64'), Buffer.from(parts[5] ?? '', 'base64')];
  const hash = { memory, passes, parallelism, salt, tag };
  const fits =
    memory >= 8 * parallelism &&
    memory <= MAX_MEMORY &&
    passes <= MAX_PASSES &&
    parallelism <= MAX_PARALLELISM &&
    salt.length >= MIN_SALT &&
    salt.length <= MAX_BYTES &&
    tag.length >= MIN_TAG &&
    tag.length <= MAX_BYTES;
  // Base64 has several ways to write the last bits.
  return fits && encodePhc(hash) === text ? ok(hash) : err('damaged');
}
