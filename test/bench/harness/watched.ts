/** A program in a real terminal, of which every byte is counted and timed, and nothing is drawn: drawing would cost more. */

import { setTimeout as delay } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { textWidth } from '../../../src/base/text/width.ts';
import type { Size } from '../../../src/client/core/state.ts';
import { cpuOf, ownMemory } from './processes.ts';

/** What a terminal of today says when it is asked what it is, and whether it knows synchronized output. */
const ANSWERS: readonly (readonly [question: string, answer: string])[] = [
  ['\x1b[?2026$p', '\x1b[?2026;2$y'],
  ['\x1b[c', '\x1b[?1;2c'],
];
/** It is asked how far it went for a sample: as far as that is wide. */
const SAMPLE = /\x1b\[2;1H( *[^\x1b]*)\x1b\[6n/g;
/** Characters of what came last, in which things are looked for. */
const MAX_TAIL = 20_000;
/** Milliseconds. */
const PATIENCE = 30_000;

export interface Watching {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly size?: Size;
}

export class Watched {
  readonly #pty: IPty;
  /** Characters; of ASCII, so bytes, where nothing else is shown. */
  #bytes = 0;
  #tail = '';
  /** Monotonic milliseconds of the start. */
  readonly startedAt: number;
  #seek: { readonly what: RegExp; readonly found: (at: number) => void } | undefined;

  constructor({ command: [file, ...args], env, size = { columns: 80, rows: 24 } }: Watching) {
    this.startedAt = performance.now();
    this.#pty = spawn(file, args, { cols: size.columns, rows: size.rows, env: { ...env }, encoding: null });
    // With no encoding it tells bytes, whatever its types say.
    this.#pty.onData((data: string | Buffer) => this.#took(performance.now(), Buffer.from(data)));
  }

  #took(at: number, data: Buffer): void {
    const text = data.toString();
    this.#bytes += data.length;
    this.#tail = (this.#tail + text).slice(-MAX_TAIL);
    for (const [, sample = ''] of text.matchAll(SAMPLE)) this.#pty.write(`\x1b[2;${textWidth(sample) + 1}R`);
    for (const [question, answer] of ANSWERS) {
      for (let i = text.indexOf(question); i >= 0; i = text.indexOf(question, i + 1)) this.#pty.write(answer);
    }
    const seek = this.#seek;
    if (seek === undefined || !seek.what.test(this.#tail)) return;
    this.#seek = undefined;
    seek.found(at);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What it wrote last. */
  get tail(): string {
    return this.#tail;
  }

  write(text: string): void {
    this.#pty.write(text);
  }

  /** @returns when it came (monotonic ms); of what came before this call nothing counts. */
  next(what: RegExp): Promise<number> {
    this.#tail = '';
    return this.seen(what);
  }

  /** The same, of what came lately as well. */
  seen(what: RegExp): Promise<number> {
    if (what.test(this.#tail)) return Promise.resolve(performance.now());
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const late = setTimeout(() => {
      reject(new Error(`not seen: ${what.source} in ${JSON.stringify(this.#tail.slice(-2000))}`));
    }, PATIENCE);
    this.#seek = {
      what,
      found: (at) => {
        clearTimeout(late);
        resolve(at);
      },
    };
    return promise;
  }

  /** No bytes for so long (ms). */
  async quiet(milliseconds: number): Promise<void> {
    for (let before = -1; before !== this.#bytes; ) {
      before = this.#bytes;
      await delay(milliseconds);
    }
  }

  /** Milliseconds on a processor so far, of all its threads. */
  get cpu(): number {
    return cpuOf(this.pid);
  }

  /** Megabytes that nobody shares with it (Pss_Anon). */
  get ownMemory(): number {
    return ownMemory(this.pid) / 2 ** 20;
  }

  /** Leaves it as a person does: what it keeps for the next start is kept. */
  async leave(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pty.onExit(() => resolve());
    this.write('\x03');
    await promise;
  }

  end(): void {
    this.#pty.kill('SIGKILL');
  }
}
