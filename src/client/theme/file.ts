/**
 * What a theme's file holds, as the TOML parser gives it, checked. What is wrong is named with its place and left out;
 * the rest of the theme is as good as before. The schema in words: themes/README.md.
 */
import { type Color, fromRgb } from './color.ts';
import { isNamedRole, NAMED_ROLES, type NamedRole } from './roles.ts';
import { THEME_NAME } from './theme.ts';

/** Where in the file: `['roles', 'error', 'fg']`; a number is a place in a list, from 0. */
type Path = readonly (string | number)[];

export interface Fault {
  readonly path: Path;
  /** Whether the key is wrong, or what stands behind it. */
  readonly at: 'key' | 'value';
  /** Part of a sentence: `"#12345" is no colour: write …`. */
  readonly says: string;
}

/** A colour, or the name of one of the palette, which may be that of a theme that this one extends. */
export type ColorWord = Color | { readonly named: string; readonly path: Path };

export interface StyleWords {
  readonly fg?: ColorWord;
  readonly bg?: ColorWord;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export interface NicksWords {
  readonly list?: readonly ColorWord[];
  readonly contrast?: number;
  readonly light?: number;
  readonly chroma?: number;
  readonly from?: number;
}

export interface ThemeFile {
  readonly title?: string;
  readonly extends?: string;
  readonly dark?: boolean;
  /** Null: the terminal's own, whatever the theme that is extended says. */
  readonly ground?: ColorWord | null;
  readonly palette: ReadonlyMap<string, Color>;
  readonly roles: ReadonlyMap<NamedRole, StyleWords>;
  readonly roles16: ReadonlyMap<NamedRole, StyleWords>;
  /** Null: names have no colours. */
  readonly nicks?: NicksWords | null;
}

/** Characters of a title: a line of the list. */
const MAX_TITLE = 40;
/** Colours of names in a list: more than are told apart. */
const MAX_NICKS = 64;
/** Least and most of each number: names that can't be read are none, and beyond that chroma no screen shows a colour. */
const NICK_BOUNDS = { contrast: [3, 21], light: [0, 1], chroma: [0, 0.4], from: [0, 360] } as const;

const SIXTEEN = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
/** The sixteen that are the user's own. */
const NAMES_16: ReadonlyMap<string, Color> = new Map(
  ['', 'bright-'].flatMap((prefix, row) => SIXTEEN.map((name, at): [string, Color] => [prefix + name, 8 * row + at])),
);
export const namedOf16 = (name: string): Color | undefined => NAMES_16.get(name);

const HEX = /^#[0-9a-f]{6}$/i;
/** The terminal's own. */
const DEFAULT = 'default';

const KEYS = ['name', 'extends', 'dark', 'ground', 'palette', 'roles', 'roles16', 'nicks'] as const;
const STYLE_KEYS = ['fg', 'bg', 'bold', 'underline', 'inverse'] as const;
const NICK_KEYS = ['list', 'contrast', 'light', 'chroma', 'from'] as const;

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? 'a list'
      : 'a table';

const wholeIn = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** Of the pairs of letters in two words, how many both have: from 0 to 1 (Dice). */
function likeness(one: string, other: string): number {
  const pairs = (word: string): string[] => Array.from(word.slice(1), (letter, at) => (word[at] ?? '') + letter);
  const [a, b] = [pairs(one.toLowerCase()), pairs(other.toLowerCase())];
  return a.length + b.length === 0 ? 0 : (2 * a.filter((pair) => b.includes(pair)).length) / (a.length + b.length);
}

/** From there on a word is a slip of another one. */
const LIKE_FROM = 0.4;

function nearestRole(name: string): string {
  const ranked = NAMED_ROLES.map((role) => ({ role, like: likeness(name, role) })).toSorted((a, b) => b.like - a.like);
  const [best] = ranked;
  return best !== undefined && best.like >= LIKE_FROM
    ? `: did you mean ${best.role}?`
    : `; known are ${NAMED_ROLES.join(', ')}`;
}

class Reader {
  readonly faults: Fault[] = [];

  wrong(path: Path, says: string, at: Fault['at'] = 'value'): undefined {
    this.faults.push({ path, at, says });
    return undefined;
  }

  table(value: unknown, path: Path, known?: readonly string[]): readonly (readonly [string, unknown])[] {
    if (value === undefined) return [];
    if (!isTable(value)) {
      this.wrong(path, `${shown(value)} is no table`);
      return [];
    }
    return Object.entries(value).filter(([key]) => {
      if (known === undefined || known.includes(key)) return true;
      this.wrong([...path, key], `${shown(key)} is no key here; known are ${known.join(', ')}`, 'key');
      return false;
    });
  }

  flag(value: unknown, path: Path): boolean | undefined {
    return typeof value === 'boolean' ? value : this.wrong(path, `${shown(value)} is not true or false`);
  }

  number(value: unknown, path: Path, least: number, most: number): number | undefined {
    return typeof value === 'number' && value >= least && value <= most
      ? value
      : this.wrong(path, `${shown(value)} is no number from ${least} to ${most}`);
  }

  /** @param of16 only the sixteen have names here. */
  color(value: unknown, path: Path, of16 = false): ColorWord | undefined {
    const most = of16 ? 15 : 255;
    if (wholeIn(value, most)) return value;
    if (typeof value === 'string' && of16) {
      const color = namedOf16(value);
      if (color !== undefined) return color;
    } else if (typeof value === 'string') {
      if (HEX.test(value)) return fromRgb(Number.parseInt(value.slice(1), 16));
      if (!value.startsWith('#') && value !== '') return { named: value, path };
    }
    const ways = of16 ? '0 to 15, or a name such as "bright-red"' : '"#rrggbb", 0 to 255, or a name of the palette';
    return this.wrong(path, `${shown(value)} is no colour: write ${ways}`);
  }

  /** A colour alone is the text's. */
  style(value: unknown, path: Path, of16: boolean): StyleWords | undefined {
    if (value === DEFAULT) return {};
    if (!isTable(value)) {
      const fg = this.color(value, path, of16);
      return fg === undefined ? undefined : { fg };
    }
    const style: { -readonly [K in keyof StyleWords]: StyleWords[K] } = {};
    for (const [key, each] of this.table(value, path, STYLE_KEYS)) {
      const at = [...path, key];
      if (key === 'fg' || key === 'bg') {
        const color = each === DEFAULT ? undefined : this.color(each, at, of16);
        if (color !== undefined) style[key] = color;
      } else if (key === 'bold' || key === 'underline' || key === 'inverse') {
        const on = this.flag(each, at);
        if (on !== undefined) style[key] = on;
      }
    }
    return style;
  }

  styles(value: unknown, path: Path, of16: boolean): Map<NamedRole, StyleWords> {
    const styles = new Map<NamedRole, StyleWords>();
    for (const [name, each] of this.table(value, path)) {
      const at = [...path, name];
      if (!isNamedRole(name)) {
        this.wrong(at, `${shown(name)} is no role${nearestRole(name)}`, 'key');
        continue;
      }
      const style = this.style(each, at, of16);
      if (style !== undefined) styles.set(name, style);
    }
    return styles;
  }

  palette(value: unknown): Map<string, Color> {
    const palette = new Map<string, Color>();
    for (const [name, each] of this.table(value, ['palette'])) {
      const path = ['palette', name];
      if (name === DEFAULT || name.startsWith('#') || name === '') {
        this.wrong(path, `${shown(name)} can't be the name of a colour`, 'key');
        continue;
      }
      const color = this.color(each, path);
      if (typeof color === 'number') palette.set(name, color);
      else if (color !== undefined) this.wrong(path, `${shown(each)} is no colour: write "#rrggbb" or 0 to 255`);
    }
    return palette;
  }

  nicks(value: unknown): NicksWords | null | undefined {
    if (value === DEFAULT) return null;
    const nicks: { -readonly [K in keyof NicksWords]: NicksWords[K] } = {};
    for (const [key, each] of this.table(value, ['nicks'], NICK_KEYS)) {
      const path = ['nicks', key];
      if (key === 'list') {
        if (!Array.isArray(each) || each.length === 0 || each.length > MAX_NICKS) {
          this.wrong(path, `write a list of 1 to ${MAX_NICKS} colours`);
          continue;
        }
        const list = each.map((color: unknown, at) => this.color(color, [...path, at]));
        nicks.list = list.filter((color) => color !== undefined);
      } else if (key === 'contrast' || key === 'light' || key === 'chroma' || key === 'from') {
        const [least, most] = NICK_BOUNDS[key];
        const number = this.number(each, path, least, most);
        if (number !== undefined) nicks[key] = number;
      }
    }
    return nicks;
  }

  name(value: unknown): string | undefined {
    return typeof value === 'string' && value !== '' && value.length <= MAX_TITLE && !/\p{Cc}/u.test(value)
      ? value
      : this.wrong(['name'], `write 1 to ${MAX_TITLE} characters in quotes`);
  }

  parent(value: unknown): string | undefined {
    return typeof value === 'string' && THEME_NAME.test(value)
      ? value
      : this.wrong(['extends'], `${shown(value)} is no name of a theme`);
  }
}

/** Never throws; a value that is no table is a theme in which nothing is said. */
export function readTheme(value: unknown): { readonly file: ThemeFile; readonly faults: readonly Fault[] } {
  const reader = new Reader();
  const keys = new Map(reader.table(value, [], KEYS));
  const has = <T>(key: (typeof KEYS)[number], read: (value: unknown) => T | undefined): T | undefined =>
    keys.has(key) ? read(keys.get(key)) : undefined;
  const title = has('name', (each) => reader.name(each));
  const parent = has('extends', (each) => reader.parent(each));
  const dark = has('dark', (each) => reader.flag(each, ['dark']));
  const ground = has('ground', (each) => (each === DEFAULT ? null : reader.color(each, ['ground'])));
  const nicks = has('nicks', (each) => reader.nicks(each));
  const file: ThemeFile = {
    ...(title === undefined ? {} : { title }),
    ...(parent === undefined ? {} : { extends: parent }),
    ...(dark === undefined ? {} : { dark }),
    ...(ground === undefined ? {} : { ground }),
    palette: reader.palette(keys.get('palette')),
    roles: reader.styles(keys.get('roles'), ['roles'], false),
    roles16: reader.styles(keys.get('roles16'), ['roles16'], true),
    ...(nicks === undefined ? {} : { nicks }),
  };
  return { file, faults: reader.faults };
}
