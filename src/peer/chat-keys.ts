/** How the keys of a chat come about: whoever says yes makes them, from the package of the one who has asked. */
import type { GroupId } from '../base/ids.ts';
import { fromBase64url, toBase64url } from '../crypto/base64url.ts';
import type { OwnPackage, Party } from '../crypto/e2ee-session.ts';
import { type ChatCipher, plainCipher, sealedCipher } from './chat-cipher.ts';
import type { Self } from './shared.ts';

export interface ChatKeysOf {
  readonly self: Self;
  readonly chat: GroupId;
  readonly them: Party;
  /** Monotonic ms. */
  readonly now: number;
}

export interface MadeKeys {
  readonly cipher: ChatCipher;
  /** base64url; of a plain chat none. */
  readonly welcome: string | undefined;
}

/** @param given their package; of a plain chat none. @returns undefined where it isn't theirs. */
export async function makeKeys(of: ChatKeysOf, given: string | undefined): Promise<MadeKeys | undefined> {
  if (given === undefined) return { cipher: plainCipher(of.chat), welcome: undefined };
  const bytes = fromBase64url(given);
  const e2ee = await of.self.e2ee;
  const made = bytes && (await e2ee.create(of.chat, of.them, bytes));
  if (made?.ok !== true) return undefined;
  return { cipher: sealedCipher(made.value.session, of.now), welcome: toBase64url(made.value.welcome) };
}

/** @param own ours, which is used up; of a plain chat none. @returns undefined where the Welcome isn't for it, or not theirs. */
export async function takeKeys(
  of: ChatKeysOf,
  own: OwnPackage | undefined,
  welcome: string | undefined,
): Promise<ChatCipher | undefined> {
  if (own === undefined) return plainCipher(of.chat);
  const bytes = fromBase64url(welcome ?? '');
  const e2ee = await of.self.e2ee;
  const joined = bytes && (await e2ee.join(of.chat, of.them, bytes, own));
  own.secret.fill(0);
  return joined?.ok ? sealedCipher(joined.value, of.now) : undefined;
}
