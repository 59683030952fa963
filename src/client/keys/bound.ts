/** Which keys do what in this program: the table of defaults with somebody's own choices on top. */
import type { Action } from './action.ts';
import type { Key } from './key.ts';
import { keyLabel } from './key-name.ts';
import { DEFAULT_PREFIX, KEYMAP, PREFIX } from './keymap.ts';

/** What a key does, and what that is called: by a name of the table, or by the command line that it is. */
export interface Bound {
  readonly name: string;
  readonly action: Action;
  readonly repeats: boolean;
}

/** Keys as the decoder spells them; after the prefix also characters that are typed. Those that were chosen come first. */
export interface Keymap {
  /** Undefined: there is none. */
  readonly prefix: string | undefined;
  readonly direct: ReadonlyMap<string, Bound>;
  readonly after: ReadonlyMap<string, Bound>;
}

/** A choice; `bound` undefined takes the key away. */
export interface Choice {
  readonly key: string;
  readonly after: boolean;
  readonly bound: Bound | undefined;
}

const PREFIX_BOUND: Bound = { name: PREFIX, action: { kind: 'prefix' }, repeats: false };

/** @param prefix undefined: none; where two choices are about one key, the first counts. */
export function keymapOf(prefix: string | undefined, choices: readonly Choice[] = []): Keymap {
  const tables = { direct: new Map<string, Bound | undefined>(), after: new Map<string, Bound | undefined>() };
  const add = (table: Map<string, Bound | undefined>, key: string, bound: Bound | undefined): void => {
    if (!table.has(key)) table.set(key, bound);
  };
  if (prefix !== undefined) tables.direct.set(prefix, PREFIX_BOUND);
  for (const { key, after, bound } of choices) add(after ? tables.after : tables.direct, key, bound);
  for (const { name, action, repeats, keys, after } of KEYMAP) {
    for (const key of keys) add(tables.direct, key, { name, action, repeats: false });
    for (const key of after) add(tables.after, key, { name, action, repeats });
  }
  const bound = (table: Map<string, Bound | undefined>): Map<string, Bound> =>
    new Map([...table].flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])));
  // Pressed twice.
  const twice = tables.after.get(PREFIX);
  tables.after.delete(PREFIX);
  if (prefix !== undefined && twice !== undefined) add(tables.after, prefix, twice);
  return { prefix, direct: bound(tables.direct), after: prefix === undefined ? new Map() : bound(tables.after) };
}

export const DEFAULT_KEYMAP: Keymap = keymapOf(DEFAULT_PREFIX);

/** @returns undefined for a key that means nothing here. */
export function actionOf(key: Key, keymap: Keymap = DEFAULT_KEYMAP): Action | undefined {
  switch (key.kind) {
    case 'text':
      return { kind: 'insert', text: key.text };
    case 'paste':
      return { kind: 'paste', text: key.text };
    case 'key':
      return keymap.direct.get(key.name)?.action;
  }
}

/** The keys of an action by its name; those after the prefix with the prefix before them, and last. */
export function keysOf(keymap: Keymap, name: string): string[] {
  const found = (table: ReadonlyMap<string, Bound>): string[] =>
    [...table].flatMap(([key, bound]) => (bound.name === name ? [keyLabel(key)] : []));
  const prefix = keymap.prefix === undefined ? '' : keyLabel(keymap.prefix);
  return [...found(keymap.direct), ...found(keymap.after).map((key) => `${prefix} ${key}`)];
}

/** What does as well, where something has no key of its own. */
const INSTEAD: Readonly<Record<string, string>> = { cancel: 'cancel-restore', quit: 'delete-or-quit' };

/** The key that a hint names; undefined: it has none. */
export const keyOf = (keymap: Keymap, name: string): string | undefined =>
  keysOf(keymap, name)[0] ?? keysOf(keymap, INSTEAD[name] ?? '')[0];
