/**
 * The key of all history logs of this data folder, in a file beside them: as it is, or under a passphrase. A passphrase is
 * one for all servers, and setting it doesn't change the key, so no log has to be written anew.
 */
import { randomBytes } from 'node:crypto';
import type { Secret } from '../../base/secret.ts';
import {
  isBearable,
  PASSPHRASE_COST,
  type PassphraseCost,
  unwrapKey,
  type WrappedKey,
  wrapKey,
} from '../../crypto/passphrase.ts';
import { RECORD_KEY_BYTES } from '../../crypto/sealed-record.ts';
import { integer, object, optional, pattern } from '../../protocol/schema.ts';
import { VaultError } from './fault.ts';
import { createOnce, readSecretFile, replaceFile } from './files.ts';
import { parsedJson } from './json.ts';

/** Of the file's form. */
const VERSION = 1;
/** Bytes; with a passphrase it has about 250. */
const MAX_FILE_BYTES = 4096;
const NAME = 'key of the history log';

const base64 = pattern<string>(/^[A-Za-z0-9_-]{1,200}$/, 'base64url');
const header = object({ version: integer(1) });
const body = object({
  key: optional(pattern<string>(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url')),
  argon2id: optional(
    object({ memory: integer(1), passes: integer(1), lanes: integer(1), salt: base64, sealed: base64 }),
  ),
});

export type LogKey = { readonly kind: 'plain'; readonly key: Uint8Array } | ({ readonly kind: 'wrapped' } & WrappedKey);

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const fileOf = (content: object): Uint8Array => Buffer.from(`${JSON.stringify({ version: VERSION, ...content })}\n`);
const plainFile = (key: Uint8Array): Uint8Array => fileOf({ key: textOf(key) });

/** @returns undefined where there is no such file. */
export function readLogKey(path: string): LogKey | undefined {
  const bytes = readSecretFile(path, NAME, MAX_FILE_BYTES);
  if (bytes === undefined) return undefined;
  const damaged = new VaultError('damaged', `${path} is not the ${NAME}: restore it, or move it away with the logs`);
  const head = parsedJson(header, bytes);
  if (head === undefined) throw damaged;
  if (head.version > VERSION)
    throw new VaultError('newer', `${path} was written by a newer uchat: install the newer uchat`);
  const parsed = parsedJson(body, bytes);
  if (parsed?.key !== undefined && parsed.argon2id === undefined) return { kind: 'plain', key: bytesOf(parsed.key) };
  if (parsed?.argon2id === undefined || parsed.key !== undefined || !isBearable(parsed.argon2id)) throw damaged;
  const { memory, passes, lanes, salt, sealed } = parsed.argon2id;
  return { kind: 'wrapped', memory, passes, lanes, salt: bytesOf(salt), sealed: bytesOf(sealed) };
}

/** Made where there is none; of several programs that do so at once, all get the same. */
export function openLogKey(path: string, mayMake: () => void): LogKey {
  const found = readLogKey(path);
  if (found !== undefined) return found;
  mayMake();
  createOnce(path, plainFile(randomBytes(RECORD_KEY_BYTES)));
  const made = readLogKey(path);
  if (made === undefined) throw new VaultError('failed', `cannot read the ${NAME} ${path}: it was removed just now`);
  return made;
}

/** @returns undefined where the passphrase is wrong. */
export async function unlocked(logKey: LogKey, passphrase: Secret): Promise<Uint8Array | undefined> {
  switch (logKey.kind) {
    case 'plain':
      return logKey.key;
    case 'wrapped':
      return await unwrapKey(logKey, passphrase);
  }
}

/** Puts the key under another passphrase, or under none. @param cost for tests, which can't wait. */
export async function protect(
  path: string,
  key: Uint8Array,
  passphrase: Secret | undefined,
  cost: PassphraseCost = PASSPHRASE_COST,
): Promise<void> {
  if (passphrase === undefined) {
    replaceFile(path, plainFile(key));
    return;
  }
  const { memory, passes, lanes, salt, sealed } = await wrapKey(key, passphrase, cost);
  replaceFile(path, fileOf({ argon2id: { memory, passes, lanes, salt: textOf(salt), sealed: textOf(sealed) } }));
}
