/** A flat TOML file of settings, with the place of each key, for messages. */
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';

/** Bytes; a file of settings with a paragraph of comment on each is a tenth of it. */
const MAX_CONFIG_BYTES = 65_536;

export interface ConfigFile {
  readonly values: ReadonlyMap<string, unknown>;
  /** `FILE:LINE:COLUMN` of a key of `values`, or of the value behind it. */
  placeOf(key: string, value?: boolean): string;
  /** The file can't be read, or is not TOML: one line with the place. Then `values` is empty. */
  readonly fault?: string;
}

function tryParse(source: string): ReadonlyMap<string, unknown> | undefined {
  try {
    return new Map(Object.entries(parse(source)));
  } catch {
    return undefined;
  }
}

/**
 * Where a key is written. The parser doesn't tell, so the file is read again in growing pieces: the statement begins
 * after the last piece that is whole TOML without the key. Lines and columns count from 1.
 */
export function placeIn(source: string, key: string, value = false): { line: number; column: number } {
  const lines = source.split('\n');
  let start = 0;
  for (let end = 1; end <= lines.length; end++) {
    const values = tryParse(lines.slice(0, end).join('\n'));
    if (values?.has(key)) break;
    if (values !== undefined) start = end;
  }
  const line = lines[start] ?? '';
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  const before = /^\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*=\s*/.exec(line)?.[0].length;
  return { line: start + 1, column: (value ? (before ?? indent) : indent) + 1 };
}

/** @param name the file as messages call it. */
export function parseConfig(source: string, name: string): ConfigFile {
  const placeOf = (key: string, value = false): string => {
    const { line, column } = placeIn(source, key, value);
    return `${name}:${line}:${column}`;
  };
  try {
    return { values: new Map(Object.entries(parse(source))), placeOf };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message goes on with an excerpt of the file.
    const why = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '');
    return { values: new Map(), placeOf, fault: `${name}:${error.line}:${error.column}: ${why}` };
  }
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
