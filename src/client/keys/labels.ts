/** The keys as people read them, a line for what belongs together: what the page of keys is made of. */
import { type Keymap, keysOf } from './bound.ts';
import { keyLabel } from './key-name.ts';
import { type Binding, KEY_GROUPS, KEYMAP } from './keymap.ts';

export interface KeyLine {
  readonly label: string;
  readonly words: string;
}

export interface KeySection {
  readonly title: string;
  readonly lines: readonly KeyLine[];
}

/** Cells of the keys of a line: a second one is named only where both fit. */
export const LABEL_CELLS = { narrow: 13, wide: 20 } as const;
/** Keys of neighbours that are named one by one; of more, like those of the ten tabs, the first and the last. */
const MAX_NAMED = 5;
const ARROWS: readonly string[] = ['Left', 'Right', 'Up', 'Down'];
const GAP = '  ';

/** Neighbours with the same words. */
function alike(bindings: readonly Binding[]): Binding[][] {
  const runs: Binding[][] = [];
  for (const binding of bindings) {
    const last = runs.at(-1);
    if (last?.[0]?.words === binding.words) last.push(binding);
    else runs.push([binding]);
  }
  return runs;
}

/** `Ctrl-Alt-` and what follows it. */
function split(label: string): readonly [modifiers: string, base: string] {
  const modifiers = /^(?:(?:Ctrl|Alt|Shift)-)*/.exec(label)?.[0] ?? '';
  return modifiers.length < label.length ? [modifiers, label.slice(modifiers.length)] : ['', label];
}

/** The keys of several that belong together: `Ctrl-A  Ctrl-E`, `Alt-1 to 0`, `Ctrl-arrows`. */
function together(keys: readonly string[]): string {
  const parts = keys.map(split);
  const [modifiers = ''] = parts[0] ?? [];
  const bases = parts.map(([, base]) => base);
  const alike = parts.every((part) => part[0] === modifiers);
  if (alike && bases.length === ARROWS.length && ARROWS.every((arrow) => bases.includes(arrow)))
    return modifiers === '' ? 'Arrows' : `${modifiers}arrows`;
  if (keys.length <= MAX_NAMED && (!alike || modifiers !== '' || keys.length <= 2)) return keys.join(GAP);
  if (keys.length <= MAX_NAMED) return keys.join(' ');
  return `${keys[0]} to ${alike ? bases.at(-1) : keys.at(-1)}`;
}

function labelOf(keys: readonly (readonly string[])[], cells: number): string {
  const [first = [], ...more] = keys.filter((each) => each.length > 0);
  const firsts = [first, ...more].flatMap((each) => each.slice(0, 1));
  if (firsts.length > 1) return together(firsts);
  const both = first.slice(0, 2).join(GAP);
  return both.length <= cells ? both : (first[0] ?? '');
}

function linesOf(bindings: readonly Binding[], cells: number, keysFor: (name: string) => readonly string[]): KeyLine[] {
  return alike(bindings).flatMap((run) => {
    const label = labelOf(
      run.map(({ name }) => keysFor(name)),
      cells,
    );
    return label === '' ? [] : [{ label, words: run[0]?.words ?? '' }];
  });
}

/** What the keys after the prefix do, without the prefix. @param cells of the keys of a line. */
export function prefixSection(keymap: Keymap, cells: number): KeySection {
  const keysFor = (name: string): string[] =>
    [...keymap.after].flatMap(([key, bound]) => (bound.name === name ? [keyLabel(key)] : []));
  const own = [...keymap.after].flatMap(([key, { name }]) =>
    name.startsWith('/') ? [{ label: keyLabel(key), words: name }] : [],
  );
  const title = `After ${keymap.prefix === undefined ? 'the prefix' : keyLabel(keymap.prefix)}`;
  return { title, lines: [...linesOf(KEYMAP, cells, keysFor), ...own] };
}

/** All of them, in the order of the table; those after the prefix at the end. */
export function keySections(keymap: Keymap, cells: number): KeySection[] {
  const keysFor = (name: string): string[] =>
    [...keymap.direct].flatMap(([key, bound]) => (bound.name === name ? [keyLabel(key)] : []));
  const sections = Object.entries(KEY_GROUPS).map(
    ([group, title]): KeySection => ({
      title,
      lines: linesOf(
        KEYMAP.filter((binding) => binding.group === group),
        cells,
        keysFor,
      ),
    }),
  );
  const own = [...keymap.direct].flatMap(([key, { name }]) =>
    name.startsWith('/') ? [{ label: keyLabel(key), words: name }] : [],
  );
  const all = [...sections, { title: 'Your own', lines: own }, prefixSection(keymap, cells)];
  return all.filter(({ lines }) => lines.length > 0);
}

/** Every action by its name in `config.toml`, with the keys that it has now. */
export function namedKeys(keymap: Keymap): string {
  const width = Math.max(...KEYMAP.map(({ name }) => name.length));
  return KEYMAP.map(({ name }) => `${name.padEnd(width)}${GAP}${keysOf(keymap, name).join(', ') || '-'}`).join('\n');
}
