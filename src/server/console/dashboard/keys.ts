/** Bytes from the terminal -> text, and the few keys that the dashboard knows. */

export type NamedKey =
  | 'stop'
  | 'help'
  | 'redraw'
  | 'people'
  | 'rooms'
  | 'connections'
  | 'log'
  | 'sort'
  | 'kinds'
  | 'page-up'
  | 'page-down'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
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
  | 'other';

/** `text` came as it stands, typed or pasted, and may hold anything. */
export type DashboardKey = NamedKey | { readonly text: string };

const KEYS: ReadonlyMap<string, DashboardKey> = new Map([
  ...of('stop', '\x03'),
  ...of('redraw', '\x0c'),
  ...of('help', '\x1bOP', '\x1b[11~', '\x1b[[A'),
  // F2 to F7: xterm (F1 to F4 as a VT100's PF1 to PF4), rxvt, the Linux console.
  ...of('people', '\x1bOQ', '\x1b[12~', '\x1b[[B'),
  ...of('rooms', '\x1bOR', '\x1b[13~', '\x1b[[C'),
  ...of('connections', '\x1bOS', '\x1b[14~', '\x1b[[D'),
  ...of('log', '\x1b[15~', '\x1b[[E'),
  ...of('sort', '\x1b[17~'),
  ...of('kinds', '\x1b[18~'),
  ...of('page-up', '\x1b[5~'),
  ...of('page-down', '\x1b[6~'),
  ...of('up', '\x1b[A', '\x1bOA', '\x10'),
  ...of('down', '\x1b[B', '\x1bOB', '\x0e'),
  // xterm, the Linux console and screen, rxvt.
  ...of('home', '\x1b[H', '\x1bOH', '\x1b[1~', '\x1b[7~'),
  ...of('end', '\x1b[F', '\x1bOF', '\x1b[4~', '\x1b[8~'),
  ...of('left', '\x1b[D', '\x1bOD', '\x02'),
  ...of('right', '\x1b[C', '\x1bOC', '\x06'),
  ...of('word-left', '\x1bb', '\x1b[1;5D', '\x1bOd'),
  ...of('word-right', '\x1bf', '\x1b[1;5C', '\x1bOc'),
  ...of('line-start', '\x01'),
  ...of('line-end', '\x05'),
  ...of('delete-back', '\x7f', '\x08'),
  ...of('delete-forward', '\x1b[3~', '\x04'),
  ...of('delete-word', '\x17', '\x1b\x7f'),
  ...of('delete-word-forward', '\x1bd'),
  ...of('paste-cut', '\x19'),
  ...of('swap', '\x14'),
  ...of('undo', '\x1f'),
  ...of('find-older', '\x12'),
  ...of('delete-to-start', '\x15'),
  ...of('delete-to-end', '\x0b'),
  ...of('complete', '\t'),
  ...of('enter', '\r', '\n', '\x1bOM'),
  // The digits' block of the keyboard, which the screen's opening has put into its application mode (VT220, DECKPAM).
  ...Array.from('*+,-./0123456789', (text, i): [string, DashboardKey] => [
    `\x1bO${String.fromCharCode('j'.charCodeAt(0) + i)}`,
    { text },
  ]),
]);

function of(key: NamedKey, ...sequences: readonly string[]): [string, DashboardKey][] {
  return sequences.map((sequence) => [sequence, key]);
}

/** Text, the Linux console's function keys, CSI (ECMA-48, 5.4), SS3, Alt with a key, or one control character. */
const TOKEN = /[^\x00-\x1f\x7f]+|\x1b\[\[[A-E]|\x1b\[[0-?]*[ -/]*[@-Z\\-~]|\x1bO[!-~]|\x1b[^[O\x1b]|[^]/gu;
const TEXT = /^[^\x00-\x1f\x7f]/u;
/** A sequence that has begun and not ended. */
const BEGUN = /\x1b(?:\[\[?[0-?]*[ -/]*|O)?$/;
/** Characters; no key's sequence is longer, and what is goes on as single characters. */
const MAX_SEQUENCE = 16;
/** Around what is pasted (xterm's ctlseqs, "bracketed paste"). */
const PASTE_BEGINS = '\x1b[200~';
const PASTE_ENDS = '\x1b[201~';

export class KeyReader {
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  #begun = '';
  #isPasting = false;

  /** A sequence has begun: after a while without more it is to be `flush`ed. */
  get waiting(): boolean {
    return this.#begun !== '' && !this.#isPasting;
  }

  feed(chunk: Uint8Array): DashboardKey[] {
    const keys: DashboardKey[] = [];
    const came = this.#utf8.decode(chunk, { stream: true });
    // Ctrl-C by itself is pressed, not pasted: the mark of an end that has been lost must not lock the operator out.
    if (came === '\x03') this.#endPaste();
    let rest = this.#begun + came;
    this.#begun = '';
    for (let marked = true; marked; ) {
      const mark = this.#isPasting ? PASTE_ENDS : PASTE_BEGINS;
      const at = rest.indexOf(mark);
      marked = at >= 0;
      const part = marked ? rest.slice(0, at) : rest;
      keys.push(...(this.#isPasting ? this.#pasted(part, marked) : this.#typed(part, marked)));
      if (!marked) break;
      this.#isPasting = !this.#isPasting;
      rest = rest.slice(at + mark.length);
    }
    return keys;
  }

  /** What has begun is all there is: the Esc key. */
  flush(): DashboardKey[] {
    const begun = this.#begun;
    this.#begun = '';
    return keysOf(begun);
  }

  #endPaste(): void {
    this.#isPasting = false;
    this.#begun = '';
  }

  /** @param whole nothing of a key follows: a mark does. */
  #typed(text: string, whole: boolean): DashboardKey[] {
    const begun = whole ? '' : (BEGUN.exec(text)?.[0] ?? '');
    this.#begun = begun.length <= MAX_SEQUENCE ? begun : '';
    return keysOf(text.slice(0, text.length - this.#begun.length));
  }

  #pasted(text: string, whole: boolean): DashboardKey[] {
    let held = whole ? 0 : Math.min(text.length, PASTE_ENDS.length - 1);
    while (held > 0 && !PASTE_ENDS.startsWith(text.slice(text.length - held))) held -= 1;
    this.#begun = text.slice(text.length - held);
    return text.length === held ? [] : [{ text: text.slice(0, text.length - held) }];
  }
}

const keysOf = (text: string): DashboardKey[] =>
  Array.from(text.matchAll(TOKEN), ([token]) => KEYS.get(token) ?? (TEXT.test(token) ? { text: token } : 'other'));
