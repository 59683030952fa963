/**
 * Settings: what was typed as an option, else what a TOML file holds under the same name. Each value is checked where it
 * is read, and what is wrong is collected, so that one run names the first fault with its place.
 */
import { parseDuration } from '../../base/duration.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { OptionTable } from '../../usage/option.ts';
import type { ConfigFile } from './config-file.ts';

const MAX_PORT = 65_535;
/** Messages that one command prints: a bound against a slip, far above what anybody reads. */
const MAX_COUNT = 1_000_000;

interface Given {
  readonly value: unknown;
  /** `--port`, or `config.toml:3:8: port`. */
  readonly where: string;
  readonly fromFile: boolean;
}

/** A line of a table. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  /** `FILE:LINE:COLUMN` of the key, or of the value. */
  readonly placeOf: (value: boolean) => string;
}

export interface Fault {
  readonly line: string;
  readonly fromFile: boolean;
}

function wholeNumber(value: unknown, max: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= max
    ? number
    : undefined;
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'this';

const READ = {
  text: (value: unknown): Result<string, string> => {
    if (typeof value !== 'string') return err(`${shown(value)} is not text; write it in quotes`);
    return value === '' ? err('is empty') : ok(value);
  },
  flag: (value: unknown): Result<boolean, string> =>
    typeof value === 'boolean' ? ok(value) : err(`${shown(value)} is not true or false`),
  switch: (value: unknown): Result<boolean, string> => {
    if (value === true || value === 'on') return ok(true);
    return value === false || value === 'off' ? ok(false) : err(`${shown(value)} is not on or off`);
  },
  port: (value: unknown, least: number): Result<number, string> => {
    const port = wholeNumber(value, MAX_PORT) ?? -1;
    return port < least ? err(`${shown(value)} is not a port from ${least} to ${MAX_PORT}`) : ok(port);
  },
  count: (value: unknown): Result<number, string> => {
    const count = wholeNumber(value, MAX_COUNT);
    return count === undefined ? err(`${shown(value)} is not a whole number up to ${MAX_COUNT}`) : ok(count);
  },
  duration: (value: unknown): Result<number, string> =>
    typeof value === 'string' || typeof value === 'number'
      ? parseDuration(String(value))
      : err(`${shown(value)} is not a duration: write 90, "90s", "15m", "1h" or "2d"`),
} as const;

export class Settings {
  readonly #argv: Readonly<Record<string, unknown>>;
  readonly #file: ConfigFile | undefined;
  readonly #table: OptionTable;
  readonly #tables: readonly string[];
  readonly faults: Fault[] = [];

  /**
   * Keys of the file that the table doesn't know are faults at once; values are checked when they are read.
   * @param tables names of TOML tables that the file may have beside them.
   */
  constructor(
    table: OptionTable,
    argv: Readonly<Record<string, unknown>>,
    file?: ConfigFile,
    tables: readonly string[] = [],
  ) {
    this.#table = table;
    this.#tables = tables;
    this.#argv = argv;
    this.#file = file;
    for (const line of file?.doubles ?? []) this.faults.push({ line, fromFile: true });
    if (file?.fault !== undefined) this.faults.push({ line: file.fault, fromFile: true });
    for (const key of file?.values.keys() ?? []) {
      if (this.#isKey(key) || tables.includes(key)) continue;
      const options = Object.keys(table).filter((name) => this.#isKey(name));
      const known = [...options, ...tables.map((name) => `[${name}]`)];
      this.faults.push({
        line: `${file?.placeOf(key)}: ${shown(key)} is no setting; known are ${known.join(', ')}`,
        fromFile: true,
      });
    }
  }

  #isKey(name: string): boolean {
    return Object.hasOwn(this.#table, name) && this.#table[name]?.argvOnly !== true;
  }

  #given(name: string): Given | undefined {
    if (Object.hasOwn(this.#argv, name) && this.#argv[name] !== undefined)
      return { value: this.#argv[name], where: `--${name}`, fromFile: false };
    const value = this.#isKey(name) ? this.#file?.values.get(name) : undefined;
    return value === undefined
      ? undefined
      : { value, where: `${this.#file?.placeOf(name, true)}: ${name}`, fromFile: true };
  }

  #read<T>(name: string, read: (value: unknown) => Result<T, string>): T | undefined {
    const given = this.#given(name);
    if (given === undefined) return undefined;
    const result = read(given.value);
    if (result.ok) return result.value;
    this.faults.push({ line: `${given.where}: ${result.error}`, fromFile: given.fromFile });
    return undefined;
  }

  /** Whether it was typed, rather than read from the file. */
  typed(name: string): boolean {
    return this.#given(name)?.fromFile === false;
  }

  /** The lines of a table, in the file's order; none where it isn't there. */
  entries(name: string): readonly Entry[] {
    const file = this.#file;
    const value = this.#tables.includes(name) ? file?.values.get(name) : undefined;
    if (file === undefined || value === undefined) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) {
      const how = `write [${name}], and its lines below`;
      this.faults.push({
        line: `${file.placeOf(name, true)}: ${name}: ${shown(value)} is no table; ${how}`,
        fromFile: true,
      });
      return [];
    }
    const placeOf = (key: string) => (isValue: boolean) => file.placeOf([name, key], isValue);
    return Object.entries(value).map(([key, each]: [string, unknown]) => ({ key, value: each, placeOf: placeOf(key) }));
  }

  text(name: string): string | undefined {
    return this.#read(name, READ.text);
  }
  flag(name: string): boolean | undefined {
    return this.#read(name, READ.flag);
  }
  switch(name: string): boolean | undefined {
    return this.#read(name, READ.switch);
  }
  port(name: string, least = 0): number | undefined {
    return this.#read(name, (value) => READ.port(value, least));
  }
  count(name: string): number | undefined {
    return this.#read(name, READ.count);
  }
  /** Milliseconds. */
  duration(name: string): number | undefined {
    return this.#read(name, READ.duration);
  }
  /** A text that must also pass `check`. */
  checked<T>(name: string, check: (text: string) => Result<T, string>): T | undefined {
    return this.#read(name, (value) => {
      const text = READ.text(value);
      return text.ok ? check(text.value) : text;
    });
  }
  choice<const T extends string>(name: string, values: readonly T[]): T | undefined {
    return this.#read(name, (value) => {
      const found = values.find((one) => one === value);
      const all = `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
      return found === undefined ? err(`${shown(value)} is not ${all}`) : ok(found);
    });
  }
}
