/** A TOML file of settings, with the place of each key, for messages. */
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';

/** Bytes; a file of settings with a paragraph of comment on each is a tenth of it. */
const MAX_CONFIG_BYTES = 65_536;
/** Keys that are set twice and are told one by one: beyond these the file is not a slip any more. */
const MAX_DOUBLES = 20;

/** The name of a key; in a table, with those of the tables around it before it. */
export type KeyPath = string | readonly string[];

export interface ConfigFile {
  readonly values: ReadonlyMap<string, unknown>;
  /** `FILE:LINE:COLUMN` of a key of `values`, or of the value behind it. */
  placeOf(key: KeyPath, value?: boolean): string;
  /** The file can't be read, or is not TOML: one line with the place. Then `values` is empty. */
  readonly fault?: string;
  /** One line with the place for each key that is set once more: the first counts. */
  readonly doubles?: readonly string[];
}

type Values = ReadonlyMap<string, unknown>;

function tryParse(source: string): Values | undefined {
  try {
    return new Map(Object.entries(parse(source)));
  } catch {
    return undefined;
  }
}

function holds(values: Values, [first = '', ...rest]: readonly string[]): boolean {
  let value: unknown = values.get(first);
  for (const name of rest) {
    if (typeof value !== 'object' || value === null) return false;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return value !== undefined;
}

const KEY = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)/.source;
/** From a line's beginning to the value behind the key, which may have dots. */
const TO_VALUE = new RegExp(`^\\s*${KEY}(?:\\s*\\.\\s*${KEY})*\\s*=\\s*`);
const INSIDE = new RegExp(`(${KEY})\\s*=\\s*`, 'g');

const nameOf = (written: string): string | undefined => Object.keys(parse(`${written} = 0`))[0];

/** In a table that is written in braces: how far into the statement the key is, and the value. */
function insideOf(statement: string, name: string): readonly [key: number, value: number] | undefined {
  // The first is the table itself.
  for (const match of [...statement.matchAll(INSIDE)].slice(1)) {
    if (nameOf(match[1] ?? '') === name) return [match.index, match.index + match[0].length];
  }
  return undefined;
}

/**
 * Where a key is written. The parser doesn't tell, so the file is read again in growing pieces: the statement begins
 * after the last piece that is whole TOML without the key. Lines and columns count from 1.
 */
export function placeIn(source: string, key: KeyPath, value = false): { line: number; column: number } {
  const path = typeof key === 'string' ? [key] : key;
  const lines = source.split('\n');
  let start = 0;
  let end = 1;
  for (; end <= lines.length; end++) {
    const values = tryParse(lines.slice(0, end).join('\n'));
    if (values !== undefined && holds(values, path)) break;
    if (values !== undefined) start = end;
  }
  const line = lines[start] ?? '';
  const statement = lines.slice(start, end).join('\n');
  const inside = /^\s*[^=]*=\s*\{/.test(line) ? insideOf(statement, path.at(-1) ?? '') : undefined;
  if (inside !== undefined) {
    const before = statement.slice(0, inside[value ? 1 : 0]).split('\n');
    return { line: start + before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  return { line: start + 1, column: (value ? (TO_VALUE.exec(line)?.[0].length ?? indent) : indent) + 1 };
}

/** The line holds one key with its value, and nothing of another one. */
const isStatement = (line: string): boolean => !/^\s*\[/.test(line) && (tryParse(line)?.size ?? 0) > 0;

interface Mended {
  /** Without the lines that set a key once more. */
  readonly source: string;
  readonly doubles: readonly string[];
  readonly values: Values;
  readonly error?: TomlError;
}

/** TOML knows no key that is set twice, and a slip should cost no more than that line. */
function mended(source: string, name: string, doubles: readonly string[] = []): Mended {
  try {
    return { source, doubles, values: new Map(Object.entries(parse(source))) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const lines = source.split('\n');
    const index = error.line - 1;
    const isDouble = error.message.includes('redefine') && isStatement(lines[index] ?? '');
    if (!isDouble || doubles.length >= MAX_DOUBLES) return { source, doubles, values: new Map(), error };
    const told = `${name}:${error.line}:${error.column}: this key is set twice; what was set first counts`;
    return mended(lines.with(index, '').join('\n'), name, [...doubles, told]);
  }
}

/** @param name the file as messages call it. */
export function parseConfig(text: string, name: string): ConfigFile {
  const { source, doubles, values, error } = mended(text, name);
  const placeOf = (key: KeyPath, value = false): string => {
    const { line, column } = placeIn(source, key, value);
    return `${name}:${line}:${column}`;
  };
  if (error === undefined) return { values, placeOf, doubles };
  // The parser's message goes on with an excerpt of the file.
  const why = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '');
  return { values, placeOf, doubles, fault: `${name}:${error.line}:${error.column}: ${why}` };
}

/** @returns undefined when there is no such file. */
export function readConfig(path: string): ConfigFile | undefined {
  const broken = (why: string): ConfigFile => ({ values: new Map(), placeOf: () => path, fault: `${path}: ${why}` });
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_CONFIG_BYTES
      ? broken(`longer than ${MAX_CONFIG_BYTES} bytes`)
      : parseConfig(bytes.toString(), path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' ? undefined : broken(`can't be read (${code || String(error)})`);
  }
}
