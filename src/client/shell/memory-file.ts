/** What a person has chosen on this screen: a file for each server in `screens/` of the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressText } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { MEMORY, type Memory, NO_MEMORY, readMemory } from '../core/memory.ts';
import { mergeMemory } from '../core/merged-memory.ts';
import { isErrno, systemWords, writePrivate } from './files.ts';

/** Milliseconds from a change to the disk, so that a border that is dragged is written once. */
const WRITE_AFTER_MS = 1000;

type Content = Readonly<Record<string, unknown>>;

interface Found {
  /** All that is in the file, also what only a newer program knows. */
  readonly content: Content;
  readonly warning?: string;
  /** Another version's: it is left as it is. */
  readonly isForeign?: true;
}

export class MemoryFile {
  readonly #path: string;
  readonly #told: (warning: string) => void;
  /** What this program has read there, or written. */
  #known: Memory = NO_MEMORY;
  #newest: Memory = NO_MEMORY;
  #timer: NodeJS.Timeout | undefined;

  /** @param told hears what keeps the file from being written; nothing depends on it. */
  constructor(folder: string, server: Address, told: (warning: string) => void) {
    this.#path = join(folder, 'screens', `${encodeURIComponent(addressText(server))}.json`);
    this.#told = told;
  }

  /** What is broken of the file is as none, with a warning. */
  read(): { readonly memory: Memory; readonly warning?: string } {
    const { content, warning: whole } = this.#find();
    const { memory, wrong } = readMemory(content);
    this.#known = memory;
    this.#newest = memory;
    const parts = wrong.length === 0 ? undefined : `a part of ${this.#path} is ignored: ${wrong.join('; ')}`;
    const warning = whole ?? parts;
    return { memory, ...(warning === undefined ? {} : { warning }) };
  }

  #find(): Found {
    const broken = (why: string): Found => ({ content: NO_MEMORY, warning: `${this.#path} is ignored: ${why}` });
    try {
      const found: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (!isContent(found)) return broken('it is no object of JSON');
      if (found.version === NO_MEMORY.version) return { content: found };
      return typeof found.version === 'number'
        ? { ...broken(`its version is ${found.version}, and it stays as it is`), isForeign: true }
        : broken('it has no version');
    } catch (error) {
      if (error instanceof SyntaxError) return broken('it is not JSON');
      return isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')
        ? { content: NO_MEMORY }
        : broken(systemWords(error));
    }
  }

  /** Called after every event, so it costs nothing where nothing was changed. */
  keep(memory: Memory): void {
    if (memory === this.#newest) return;
    this.#newest = memory;
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS);
  }

  /** At once, before it returns. Another program of ours may have written meanwhile: what it has changed stays. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#newest === this.#known) return;
    const { content, isForeign } = this.#find();
    const merged = mergeMemory(this.#known, this.#newest, readMemory(content).memory);
    this.#known = this.#newest;
    if (isForeign) return;
    const unknown = Object.entries(content).filter(([key]) => !Object.hasOwn(MEMORY.fields, key));
    try {
      // After a power cut the file may be empty, which is no loss that a wait for the disk at each change would be worth.
      writePrivate(this.#path, `${JSON.stringify({ ...Object.fromEntries(unknown), ...merged })}\n`, { sync: false });
    } catch (error) {
      this.#told(`${this.#path} could not be written: ${systemWords(error)}`);
    }
  }
}

const isContent = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
