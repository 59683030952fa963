/**
 * Bytes from a terminal -> keys, and what the mouse does. A state machine of our own, because blessed's parser swallows the marks of a bracketed
 * paste (so that a pasted newline would send), tells Enter twice, cuts emoji in halves, loses Alt-Enter, and guesses at
 * an escape by what arrives in one chunk. No timers in here: `timeout` is called when nothing has come for a while.
 *
 * Sources: ECMA-48 5.4 (control sequences), xterm's ctlseqs (function keys, modifiers, bracketed paste, SGR mouse), rxvt's
 * lower-case finals, the Linux console's `[[A`, and `CSI … u`.
 */
import type { Key } from '../keys/key.ts';
import { type Answer, answerOf, stringAnswerOf } from './answer.ts';
import { type Mouse, mouseOf } from './mouse.ts';

/** UTF-16 units of one control sequence; no key has more than a dozen. */
const MAX_SEQUENCE = 64;
/** UTF-16 units of a paste that are held; what is longer is told in pieces, all of them as paste. */
export const MAX_PASTE = 262_144;
/** UTF-16 units of a terminal's answer (OSC, DCS) that are held before it is no longer believed to be one. */
const MAX_ANSWER = 4096;

const PASTE_END = '\x1b[201~';

/** `A=up B=down` as a table. */
const table = (pairs: string): ReadonlyMap<string, string> =>
  new Map(pairs.split(' ').map((pair): [string, string] => [pair.replace(/=.*/, ''), pair.replace(/.*=/, '')]));

const FINALS = table('A=up B=down C=right D=left H=home F=end P=f1 Q=f2 R=f3 S=f4');
const RXVT = table('a=up b=down c=right d=left');
const NUMBERED = table(
  '1=home 2=insert 3=delete 4=end 5=pageup 6=pagedown 7=home 8=end 11=f1 12=f2 13=f3 14=f4 15=f5 17=f6 18=f7 19=f8 ' +
    '20=f9 21=f10 23=f11 24=f12',
);
const CONSOLE = table('A=f1 B=f2 C=f3 D=f4 E=f5');

interface Modifiers {
  readonly ctrl?: boolean;
  readonly alt?: boolean;
  readonly shift?: boolean;
}

const named = (name: string, { ctrl = false, alt = false, shift = false }: Modifiers): Key => ({
  kind: 'key',
  name: `${ctrl ? 'ctrl-' : ''}${alt ? 'alt-' : ''}${shift ? 'shift-' : ''}${name}`,
});

/** xterm's parameter: 1 and the bits of shift, alt, ctrl, meta. */
function modifiersOf(parameter: string | undefined): Modifiers {
  const bits = Math.max(0, Number.parseInt(parameter ?? '1', 10) - 1) || 0;
  return { shift: (bits & 1) > 0, alt: (bits & 10) > 0, ctrl: (bits & 4) > 0 };
}

/** A control character, by the key that makes it; undefined for ESC. */
function control(code: number, modifiers: Modifiers): Key | undefined {
  if (code === 0x0d) return named('enter', modifiers);
  if (code === 0x09) return named('tab', modifiers);
  if (code === 0x7f) return named('backspace', modifiers);
  if (code === 0x08 && modifiers.alt === true) return named('backspace', modifiers);
  if (code === 0x0a && modifiers.alt === true) return named('enter', modifiers);
  if (code === 0) return named('space', { ...modifiers, ctrl: true });
  if (code <= 0x1a) return named(String.fromCharCode(code + 0x60), { ...modifiers, ctrl: true });
  if (code > 0x1b && code < 0x20) return named(String.fromCharCode(code + 0x40), { ...modifiers, ctrl: true });
  return undefined;
}

/** A character that came with modifiers, as an escape before it or as a number. */
function character(text: string, modifiers: Modifiers): Key {
  const code = text.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return control(code, modifiers) ?? named('escape', modifiers);
  const { ctrl = false, alt = false } = modifiers;
  if ((!ctrl && !alt) || code > 0x7f) return { kind: 'text', text };
  if (text === ' ') return named('space', modifiers);
  const lower = text.toLowerCase();
  return named(lower, { ctrl, alt, shift: (modifiers.shift === true && /[a-z]/.test(lower)) || lower !== text });
}

type Mode = 'ground' | 'escape' | 'csi' | 'ss3' | 'answer' | 'mouse' | 'paste';

/** The terminal's window has the keyboard from now on, or hasn't. */
interface Focus {
  readonly kind: 'focus';
  readonly on: boolean;
}

export type Input = Key | Mouse | Focus;

export type OnAnswer = (answer: Answer) => void;

export class KeyDecoder {
  readonly #onAnswer: OnAnswer;
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  #mode: Mode = 'ground';
  /** What has come of a sequence, a paste, or an answer. */
  #held = '';
  /** Escapes before the sequence: an odd one more means Alt. */
  #escapes = 0;
  #text = '';
  #inputs: Input[] = [];

  constructor(onAnswer: OnAnswer = () => undefined) {
    this.#onAnswer = onAnswer;
  }

  /** What a silence would end. */
  get waiting(): 'nothing' | 'escape' | 'paste' {
    if (this.#mode === 'ground') return 'nothing';
    return this.#mode === 'paste' ? 'paste' : 'escape';
  }

  feed(bytes: Uint8Array): Input[] {
    for (const char of this.#utf8.decode(bytes, { stream: true })) this.#step(char);
    return this.#take();
  }

  /** Nothing came for a while: what began as a sequence was a key by itself, and a paste without end has ended. */
  timeout(): Input[] {
    const mode = this.#mode;
    switch (mode) {
      case 'ground':
        break;
      case 'escape':
        for (let i = 0; i < this.#escapes; i += 1) this.#push(named('escape', {}));
        break;
      case 'csi':
        if (this.#held === '') this.#push(named('[', { alt: true }));
        break;
      case 'ss3':
        this.#push(named('o', { alt: true, shift: true }));
        break;
      case 'answer':
        if (this.#held.length === 1) this.#push(character(this.#held, { alt: true }));
        break;
      case 'mouse':
        break;
      case 'paste':
        this.#paste(this.#held);
        break;
    }
    this.#reset();
    return this.#take();
  }

  #take(): Input[] {
    this.#endText();
    const inputs = this.#inputs;
    this.#inputs = [];
    return inputs;
  }

  #endText(): void {
    if (this.#text !== '') this.#inputs.push({ kind: 'text', text: this.#text });
    this.#text = '';
  }

  #push(input: Input): void {
    if (input.kind === 'text') {
      this.#text += input.text;
      return;
    }
    this.#endText();
    this.#inputs.push(input);
  }

  #paste(text: string): void {
    if (text !== '') this.#push({ kind: 'paste', text: text.replaceAll(/\r\n?/g, '\n') });
  }

  #reset(): void {
    this.#mode = 'ground';
    this.#held = '';
    this.#escapes = 0;
  }

  #step(char: string): void {
    switch (this.#mode) {
      case 'ground':
        this.#ground(char);
        break;
      case 'escape':
        this.#escape(char);
        break;
      case 'csi':
        this.#csi(char);
        break;
      case 'ss3':
        this.#ss3(char);
        break;
      case 'answer':
        this.#answer(char);
        break;
      case 'mouse':
        // X10: button, column, row.
        this.#held += char;
        if (this.#held.length >= 3) this.#reset();
        break;
      case 'paste':
        this.#inPaste(char);
        break;
    }
  }

  #ground(char: string): void {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0x1b) {
      this.#mode = 'escape';
      this.#escapes = 1;
    } else if (code < 0x20 || code === 0x7f) {
      const key = control(code, {});
      if (key !== undefined) this.#push(key);
    } else if (code < 0x80 || code > 0x9f) {
      this.#text += char;
    }
  }

  #escape(char: string): void {
    if (char === '\x1b') {
      // More than two are a key held down.
      if (this.#escapes >= 2) this.#push(named('escape', {}));
      else this.#escapes += 1;
      return;
    }
    if (char === '[') this.#mode = 'csi';
    else if (char === 'O') this.#mode = 'ss3';
    else if (char === ']' || char === 'P' || char === '_') {
      this.#mode = 'answer';
      this.#held = char;
    } else {
      if (this.#escapes > 1) this.#push(named('escape', {}));
      this.#reset();
      this.#push(character(char, { alt: true }));
    }
  }

  #csi(char: string): void {
    const code = char.codePointAt(0) ?? 0;
    if (this.#held === '' && char === '[') {
      this.#held = '[';
      return;
    }
    if (code >= 0x20 && code < 0x40 && this.#held.length < MAX_SEQUENCE) {
      this.#held += char;
      return;
    }
    const parameters = this.#held;
    const alt = this.#escapes > 1;
    this.#reset();
    if (code < 0x40 || code > 0x7e) {
      // Not a sequence after all, and what ended it may begin another.
      this.#ground(char);
      return;
    }
    if (char === 'M' && parameters === '') this.#mode = 'mouse';
    else if (char === '~' && parameters === '200') this.#mode = 'paste';
    else this.#sequence(parameters, char, alt);
  }

  #sequence(parameters: string, final: string, escaped: boolean): void {
    if (parameters.startsWith('<')) {
      // Esc was pressed right before it.
      if (escaped) this.#push(named('escape', {}));
      const mouse = mouseOf(parameters, final);
      if (mouse !== undefined) this.#push(mouse);
      return;
    }
    const [first = '', second, third] = parameters.split(';');
    const modifiers = modifiersOf(second);
    const all = escaped ? { ...modifiers, alt: true } : modifiers;
    const tell = (name: string | undefined, extra: Modifiers = all): void => {
      if (name !== undefined) this.#push(named(name, extra));
    };
    if (parameters === '[') tell(CONSOLE.get(final), { alt: escaped });
    else if (final === '~' && first === '27') this.#numbered(third, all);
    else if (final === 'u') this.#numbered(first, all);
    else if (final === '~') tell(NUMBERED.get(first));
    else if (final === '^') tell(NUMBERED.get(first), { ...all, ctrl: true });
    else if (final === '@') tell(NUMBERED.get(first), { ...all, ctrl: true, shift: true });
    else if (final === 'Z') tell('tab', { ...all, shift: true });
    else if (parameters === '' && RXVT.has(final)) tell(RXVT.get(final), { ...all, shift: true });
    else if (parameters === '' && (final === 'I' || final === 'O')) this.#focus(final === 'I', escaped);
    else if (first === '' || first === '1') tell(FINALS.get(final));
    else this.#answered(answerOf(parameters, final), escaped);
  }

  #focus(on: boolean, escaped: boolean): void {
    if (escaped) this.#push(named('escape', {}));
    this.#push({ kind: 'focus', on });
  }

  #answered(answer: Answer | undefined, escaped: boolean): void {
    if (answer === undefined) return;
    // Esc was pressed while the answer was under way.
    if (escaped) this.#push(named('escape', {}));
    this.#onAnswer(answer);
  }

  #numbered(number: string | undefined, modifiers: Modifiers): void {
    const code = Number.parseInt(number ?? '', 10);
    if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return;
    this.#push(character(String.fromCodePoint(code), modifiers));
  }

  #ss3(char: string): void {
    const alt = this.#escapes > 1;
    this.#reset();
    const rxvt = RXVT.get(char);
    const name = FINALS.get(char) ?? (char === 'M' ? 'enter' : undefined);
    if (name !== undefined) this.#push(named(name, { alt }));
    else if (rxvt !== undefined) this.#push(named(rxvt, { ctrl: true, alt }));
    else {
      this.#push(named('o', { alt: true, shift: true }));
      this.#ground(char);
    }
  }

  /** An answer of the terminal to somebody's question, up to BEL or ST. */
  #answer(char: string): void {
    this.#held += char;
    if (char !== '\x07' && !this.#held.endsWith('\x1b\\') && this.#held.length <= MAX_ANSWER) return;
    const answer = stringAnswerOf(this.#held);
    const escaped = this.#escapes > 1;
    this.#reset();
    this.#answered(answer, escaped);
  }

  #inPaste(char: string): void {
    this.#held += char;
    if (char === '~' && this.#held.endsWith(PASTE_END)) {
      this.#paste(this.#held.slice(0, -PASTE_END.length));
      this.#reset();
    } else if (this.#held.length > MAX_PASTE) {
      // The beginning of the end mark stays.
      const escape = this.#held.lastIndexOf('\x1b');
      const cut = escape >= this.#held.length - PASTE_END.length ? escape : this.#held.length;
      this.#paste(this.#held.slice(0, cut));
      this.#held = this.#held.slice(cut);
    }
  }
}
