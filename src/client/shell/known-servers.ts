/**
 * The keys of servers elsewhere, as ssh keeps those of hosts: `known_servers` in the data folder, one line a server,
 * `HOST:PORT SHA256:…`, with the word `certificate` behind it where an authority vouched for the host's name. Lines that
 * begin with # are comments. What we don't understand stays in the file as it is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { PIN } from '../../link/pin.ts';
import { isErrno, systemWords, writePrivate } from './files.ts';

/** Bytes: ten thousand servers. */
const MAX_FILE_BYTES = 1_048_576;
/** The third word of a line. */
const BY_CERTIFICATE = 'certificate';

export interface KnownKey {
  readonly pin: string;
  /** An authority vouched for it, and may for the next. */
  readonly certified: boolean;
}

export type Verdict = 'known' | 'new' | { readonly changed: string; readonly was: string };

interface Read {
  readonly lines: readonly string[];
  readonly known: ReadonlyMap<string, KnownKey>;
  /** Servers that a line names whose key can't be read: what their key was, nobody knows. */
  readonly broken: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** One server has one line, however its name is written. An IPv6 address stands in brackets. */
const nameOf = ({ host, port }: Address): string => addressText({ host: host.toLowerCase().replace(/\.$/, ''), port });

const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/);
const isEntry = (line: string): boolean => line.trim() !== '' && !line.trim().startsWith('#');

function readLines(path: string, text: string): Read {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const known = new Map<string, KnownKey>();
  const broken = new Set<string>();
  const warnings: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (!isEntry(line)) continue;
    const [written = '', pin = '', third, ...rest] = wordsOf(line);
    const name = written.toLowerCase();
    const isBad = !PIN.test(pin) || rest.length > 0 || (third !== undefined && third !== BY_CERTIFICATE);
    const where = `${path}:${i + 1}`;
    if (isBad) {
      broken.add(name);
      warnings.push(`${where} is skipped: it is not HOST:PORT SHA256:…`);
    } else if (known.has(name)) warnings.push(`${where} is skipped: the server has a line before it`);
    else known.set(name, { pin, certified: third === BY_CERTIFICATE });
  }
  return { lines, known, broken, warnings };
}

export class KnownServers {
  readonly path: string;
  #read: Read;

  private constructor(path: string, read: Read) {
    this.path = path;
    this.#read = read;
  }

  /** @returns what to say when the file can't be read: then no key can be checked, and nobody may be connected to. */
  static open(folder: string): Result<KnownServers, string> {
    const path = join(folder, 'known_servers');
    const read = KnownServers.#load(path);
    return read.ok ? ok(new KnownServers(path, read.value)) : read;
  }

  static #load(path: string): Result<Read, string> {
    try {
      const bytes = readFileSync(path);
      return bytes.length > MAX_FILE_BYTES
        ? err(`${path} is longer than ${MAX_FILE_BYTES} bytes`)
        : ok(readLines(path, bytes.toString('utf8')));
    } catch (error) {
      const missing = isErrno(error, 'ENOENT');
      return missing ? ok(readLines(path, '')) : err(`${path} can't be read: ${systemWords(error)}`);
    }
  }

  /** Lines that were skipped. */
  get warnings(): readonly string[] {
    return this.#read.warnings;
  }

  /** `broken`: a line names the server, but its key can't be read. */
  find(address: Address): KnownKey | 'broken' | undefined {
    const name = nameOf(address);
    return this.#read.known.get(name) ?? (this.#read.broken.has(name) ? 'broken' : undefined);
  }

  check(address: Address, pin: string): Verdict {
    const known = this.#read.known.get(nameOf(address));
    if (known === undefined) return 'new';
    return known.pin === pin ? 'known' : { changed: pin, was: known.pin };
  }

  /** In place of what was kept of this server. @returns what to say when it could not be written. */
  remember(address: Address, { pin, certified }: KnownKey): string | undefined {
    const line = [nameOf(address), pin, ...(certified ? [BY_CERTIFICATE] : [])].join(' ');
    const written = this.#rewrite((lines) => [...without(lines, address), line]);
    return written.ok ? undefined : written.error;
  }

  /** @returns how many lines have gone; what to say when it could not be written. */
  forget(address: Address): Result<number, string> {
    return this.#rewrite((lines) => without(lines, address));
  }

  /** From the file as it is now: another uchat may have written to it since. @returns how many lines have gone. */
  #rewrite(change: (lines: readonly string[]) => readonly string[]): Result<number, string> {
    const now = KnownServers.#load(this.path);
    if (!now.ok) return now;
    const { lines } = now.value;
    const changed = change(lines);
    const text = changed.map((line) => `${line}\n`).join('');
    try {
      if (text !== lines.map((line) => `${line}\n`).join('')) writePrivate(this.path, text);
    } catch (error) {
      return err(`${this.path} could not be written: ${systemWords(error)}`);
    }
    this.#read = readLines(this.path, text);
    return ok(lines.length - changed.length);
  }
}

/** A line that names the server goes, also one that is broken. */
function without(lines: readonly string[], address: Address): readonly string[] {
  const name = nameOf(address);
  return lines.filter((line) => !isEntry(line) || wordsOf(line)[0]?.toLowerCase() !== name);
}

/** For status bars. */
export const KEY_CHANGED_SHORT = "the server's key has changed";

/** What a person must know when a server has another key than before: sentences. */
export function keyChangedText(address: Address, was: string, changed: string): readonly string[] {
  const where = addressText(address);
  return [
    `The key of ${where} has changed: it was ${was}, now it is ${changed}.`,
    'Either the server was reinstalled, or somebody sits between you and it, who would read and change everything.',
    'So the connection was ended, and nothing was sent.',
    "Ask the server's administrator for its fingerprint, by another way than this, and compare.",
    `Only if it is the new one: uchat forget-server ${where}, and connect again.`,
  ];
}
