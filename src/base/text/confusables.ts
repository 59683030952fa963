/**
 * Names that a reader would take for each other, after UTS #39, 4 (Confusable Detection): two names look alike when their
 * skeletons are equal. Names are ASCII (`protocol/names.ts`), so of Unicode's table only the rows from ASCII to ASCII
 * matter, which in confusables.txt of Unicode 17.0.0 are, for characters that a name may have:
 *
 *     1 -> l     I -> l     0 -> O     m -> rn
 *
 * Beyond them:
 * - w -> vv, which that table leaves out and many a terminal's font doesn't;
 * - upper and lower case are one, as they are where names are reserved; so I, i, l, L and 1 are one class;
 * - `.`, `_` and `-` are one, several of them are as one, and at either end they are none: `alice_`, which systems like
 *   this one give to a second alice, and the name before a full stop.
 *
 * Left out are 5/s, 2/z, cl/d: they look alike only at a glance, and would take `users` from whoever isn't `user5`.
 * The skeleton is for comparing only; it is no name.
 */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[._-]+/g, '-'],
  [/^-|-$/g, ''],
  [/[1i]/g, 'l'],
  [/0/g, 'o'],
  [/m/g, 'rn'],
  [/w/g, 'vv'],
];

/** @param name a name, with or without a guest's `~`. */
export function skeleton(name: string): string {
  let text = name.replace(/^~/, '').toLowerCase();
  for (const [pattern, by] of ALIKE) text = text.replace(pattern, by);
  // A name of nothing but separators.
  return text === '' ? '-' : text;
}

export const looksAlike = (a: string, b: string): boolean => skeleton(a) === skeleton(b);

/** Names that are taken, found by what they look like; each operation is O(1). */
export class NameIndex {
  /** By skeleton; none of the sets is empty. */
  readonly #taken = new Map<string, Set<string>>();

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name);
  }

  add(name: string): void {
    const key = skeleton(name);
    const alike = this.#taken.get(key);
    if (alike === undefined) this.#taken.set(key, new Set([name]));
    else alike.add(name);
  }

  delete(name: string): void {
    const key = skeleton(name);
    const alike = this.#taken.get(key);
    alike?.delete(name);
    if (alike?.size === 0) this.#taken.delete(key);
  }

  /** A taken name that this one equals or looks like; undefined when it is free. */
  conflict(name: string): string | undefined {
    const alike = this.#taken.get(skeleton(name));
    if (alike === undefined) return undefined;
    if (alike.has(name)) return name;
    for (const first of alike) return first;
    return undefined;
  }
}
