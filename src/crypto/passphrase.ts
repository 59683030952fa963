/** A key under a passphrase: Argon2id (RFC 9106) makes of it the key that wraps the other. */
import { argon2, createHash, randomBytes } from 'node:crypto';
import { preparePassword } from '../base/password.ts';
import { Secret } from '../base/secret.ts';
import { openRecord, RECORD_KEY_BYTES, sealRecord } from './sealed-record.ts';

/** What a guess costs. It is kept with the key, so that it can grow. */
export interface PassphraseCost {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * The second recommended option of RFC 9106, 4, for who can't spare 2 GiB: about 150 ms in a thread of its own, once a
 * program. More than log-ins to a server take, because who has a copy of the file may guess for as long as they like.
 */
export const PASSPHRASE_COST: PassphraseCost = { memory: 65_536, passes: 3, lanes: 4 };
/**
 * What a file may ask of us: 1 GiB and some seconds. Beyond it, it isn't ours. Not less than Argon2 itself asks for, which
 * is 8 KiB a lane (RFC 9106, 3.1).
 */
export const PASSPHRASE_LIMITS = { memory: 1_048_576, passes: 64, lanes: 16 } as const;

/** RFC 9106, 3.1: "16 bytes is RECOMMENDED for password hashing". */
const SALT_BYTES = 16;

/** As it may lie in a file. */
export interface WrappedKey extends PassphraseCost {
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/** So that this key isn't taken for a record of a file, nor the other way round. */
const WRAPPED = { file: createHash('sha256').update('uchat: a key under a passphrase').digest(), position: 0 };

/** In a thread of its own: the event loop goes on. */
function keyOf(passphrase: Secret, { memory, passes, lanes }: PassphraseCost, nonce: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const message = passphrase.reveal();
  const given = { message, nonce, parallelism: lanes, tagLength: RECORD_KEY_BYTES, memory, passes };
  argon2('argon2id', given, (error, key) => (error === null ? resolve(key) : reject(error)));
  return promise;
}

const within = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max;

/** Whether this can be computed, and in bounds. */
export const isBearable = ({ memory, passes, lanes }: PassphraseCost): boolean =>
  within(lanes, 1, PASSPHRASE_LIMITS.lanes) &&
  within(passes, 1, PASSPHRASE_LIMITS.passes) &&
  within(memory, 8 * lanes, PASSPHRASE_LIMITS.memory);

/**
 * @param passphrase any text that `preparePassword` takes; throws otherwise.
 * @param key `RECORD_KEY_BYTES` bytes
 */
export async function wrapKey(
  key: Uint8Array,
  passphrase: Secret,
  cost: PassphraseCost = PASSPHRASE_COST,
): Promise<WrappedKey> {
  if (key.length !== RECORD_KEY_BYTES) throw new RangeError(`a key has ${RECORD_KEY_BYTES} bytes`);
  const prepared = preparePassword(passphrase);
  if (!prepared.ok) throw new RangeError(`this can't be a passphrase: ${prepared.error}`);
  const salt = randomBytes(SALT_BYTES);
  const wrapping = await keyOf(prepared.value, cost, salt);
  const sealed = sealRecord(wrapping, WRAPPED, key);
  wrapping.fill(0);
  return { memory: cost.memory, passes: cost.passes, lanes: cost.lanes, salt, sealed };
}

/** @returns undefined where the passphrase is wrong, or the file was changed, which nobody can tell apart. */
export async function unwrapKey(wrapped: WrappedKey, passphrase: Secret): Promise<Uint8Array | undefined> {
  const prepared = preparePassword(passphrase);
  if (!prepared.ok || !isBearable(wrapped)) return undefined;
  const wrapping = await keyOf(prepared.value, wrapped, wrapped.salt);
  const key = openRecord(wrapping, WRAPPED, wrapped.sealed);
  wrapping.fill(0);
  return key?.length === RECORD_KEY_BYTES ? key : undefined;
}
