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
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  f5: '\x1b[15~',
  f6: '\x1b[17~',
  f7: '\x1b[18~',
  f8: '\x1b[19~',
  f9: '\x1b[20~',
  f10: '\x1b[21~',
  f11: '\x1b[23~',
  f12: '\x1b[24~',
};
/** Cursor keys: their letter, behind CSI or, in application mode, SS3. */
const CURSOR: Readonly<Record<string, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };

/** xterm's parameter of a cursor key: 1 and a bit for each modifier. */
const parameterOf = (has: (modifier: string) => boolean): number =>
  1 + (has('shift') ? 1 : 0) + (has('alt') ? 2 : 0) + (has('ctrl') ? 4 : 0);

/** The bytes of a key: `a`, `enter`, `ctrl-n`, `alt-1`, `alt-right`, `pageup`. */
export function bytesOf(key: string, applicationCursorKeys: boolean): string {
  const named = NAMED[key] ?? (key.length === 1 ? key : undefined);
  if (named !== undefined) return named;
  const letter = CURSOR[key];
  if (letter !== undefined) return `${applicationCursorKeys ? '\x1bO' : '\x1b['}${letter}`;
  const [, modifiers = '', base = ''] = /^((?:shift-|alt-|ctrl-)+)(.+)$/.exec(key) ?? [];
  const has = (modifier: string): boolean => modifiers.includes(`${modifier}-`);
  const moved = CURSOR[base];
  if (moved !== undefined) return `\x1b[1;${parameterOf(has)}${moved}`;
  if (has('alt')) return `\x1b${bytesOf(modifiers.replace('alt-', '') + base, false)}`;
  if (has('ctrl') && /^[a-z@[\\\]^_]$/.test(base)) return String.fromCharCode(base.toUpperCase().charCodeAt(0) & 0x1f);
  if (has('shift') && /^[a-z]$/.test(base)) return base.toUpperCase();
  throw new Error(`no keyboard has the key ${key}`);
}
