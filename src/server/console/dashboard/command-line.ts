/** The line that the operator writes commands on: its text, its cursor, what was written before. */
import { nextGrapheme, nextWord, previousGrapheme, previousWord } from '../../../base/text/graphemes.ts';
import type { NamedKey } from './keys.ts';

/** UTF-16 units: an announcement of the longest (8 KiB), and its command. What is typed beyond is left out. */
export const MAX_LINE = 8300;
/** Commands that can be called back: nobody walks further with one key. */
export const MAX_HISTORY = 200;

/** What the line does with a key. */
export type LineKey =
  | Extract<
      NamedKey,
      | 'up'
      | 'down'
      | 'left'
      | 'right'
      | 'word-left'
      | 'word-right'
      | 'line-start'
      | 'line-end'
      | 'delete-back'
      | 'delete-forward'
      | 'delete-word'
      | 'delete-to-start'
      | 'delete-to-end'
      | 'complete'
      | 'enter'
    >
  | 'clear'
  | { readonly text: string };

/** What is to be done beyond the line: a command is to run, or words fit what stands there. */
export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'run'; readonly line: string }
  | { readonly kind: 'words'; readonly words: readonly string[] };

const NONE: Outcome = { kind: 'none' };
/** A paste of several lines becomes one: only Enter runs anything. */
const BLANKS = /[\t\n\v\f\r\x85\u2028\u2029]+/g;
const CONTROLS = /\p{Cc}/gu;

export class CommandLine {
  readonly #words: readonly string[];
  #text = '';
  #cursor = 0;
  readonly #history: string[] = [];
  /** Which of the history is shown, and what stood there before. */
  #walk: { readonly index: number; readonly draft: string } | undefined;

  /** @param words the commands, with their slash. */
  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** One line, without control characters; as it was typed otherwise, not sanitised. */
  get text(): string {
    return this.#text;
  }

  /** UTF-16 index, between two characters. */
  get cursor(): number {
    return this.#cursor;
  }

  press(key: LineKey): Outcome {
    if (typeof key === 'object') return this.#insert(key.text);
    const [text, cursor] = [this.#text, this.#cursor];
    switch (key) {
      case 'left':
        return this.#moveTo(previousGrapheme(text, cursor));
      case 'right':
        return this.#moveTo(nextGrapheme(text, cursor));
      case 'word-left':
        return this.#moveTo(previousWord(text, cursor));
      case 'word-right':
        return this.#moveTo(nextWord(text, cursor));
      case 'line-start':
        return this.#moveTo(0);
      case 'line-end':
        return this.#moveTo(text.length);
      case 'delete-back':
        return this.#remove(previousGrapheme(text, cursor), cursor);
      case 'delete-forward':
        return this.#remove(cursor, nextGrapheme(text, cursor));
      case 'delete-word':
        return this.#remove(text.slice(0, cursor).replace(/\S*\s*$/u, '').length, cursor);
      case 'delete-to-start':
        return this.#remove(0, cursor);
      case 'delete-to-end':
        return this.#remove(cursor, text.length);
      case 'clear':
        return this.#replace('');
      case 'up':
        return this.#recall((this.#walk?.index ?? this.#history.length) - 1);
      case 'down':
        return this.#walk === undefined ? NONE : this.#recall(this.#walk.index + 1);
      case 'complete':
        return this.#complete();
      case 'enter':
        return this.#enter();
    }
  }

  #moveTo(cursor: number): Outcome {
    this.#cursor = cursor;
    return NONE;
  }

  #replace(text: string): Outcome {
    this.#text = text;
    this.#walk = undefined;
    return this.#moveTo(text.length);
  }

  #remove(from: number, to: number): Outcome {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    return this.#moveTo(this.#boundary(from));
  }

  #insert(text: string): Outcome {
    const clean = text.replaceAll(BLANKS, ' ').replaceAll(CONTROLS, '');
    // What would be cut within a character of two units becomes U+FFFD.
    const fits = clean.slice(0, MAX_LINE - this.#text.length).toWellFormed();
    this.#text = this.#text.slice(0, this.#cursor) + fits + this.#text.slice(this.#cursor);
    return this.#moveTo(this.#boundary(this.#cursor + fits.length));
  }

  /** `index`, or the end of the character around it: what comes together may join. */
  #boundary(index: number): number {
    return index <= 0 ? 0 : Math.max(index, nextGrapheme(this.#text, index - 1));
  }

  #recall(index: number): Outcome {
    if (index < 0) return NONE;
    const draft = this.#walk?.draft ?? this.#text;
    const line = this.#history[index];
    this.#replace(line ?? draft);
    if (line !== undefined) this.#walk = { index, draft };
    return NONE;
  }

  /** As far as all words agree that begin as the line does; where that is no further, the words are told. */
  #complete(): Outcome {
    const typed = this.#text.slice(0, this.#cursor);
    const words = this.#words.filter((word) => word.startsWith(typed));
    const [first, ...others] = words;
    if (first === undefined) return NONE;
    if (others.length === 0) {
      const behind = this.#text.slice(this.#cursor);
      this.#text = `${first} ${behind.trimStart()}`;
      return this.#moveTo(first.length + 1);
    }
    let common = first;
    while (!others.every((word) => word.startsWith(common))) common = common.slice(0, -1);
    return common === typed ? { kind: 'words', words } : this.#insert(common.slice(typed.length));
  }

  #enter(): Outcome {
    const line = this.#text.trim();
    this.#replace('');
    if (line === '') return NONE;
    if (this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > MAX_HISTORY) this.#history.shift();
    return { kind: 'run', line };
  }
}
