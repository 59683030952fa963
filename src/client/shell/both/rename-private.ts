/** What private chats say to the core and hear of it, with other names in it; its types say where names are. */
import type { UserName } from '../../../base/ids.ts';
import type { Secret } from '../../../base/secret.ts';
import type { PrivateCommand, PrivateEvent } from '../../../peer/private.ts';
import { type Renaming, renameFields } from '../../../protocol/rename.ts';

/** The names of all fields, at any depth, that hold the name of a user, or several. */
type NameKeys<T> = T extends string | number | boolean | undefined | Secret
  ? never
  : T extends readonly (infer U)[]
    ? NameKeys<U>
    : T extends object
      ? {
          [K in keyof T]-?: NonNullable<T[K]> extends UserName | readonly UserName[] ? K : NameKeys<NonNullable<T[K]>>;
        }[keyof T]
      : never;

/** One that is missing does not compile. */
const PRIVATE_NAMES = {
  to: true,
  user: true,
  person: true,
  from: true,
  by: true,
  users: true,
  people: true,
} as const satisfies Record<NameKeys<PrivateCommand | PrivateEvent>, true>;

const KEYS: ReadonlySet<string> = new Set(Object.keys(PRIVATE_NAMES));

export const renamePrivate = <T extends PrivateCommand | PrivateEvent>(what: T, to: Renaming): T =>
  renameFields(what, KEYS, to);
