/** By which name our own programs know a key: its own, as long as nobody else has that or one that looks like it. */
import type { DeviceId, UserName } from '../../base/ids.ts';
import { fingerprintOf } from '../../crypto/identity.ts';
import { MAX_NAME_CHARS } from '../../protocol/limits.ts';
import { accountName } from '../../protocol/names.ts';

/** Groups of the fingerprint that fit behind a name of a few characters. */
const MAX_GROUPS = 7;

const withEnd = (name: string, end: string): UserName =>
  accountName(`${name.slice(0, MAX_NAME_CHARS - 1 - end.length)}-${end}`);

/**
 * `bob`; the next one `bob-9f86`, with the first group of the key's fingerprint, or more of it.
 * @param name a plain name.
 * @param isTaken by somebody else, or by a name that is read for it.
 */
export function localName(device: DeviceId, name: string, isTaken: (name: string) => boolean): UserName {
  if (!isTaken(name)) return accountName(name);
  let end = '';
  for (const group of fingerprintOf(device).split(' ').slice(0, MAX_GROUPS)) {
    end += group;
    const candidate = withEnd(name, end);
    if (!isTaken(candidate)) return candidate;
  }
  // Somebody has invented keys for all of those names.
  for (let count = 2; ; count++) {
    const candidate = withEnd(name, String(count));
    if (!isTaken(candidate)) return candidate;
  }
}
