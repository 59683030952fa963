/** Themes from their files: those that come with the program, and a person's own. Loaded when one is to be read. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { type Fault, readTheme, type ThemeFile } from '../theme/file.ts';
import type { ThemeFound } from '../theme/found.ts';
import { resolveTheme } from '../theme/resolve.ts';
import { THEME_NAME } from '../theme/theme.ts';
import { parseConfig } from './config-file.ts';
import { isErrno, systemWords } from './files.ts';
import { type Environment, isShipped, ownPath, themeNames } from './theme-files.ts';

/** Bytes; the largest of ours is a tenth of it. */
const MAX_THEME_BYTES = 16_384;
/** Themes of which each extends the next; a longer row is most likely a circle. */
const MAX_CHAIN = 8;
/** Faults of a file that are told one by one. */
const MAX_FAULTS = 5;

/** A file, and how to say where in it something is. */
interface Source {
  readonly file: ThemeFile;
  readonly own: boolean;
  readonly name: string;
  readonly faults: readonly string[];
  readonly tell: (fault: Fault) => string;
}

/** Undefined: there is none. Text: why it can't be used. */
type Read = Source | string | undefined;

/** Beside `src`, or in the single executable. */
function shippedText(name: string): string {
  const file = `${name}.toml`;
  return isSea()
    ? getAsset(`themes/${file}`, 'utf8')
    : readFileSync(join(dirname(import.meta.filename), '..', '..', '..', 'themes', file), 'utf8');
}

function ownText(path: string): string | { readonly fault: string } | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_THEME_BYTES
      ? { fault: `${path}: longer than ${MAX_THEME_BYTES} bytes` }
      : bytes.toString();
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    return { fault: `${path}: can't be read (${systemWords(error)})` };
  }
}

function parse(text: string, path: string, name: string, own: boolean): Source | string {
  const parsed = parseConfig(text, path);
  if (parsed.fault !== undefined) return parsed.fault;
  const { file, faults } = readTheme(Object.fromEntries(parsed.values));
  // Of a list the place of the whole.
  const tell = ({ path: at, at: part, says }: Fault): string =>
    `${parsed.placeOf(
      at.filter((each) => typeof each === 'string'),
      part === 'value',
    )}: ${says}`;
  return { file, own, name, tell, faults: [...(parsed.doubles ?? []), ...faults.map(tell)] };
}

/** @param own whether a theme of one's own is meant where there is one. */
function read(name: string, env: Environment, own: boolean): Read {
  const path = ownPath(name, env);
  const text = own ? ownText(path) : undefined;
  if (typeof text === 'string') return parse(text, path, name, true);
  if (text !== undefined) return text.fault;
  return isShipped(name) ? parse(shippedText(name), `themes/${name}.toml`, name, false) : undefined;
}

/** The file, then the one that it extends, and so on; what keeps the row from going on is the last fault. */
function chainOf(first: Source, env: Environment): { readonly chain: Source[]; readonly faults: string[] } {
  const chain = [first];
  for (;;) {
    const last = chain.at(-1) ?? first;
    const { extends: parent } = last.file;
    if (parent === undefined) return { chain, faults: [] };
    const stop = (says: string) => ({ chain, faults: [last.tell({ path: ['extends'], at: 'value', says })] });
    if (chain.length >= MAX_CHAIN) return stop(`it is the end of ${MAX_CHAIN} themes that extend each other`);
    // Somebody's own dark that extends dark means ours.
    const next = read(parent, env, !chain.some((each) => each.own && each.name === parent));
    const isCircle = chain.some((each) => each.name === parent);
    if (next === undefined) return stop(isCircle ? 'it extends itself' : `there is no theme ${parent}`);
    if (typeof next === 'string') return { chain, faults: [next] };
    if (!next.own && chain.some((each) => !each.own && each.name === parent)) return stop('it extends itself');
    chain.push(next);
  }
}

function few(faults: readonly string[]): readonly string[] {
  const more = faults.length - MAX_FAULTS;
  return more > 0 ? [...faults.slice(0, MAX_FAULTS), `and ${more} more`] : faults;
}

/** @returns undefined where there is no such theme. */
export function loadTheme(name: string, env: Environment = process.env): ThemeFound | undefined {
  if (!THEME_NAME.test(name)) return undefined;
  const first = read(name, env, true);
  if (first === undefined) return undefined;
  if (typeof first === 'string') return { name, own: true, theme: undefined, faults: [first] };
  const { chain, faults } = chainOf(first, env);
  const resolved = resolveTheme(
    name,
    chain.map(({ file }) => file),
  );
  const told = resolved.faults.map((fault) => (chain[fault.file] ?? first).tell(fault));
  const all = [...chain.flatMap((each) => each.faults), ...faults, ...told];
  return { name, own: first.own, theme: resolved.theme, faults: few(all) };
}

export const loadAll = (env: Environment = process.env): readonly ThemeFound[] =>
  themeNames(env)
    .map((name) => loadTheme(name, env))
    .filter((found) => found !== undefined);
