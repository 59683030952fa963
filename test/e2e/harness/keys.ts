/** What a keyboard sends, as xterm and all that came after it do. */
const NAMED: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  escape: '\x1b',
  space: ' ',
  backspace: '\x7f',
  delete: '\x1b[3~',
  insert: '\x1b[2~',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  f1: '\x1bOP',
  f7: '\x1b[18~',
};
/** Cursor keys: their letter, behind CSI or, in application mode, SS3. */
const CURSOR: Readonly<Record<string, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
/** xterm's modifiers of a cursor key. */
const MODIFIERS: Readonly<Record<string, number>> = { shift: 2, alt: 3, ctrl: 5 };

/** The bytes of a key: `a`, `enter`, `ctrl-n`, `alt-1`, `alt-right`, `pageup`. */
export function bytesOf(key: string, applicationCursorKeys: boolean): string {
  const named = NAMED[key] ?? (key.length === 1 ? key : undefined);
  if (named !== undefined) return named;
  const letter = CURSOR[key];
  if (letter !== undefined) return `${applicationCursorKeys ? '\x1bO' : '\x1b['}${letter}`;
  const [, modifier = '', base = ''] = /^(shift|alt|ctrl)-(.+)$/.exec(key) ?? [];
  const moved = CURSOR[base];
  if (moved !== undefined) return `\x1b[1;${MODIFIERS[modifier]}${moved}`;
  if (modifier === 'alt') return `\x1b${bytesOf(base, false)}`;
  if (modifier === 'ctrl' && /^[a-z@[\\\]^_]$/.test(base))
    return String.fromCharCode(base.toUpperCase().charCodeAt(0) & 0x1f);
  throw new Error(`no keyboard has the key ${key}`);
}
