import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { type PasswordFault, prepareNewPassword, preparePassword } from '../../base/password.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import { FairQueue, type FairQueueLimits } from './fair-queue.ts';
import { type Argon2Cost, type Argon2Hash, decodePhc, encodePhc } from './phc.ts';

/** 19 MiB, two passes, one lane: OWASP's password storage cheat sheet. About 25 ms of one core. */
export const COST: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** Bytes (RFC 9106, 4). */
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const LIMITS: FairQueueLimits = {
  /** Hashes at the same time: 38 MiB, and two of the four threads that Node has for files and the like. */
  atOnce: 2,
  /** Hashes that wait: some 6 s of them, less than the time that a connection has for its hello. */
  waiting: 256,
  /** Of one source: a person's clients that come back together. */
  waitingOfOne: 8,
};

interface Verdict {
  readonly matches: boolean;
  /** It matches, but the hash was made at another cost: hash it again and keep that. */
  readonly rehash: boolean;
}

/** `source`: who asks, as `sourceOf` names it. All hashing waits in one queue, in which sources take turns. */
export interface Passwords {
  /** @returns a PHC string to keep; or what is wrong with the password, in which case nothing was hashed. */
  hash(password: Secret, source: string): Promise<Result<string, 'busy' | PasswordFault>>;
  /**
   * @param phc what was kept; undefined where there is no such account, or it has no password: then nothing matches, and
   * that costs the same time. `damaged`: what was kept is no hash of ours.
   */
  verify(password: Secret, phc: string | undefined, source: string): Promise<Result<Verdict, 'busy' | 'damaged'>>;
}

export interface PasswordsOptions {
  readonly random?: (bytes: number) => Buffer;
  readonly cost?: Argon2Cost;
  readonly limits?: FairQueueLimits;
}

/** On a thread of Node's own. */
function derive(password: Secret, salt: Buffer, tagBytes: number, cost: Argon2Cost): Promise<Buffer> {
  const message = Buffer.from(password.reveal());
  const parameters = { ...cost, message, nonce: salt, tagLength: tagBytes };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => {
      message.fill(0);
      if (error === null) resolve(tag);
      else reject(error);
    });
  });
}

const isUpToDate = ({ memory, passes, parallelism, salt, tag }: Argon2Hash, cost: Argon2Cost): boolean =>
  memory === cost.memory &&
  passes === cost.passes &&
  parallelism === cost.parallelism &&
  salt.length === SALT_BYTES &&
  tag.length === TAG_BYTES;

/** No password's: nothing that is hashed is empty. */
const NO_PASSWORD = new Secret('');

export function createPasswords({
  random = randomBytes,
  cost = COST,
  limits = LIMITS,
}: PasswordsOptions = {}): Passwords {
  const queue = new FairQueue(limits);
  /** What an unknown name is compared with: a tag made by chance, which no password is known to give. */
  const nobody: Argon2Hash = { ...cost, salt: random(SALT_BYTES), tag: random(TAG_BYTES) };

  return {
    async hash(password, source) {
      const prepared = prepareNewPassword(password);
      if (!prepared.ok) return prepared;
      const salt = random(SALT_BYTES);
      const tag = await queue.run(source, () => derive(prepared.value, salt, TAG_BYTES, cost));
      return tag.ok ? ok(encodePhc({ ...cost, salt, tag: tag.value })) : tag;
    },

    async verify(password, phc, source) {
      const prepared = preparePassword(password);
      const kept = phc === undefined ? undefined : decodePhc(phc);
      const target = kept?.ok === true ? kept.value : nobody;
      const typed = prepared.ok ? prepared.value : NO_PASSWORD;
      const tag = await queue.run(source, () => derive(typed, target.salt, target.tag.length, target));
      if (!tag.ok) return tag;
      const equal = timingSafeEqual(tag.value, target.tag);
      if (kept?.ok === false) return err('damaged');
      const matches = equal && prepared.ok && kept !== undefined;
      return ok({ matches, rehash: matches && !isUpToDate(target, cost) });
    },
  };
}
