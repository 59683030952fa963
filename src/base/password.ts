/** What a password may be. Both sides ask: the client before it sends one, the server before it keeps one. */
import { err, ok, type Result } from './result.ts';
import { Secret } from './secret.ts';

/** Code points of a new password, at least (NIST SP 800-63B, 5.1.1.2). */
export const MIN_PASSWORD_CHARS = 8;
/** Code points, at most: a long sentence; a bound on what a stranger makes us normalise. */
export const MAX_PASSWORD_CHARS = 128;
/** UTF-8 bytes, at most, however it is written: 128 of the longest code points, each with a mark or two before NFC. */
export const MAX_PASSWORD_BYTES = 1024;

export type PasswordFault = 'too_short' | 'too_long' | 'bad_characters';

export const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  too_short: `a password has at least ${MIN_PASSWORD_CHARS} characters`,
  too_long: `a password has at most ${MAX_PASSWORD_CHARS} characters and ${MAX_PASSWORD_BYTES} bytes`,
  bad_characters: 'a password has no control characters, such as tabs and line ends',
};

/** Spaces of any script (RFC 8265, 4.2.2: "any instance of non-ASCII space" becomes U+0020). */
const SPACES = /\p{Zs}/gu;
/** Control characters, which the FreeformClass forbids (RFC 8264, 4.3.3), and halves of surrogate pairs. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

/**
 * A password as it is hashed: OpaqueString of PRECIS (RFC 8265, 4.2), so that the same keys give the same password on
 * every keyboard: spaces become U+0020, then NFC; case and width stay. Of the forbidden characters only controls and lone
 * surrogates are refused: the rest depends on the version of Unicode, and a password must not stop working by an update.
 */
export function preparePassword(password: Secret): Result<Secret, PasswordFault> {
  const raw = password.reveal();
  // Before anything that costs time. A UTF-16 unit is at most three bytes.
  if (raw.length > MAX_PASSWORD_BYTES || utf8Length(raw) > MAX_PASSWORD_BYTES) return err('too_long');
  if (FORBIDDEN.test(raw)) return err('bad_characters');
  const prepared = raw.replace(SPACES, ' ').normalize('NFC');
  if (prepared === '') return err('too_short');
  const long = utf8Length(prepared) > MAX_PASSWORD_BYTES || codePoints(prepared) > MAX_PASSWORD_CHARS;
  return long ? err('too_long') : ok(new Secret(prepared));
}

/** As `preparePassword`, and long enough to be kept. One that was kept may be asked for whatever its length. */
export function prepareNewPassword(password: Secret): Result<Secret, PasswordFault> {
  const prepared = preparePassword(password);
  if (!prepared.ok) return prepared;
  return codePoints(prepared.value.reveal()) < MIN_PASSWORD_CHARS ? err('too_short') : prepared;
}

/** A pair of surrogates is one. */
const codePoints = (text: string): number => text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '-').length;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
