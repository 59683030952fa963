/** Bytes from the terminal -> the few keys that the dashboard knows. */

export type DashboardKey =
  | 'stop'
  | 'quit'
  | 'help'
  | 'redraw'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'oldest'
  | 'newest'
  | 'other';

const KEYS: ReadonlyMap<string, DashboardKey> = new Map([
  ['\x03', 'stop'],
  ['q', 'quit'],
  ['Q', 'quit'],
  ['\x0c', 'redraw'],
  ...of('help', '?', '\x1bOP', '\x1b[11~', '\x1b[[A'),
  ...of('up', '\x1b[A', '\x1bOA'),
  ...of('down', '\x1b[B', '\x1bOB'),
  ...of('page-up', '\x1b[5~'),
  ...of('page-down', '\x1b[6~'),
  // xterm, the Linux console and screen, rxvt.
  ...of('oldest', '\x1b[H', '\x1bOH', '\x1b[1~', '\x1b[7~'),
  ...of('newest', '\x1b[F', '\x1bOF', '\x1b[4~', '\x1b[8~'),
]);

function of(key: DashboardKey, ...sequences: readonly string[]): [string, DashboardKey][] {
  return sequences.map((sequence) => [sequence, key]);
}

/** The Linux console's function keys, CSI (ECMA-48, 5.4), SS3, Alt with a key, or one byte. */
const TOKEN = /\x1b\[\[[A-E]|\x1b\[[0-?]*[ -/]*[@-Z\\-~]|\x1bO[!-~]|\x1b[^[O\x1b]|[^]/g;
/** A sequence that has begun and not ended. */
const BEGUN = /\x1b(?:\[\[?[0-?]*[ -/]*|O)?$/;
/** Characters; no key's sequence is longer, and what is goes on as single bytes. */
const MAX_SEQUENCE = 16;

export class KeyReader {
  #begun = '';

  /** A sequence has begun: after a while without more it is to be `flush`ed. */
  get waiting(): boolean {
    return this.#begun !== '';
  }

  /** @param chunk one character a byte (latin1). */
  feed(chunk: string): DashboardKey[] {
    const text = this.#begun + chunk;
    const begun = BEGUN.exec(text)?.[0] ?? '';
    this.#begun = begun.length <= MAX_SEQUENCE ? begun : '';
    return keysOf(text.slice(0, text.length - this.#begun.length));
  }

  /** What has begun is all there is: the Esc key. */
  flush(): DashboardKey[] {
    const begun = this.#begun;
    this.#begun = '';
    return keysOf(begun);
  }
}

const keysOf = (text: string): DashboardKey[] =>
  Array.from(text.matchAll(TOKEN), ([token]) => KEYS.get(token) ?? 'other');
