/**
 * The names inside of what is encrypted: in credentials, in items, and in safety numbers. On a server both sides know the
 * same names, and so these are the same. On the local network everybody gives names to others as they like; there a
 * person is a key, and inside stands a name that is made of it, which is nobody's choice. Outside (in the vault, in what
 * people are told) names are those that we know.
 */
import { createHash } from 'node:crypto';
import type { DeviceId, UserName } from '../base/ids.ts';
import type { Party } from '../crypto/e2ee-session.ts';
import { accountName } from '../protocol/names.ts';
import type { Item } from './item.ts';

/** Hexadecimal digits of a key's hash in a name: with what is in front as many characters as a name may have. */
const DIGITS = 28;
/** Whoever is named inside and is neither of the two. No account has such a name, and on the local network nobody. */
const NOBODY = '~nobody';

/** What a person is called inside, who has this key. */
export const nameOfKey = (device: DeviceId): UserName =>
  accountName(`key-${createHash('sha256').update(device, 'base64url').digest('hex').slice(0, DIGITS)}`);

/** Between two devices: an item of ours as it goes in, and one of theirs as we know it. */
export interface Renaming {
  readonly inward: (item: Item) => Item;
  readonly outward: (item: Item) => Item;
}

export interface InnerNames {
  /** As a credential names them. */
  readonly party: (user: UserName, device: DeviceId) => Party;
  readonly between: (both: { readonly us: Party; readonly them: Party }) => Renaming;
}

const same = (item: Item): Item => item;

/** Both sides know the same names. */
const namesOfServer: InnerNames = {
  party: (user, device) => ({ user, device }),
  between: () => ({ inward: same, outward: same }),
};

/** A person has one device here: their name inside is that of its key. */
const namesByKey: InnerNames = {
  party: (_, device) => ({ user: nameOfKey(device), device }),
  between({ us, them }) {
    const [ours, theirs] = [nameOfKey(us.device), nameOfKey(them.device)];
    const nobody = accountName(NOBODY);
    return {
      // Who isn't the other is we: it may be a name that we had before.
      inward: (item) => renamed(item, (user) => (user === them.user ? theirs : ours)),
      outward: (item) => renamed(item, (user) => (user === theirs ? them.user : user === ours ? us.user : nobody)),
    };
  },
};

export const innerNames = (byKey: boolean): InnerNames => (byKey ? namesByKey : namesOfServer);

/** With other names, wherever an item has any. */
function renamed(item: Item, rename: (user: UserName) => UserName): Item {
  const ends = ({ from, to }: { from: UserName; to: UserName }) => ({ from: rename(from), to: rename(to) });
  switch (item.kind) {
    case 'hello':
    case 'mailEdit':
    case 'mailDelete':
      return { ...item, ...ends(item) };
    case 'mail':
      return item.re === undefined
        ? { ...item, ...ends(item) }
        : { ...item, ...ends(item), re: { ...item.re, from: rename(item.re.from) } };
    case 'mailReact':
      return { ...item, ...ends(item), of: { ...item.of, from: rename(item.of.from) } };
    case 'text':
      return item.re === undefined ? item : { ...item, re: { ...item.re, from: rename(item.re.from) } };
    case 'react':
      return { ...item, of: { ...item.of, from: rename(item.of.from) } };
    case 'edit':
    case 'delete':
    case 'typing':
    case 'ack':
    case 'address':
    case 'use':
    case 'ping':
    case 'log':
    case 'end':
      return item;
  }
}
