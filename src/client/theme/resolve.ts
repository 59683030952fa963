/** A theme's file, and those that it extends -> a theme. */
import { type Color, isDark, rgbOf } from './color.ts';
import { type ColorWord, type Fault, type NicksWords, namedOf16, type StyleWords, type ThemeFile } from './file.ts';
import { LEAST_CONTRAST, NAMED_ROLES, type NamedRole, roleInfo } from './roles.ts';
import type { Nicks, Style, Theme } from './theme.ts';

/** Where the colours of names begin and how they look, when a theme asks for a circle and says no more. */
const CIRCLE = { light: { dark: 0.78, light: 0.48 }, chroma: 0.12, from: 20 } as const;

export interface Resolved {
  readonly theme: Theme;
  /** With the place in the chain of the file that is at fault. */
  readonly faults: readonly (Fault & { readonly file: number })[];
}

/**
 * @param chain the theme's own file, then the one that it extends, and so on; the first that says something wins, so that
 * a palette of one's own changes what the extended theme makes of it.
 */
export function resolveTheme(name: string, chain: readonly ThemeFile[]): Resolved {
  const faults: (Fault & { readonly file: number })[] = [];
  const find = <T>(get: (file: ThemeFile) => T | undefined): { value: T; file: number } | undefined => {
    for (const [at, file] of chain.entries()) {
      const value = get(file);
      if (value !== undefined) return { value, file: at };
    }
    return undefined;
  };
  const color = (word: ColorWord, file: number): Color | undefined => {
    if (typeof word === 'number') return word;
    const { named, path } = word;
    const found = find(({ palette }) => palette.get(named))?.value ?? namedOf16(named);
    if (found !== undefined) return found;
    const says = `${JSON.stringify(named)} is no colour: neither the palette nor the sixteen have it`;
    faults.push({ path, at: 'value', says, file });
    return undefined;
  };
  const style = ({ fg, bg, ...flags }: StyleWords, file: number): Style => {
    const [text, ground] = [fg, bg].map((word) => (word === undefined ? undefined : color(word, file)));
    return { ...flags, ...(text === undefined ? {} : { fg: text }), ...(ground === undefined ? {} : { bg: ground }) };
  };
  const named = (get: (file: ThemeFile) => ReadonlyMap<NamedRole, StyleWords>, role: NamedRole) =>
    find((file) => get(file).get(role));
  const roles: Partial<Record<NamedRole, Style>> = {};
  const roles16: Partial<Record<NamedRole, Style>> = {};
  for (const role of NAMED_ROLES) {
    const own = named((file) => file.roles, role);
    if (own !== undefined) roles[role] = style(own.value, own.file);
    const own16 = named((file) => file.roles16, role);
    // Said by an extended theme of a look that it no longer has.
    if (own16 !== undefined && own16.file <= (own?.file ?? own16.file)) roles16[role] = style(own16.value, own16.file);
  }

  const groundWord = find(({ ground }) => ground);
  const ground =
    groundWord === undefined || groundWord.value === null ? undefined : color(groundWord.value, groundWord.file);
  const said = find(({ dark: is }) => is);
  // A ground says by itself which kind it is, unless it is said at least as near.
  const isSaid = ground === undefined || (said !== undefined && said.file <= (groundWord?.file ?? 0));
  const dark = isSaid ? (said?.value ?? true) : isDark(rgbOf(ground));
  const nickWords = find(({ nicks }) => nicks);
  const theme: Theme = {
    name,
    title: find(({ title }) => title)?.value ?? name,
    dark,
    ground,
    roles: withLikes(roles),
    roles16,
    nicks:
      nickWords === undefined || nickWords.value === null
        ? undefined
        : nicksOf(nickWords.value, dark, (word) => color(word, nickWords.file)),
  };
  return { theme, faults };
}

function nicksOf(words: NicksWords, dark: boolean, color: (word: ColorWord) => Color | undefined): Nicks {
  const { list, contrast = LEAST_CONTRAST.text, light, chroma = CIRCLE.chroma, from = CIRCLE.from } = words;
  const colors = list?.map(color).filter((each) => each !== undefined) ?? [];
  return colors.length > 0
    ? { kind: 'list', list: colors, contrast }
    : { kind: 'circle', light: light ?? CIRCLE.light[dark ? 'dark' : 'light'], chroma, from, contrast };
}

/** What a theme doesn't name looks as what it is like. */
function withLikes(styles: Partial<Record<NamedRole, Style>>): Partial<Record<NamedRole, Style>> {
  const look = (role: NamedRole): Style | undefined => {
    const own = styles[role];
    if (own !== undefined || role === 'text') return own;
    return look(roleInfo(role).like ?? 'text');
  };
  const made: Partial<Record<NamedRole, Style>> = {};
  for (const role of NAMED_ROLES) {
    const style = look(role);
    if (style !== undefined) made[role] = style;
  }
  return made;
}
