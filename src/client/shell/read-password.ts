/** A password, from the terminal without echo, or from a file; never from the arguments, which everybody can list. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { MAX_PASSWORD_BYTES, PASSWORD_FAULTS, preparePassword } from '../../base/password.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import { systemWords } from './files.ts';

/** Read, write or execute, of the group or of all. */
const OTHERS = 0o077;

/**
 * The one line of a file; its line end isn't part of it. A pipe, as `<(pass show uchat)` makes, is as good.
 * @param option what has named the file.
 * @returns or one line that says what is wrong and what to do.
 */
export function readPasswordFile(path: string, option = '--password-file'): Result<Secret, string> {
  const where = `${option} ${path}`;
  let bytes: Buffer;
  try {
    const file = openSync(path, 'r');
    try {
      const about = fstatSync(file);
      if (about.isDirectory()) return err(`${where}: is a folder`);
      // As ssh does with keys. Of a pipe the mode says nothing.
      if (about.isFile() && (about.mode & OTHERS) !== 0)
        return err(`${where}: others can read it: chmod 600 it, and choose a new password`);
      bytes = readUpTo(file, MAX_PASSWORD_BYTES + '\r\n'.length + 1);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return err(`${where}: cannot be read: ${systemWords(error)}`);
  }
  const faulty = (why: string): Result<Secret, string> => err(`${where}: ${why}`);
  try {
    const password = new Secret(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, ''));
    bytes.fill(0);
    if (password.reveal() === '') return faulty('is empty');
    const checked = preparePassword(password);
    return checked.ok ? ok(password) : faulty(`holds one line, a password: ${PASSWORD_FAULTS[checked.error]}`);
  } catch {
    return faulty('is not UTF-8');
  }
}

function readUpTo(file: number, limit: number): Buffer {
  const bytes = Buffer.alloc(limit);
  let length = 0;
  for (let read = 1; read > 0 && length < limit; length += read)
    read = readSync(file, bytes, length, limit - length, null);
  return bytes.subarray(0, length);
}

export type Asked =
  | { readonly kind: 'password'; readonly password: Secret }
  /** Ctrl-C. */
  | { readonly kind: 'interrupted' }
  /** Ctrl-D at the beginning, or the terminal went away. */
  | { readonly kind: 'ended' }
  /** One line that says what to do instead. */
  | { readonly kind: 'failed'; readonly text: string };

type Typing = 'more' | 'done' | 'interrupted' | 'ended';

/** What is typed, key by key. Keys that a shell's line knows, as far as they make sense for what isn't seen. */
class Line {
  /** Code points. */
  #chars: string[] = [];
  #escape: 'no' | 'begun' | 'inside' = 'no';

  get text(): string {
    return this.#chars.join('');
  }

  type(char: string): Typing {
    if (this.#escape !== 'no') return this.#escaped(char);
    switch (char) {
      case '\r':
      case '\n':
        return 'done';
      case '\x03':
        return 'interrupted';
      case '\x04':
        return this.#chars.length === 0 ? 'ended' : 'more';
      case '\x7f':
      case '\b':
        this.#chars.pop();
        return 'more';
      case '\x15':
        this.#chars = [];
        return 'more';
      case '\x1b':
        this.#escape = 'begun';
        return 'more';
      default:
        // One more than fits, so that a password which is too long is seen to be.
        if (!/\p{Cc}/u.test(char) && this.#chars.length <= MAX_PASSWORD_BYTES) this.#chars.push(char);
        return 'more';
    }
  }

  /** An arrow or a function key, ESC [ … letter (ECMA-48, 5.4) or ESC O letter, is nothing that belongs to a password. */
  #escaped(char: string): Typing {
    if (this.#escape === 'begun' && (char === '[' || char === 'O')) this.#escape = 'inside';
    else if (this.#escape === 'begun' || /[\x40-\x7e]/.test(char)) this.#escape = 'no';
    // An escape key by itself, and then one that ends the line.
    return char === '\r' || char === '\n' ? 'done' : char === '\x03' ? 'interrupted' : 'more';
  }
}

/**
 * Asks on the terminal; nothing of what is typed is shown. However it ends, by an exception or a signal too, the terminal
 * is what it was: here, or by Node as the process goes.
 */
export async function askPassword(
  question: string,
  input: ReadStream = process.stdin,
  output: { write(text: string): unknown } = process.stderr,
): Promise<Asked> {
  if (!input.isTTY)
    return {
      kind: 'failed',
      text: 'a password is asked for on a terminal, and there is none: use --password-file FILE',
    };
  const before = input.isRaw;
  input.setRawMode(true);
  try {
    output.write(question);
    return await readLine(input);
  } finally {
    input.pause();
    input.setRawMode(before);
    output.write('\n');
  }
}

async function readLine(input: ReadStream): Promise<Asked> {
  const { promise, resolve } = Promise.withResolvers<Asked>();
  const line = new Line();
  const decoder = new TextDecoder();
  const onData = (chunk: Buffer | string): void => {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const chars = Array.from(text);
    for (const [at, char] of chars.entries()) {
      const typed = line.type(char);
      if (typed === 'more') continue;
      // What was typed ahead belongs to whoever reads next.
      const rest = chars.slice(at + 1).join('');
      input.off('data', onData);
      input.pause();
      if (rest !== '') input.unshift(input.readableEncoding === null ? Buffer.from(rest) : rest);
      resolve(typed === 'done' ? { kind: 'password', password: new Secret(line.text) } : { kind: typed });
      return;
    }
  };
  const onEnd = (): void => resolve({ kind: 'ended' });
  input.on('data', onData);
  input.once('end', onEnd).once('close', onEnd).once('error', onEnd);
  input.resume();
  try {
    return await promise;
  } finally {
    input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd);
  }
}
