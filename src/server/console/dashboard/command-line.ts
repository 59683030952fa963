/** The line that the operator writes commands on: its text, its cursor, what was written before. */
import { nextGrapheme, nextWord, previousGrapheme, previousWord } from '../../../base/text/graphemes.ts';
import type { NamedKey } from './keys.ts';

/** UTF-16 units: an announcement of the longest (8 KiB), and its command. What is typed beyond is left out. */
export const MAX_LINE = 8300;
/** Commands that can be called back: nobody walks further with one key. */
export const MAX_HISTORY = 200;
/** Changes that can be taken back. */
const MAX_UNDO = 100;
/** Names that are told where several fit: a row or two. */
const MAX_TOLD = 40;

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
      | 'delete-word-forward'
      | 'delete-to-start'
      | 'delete-to-end'
      | 'paste-cut'
      | 'swap'
      | 'undo'
      | 'find-older'
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

/** Names that a command may be about. Asked at each completion. */
export type Names = () => { readonly people: readonly string[]; readonly rooms: readonly string[] };

export class CommandLine {
  readonly #words: readonly string[];
  readonly #names: Names;
  #text = '';
  #cursor = 0;
  readonly #history: string[] = [];
  /** Which of the history is shown, and what stood there before. */
  #walk: { readonly index: number; readonly draft: string } | undefined;
  /** What was cut last. */
  #cut = '';
  /** Before each change, the newest last. */
  readonly #before: { readonly text: string; readonly cursor: number }[] = [];

  /**
   * @param words the commands, with their slash.
   * @param names whom and what they may be about.
   */
  constructor(words: readonly string[], names: Names = () => ({ people: [], rooms: [] })) {
    this.#words = words;
    this.#names = names;
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
        return this.#cutOut(text.slice(0, cursor).replace(/\S*\s*$/u, '').length, cursor);
      case 'delete-word-forward':
        return this.#cutOut(cursor, nextWord(text, cursor));
      case 'delete-to-start':
        return this.#cutOut(0, cursor);
      case 'delete-to-end':
        return this.#cutOut(cursor, text.length);
      case 'paste-cut':
        return this.#insert(this.#cut);
      case 'swap':
        return this.#swap();
      case 'undo':
        return this.#undo();
      case 'find-older':
        return this.#findOlder();
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
    this.#note();
    this.#text = text;
    this.#walk = undefined;
    return this.#moveTo(text.length);
  }

  /** So that it can be taken back. */
  #note(): void {
    const last = this.#before.at(-1);
    if (last?.text === this.#text) return;
    this.#before.push({ text: this.#text, cursor: this.#cursor });
    if (this.#before.length > MAX_UNDO) this.#before.shift();
  }

  #undo(): Outcome {
    const before = this.#before.pop();
    if (before === undefined) return NONE;
    this.#text = before.text;
    return this.#moveTo(before.cursor);
  }

  #cutOut(from: number, to: number): Outcome {
    if (from < to) this.#cut = this.#text.slice(from, to);
    return this.#remove(from, to);
  }

  /** The characters around the cursor; at the end the last two. */
  #swap(): Outcome {
    const text = this.#text;
    const middle = this.#cursor === text.length ? previousGrapheme(text, this.#cursor) : this.#cursor;
    const [from, to] = [previousGrapheme(text, middle), nextGrapheme(text, middle)];
    if (from === middle || middle === to) return NONE;
    this.#note();
    this.#text = text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle) + text.slice(to);
    return this.#moveTo(this.#boundary(to));
  }

  #remove(from: number, to: number): Outcome {
    if (from === to) return NONE;
    this.#note();
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    return this.#moveTo(this.#boundary(from));
  }

  #insert(text: string): Outcome {
    if (text === '') return NONE;
    this.#note();
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

  /** The newest before the one that is shown that holds what stood there first. */
  #findOlder(): Outcome {
    const wanted = this.#walk?.draft ?? this.#text;
    for (let i = (this.#walk?.index ?? this.#history.length) - 1; i >= 0; i -= 1)
      if (this.#history[i]?.includes(wanted) === true) return this.#recall(i);
    return NONE;
  }

  /** As far as all agree that begin as the word at the cursor does; where that is no further, they are told. */
  #complete(): Outcome {
    const before = this.#text.slice(0, this.#cursor);
    const typed = /\S*$/u.exec(before)?.[0] ?? '';
    const from = before.length - typed.length;
    const words = this.#candidates(typed, before.slice(0, from).trim() === '');
    const [first, ...others] = words;
    if (first === undefined) return NONE;
    if (others.length === 0) {
      this.#note();
      const behind = this.#text.slice(this.#cursor);
      const upTo = `${before.slice(0, from)}${first} `;
      this.#text = upTo + behind.trimStart();
      return this.#moveTo(upTo.length);
    }
    let common = first;
    while (!others.every((word) => word.startsWith(common))) common = common.slice(0, -1);
    if (common.length > typed.length) return this.#insert(common.slice(typed.length));
    const more = words.length > MAX_TOLD ? ['…'] : [];
    return { kind: 'words', words: [...words.slice(0, MAX_TOLD), ...more] };
  }

  /** A command first; then rooms behind their sign, else people. */
  #candidates(typed: string, isFirst: boolean): readonly string[] {
    if (isFirst) return this.#words.filter((word) => word.startsWith(typed));
    const { people, rooms } = this.#names();
    const names = typed.startsWith('#') ? rooms : people;
    return names.filter((name) => name.startsWith(typed)).toSorted();
  }

  #enter(): Outcome {
    const line = this.#text.trim();
    this.#replace('');
    this.#before.length = 0;
    if (line === '') return NONE;
    if (this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > MAX_HISTORY) this.#history.shift();
    return { kind: 'run', line };
  }
}
