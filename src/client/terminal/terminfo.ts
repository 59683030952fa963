/**
 * The terminal's capabilities, from the machine's terminfo database. blessed reads only the entries of old: those with
 * 32-bit numbers (ncurses 6.1 and later: tmux-256color, screen-256color, alacritty …) it takes for broken, and what it
 * doesn't find it replaces by some entry whose name begins alike. So the file is found and rewritten here.
 * Source: term(5), "legacy storage format" and "extended number format".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from 'blessed/lib/tput.js';

const MAGIC_16 = 0o432;
const MAGIC_32 = 0o1036;
const HEADER_BYTES = 12;
/** Bytes; ncurses allows 32,768 for an entry. */
const MAX_ENTRY_BYTES = 65_536;
const MAX_16 = 0x7fff;

type Environment = Readonly<Record<string, string | undefined>>;

function folders(env: Environment): string[] {
  const listed = (env.TERMINFO_DIRS ?? '').split(':');
  const own = env.HOME === undefined ? '' : join(env.HOME, '.terminfo');
  const usual = [
    '/etc/terminfo',
    '/lib/terminfo',
    '/usr/share/terminfo',
    '/usr/lib/terminfo',
    '/usr/local/share/terminfo',
  ];
  return [env.TERMINFO ?? '', own, ...listed, ...usual].filter((folder) => folder.startsWith('/'));
}

function read(path: string): Buffer | undefined {
  try {
    const data = readFileSync(path);
    return data.length <= MAX_ENTRY_BYTES ? data : undefined;
  } catch {
    // Most folders don't have it.
    return undefined;
  }
}

/** The entry of exactly that name, in the old format; `bits`: of its numbers in the file. */
export function findEntry(
  terminal: string,
  env: Environment,
): { readonly data: Buffer; readonly file: string; readonly bits: 16 | 32 } | undefined {
  // A name is a file's name: no way out of the folder.
  if (!/^[A-Za-z0-9][\w.+-]*$/.test(terminal)) return undefined;
  const first = terminal.charAt(0);
  for (const folder of folders(env)) {
    for (const initial of [first, first.charCodeAt(0).toString(16)]) {
      const file = join(folder, initial, terminal);
      const found = read(file);
      const data = found === undefined ? undefined : to16Bit(found);
      if (found !== undefined && data !== undefined)
        return { data, file, bits: found.readUInt16LE(0) === MAGIC_32 ? 32 : 16 };
    }
  }
  return undefined;
}

/** @returns the entry without its extended part, numbers in 16 bits; undefined for what is no terminfo entry. */
export function to16Bit(entry: Buffer): Buffer | undefined {
  if (entry.length < HEADER_BYTES) return undefined;
  const magic = entry.readUInt16LE(0);
  if (magic !== MAGIC_16 && magic !== MAGIC_32) return undefined;
  const [names = 0, booleans = 0, numbers = 0, strings = 0, table = 0] = [2, 4, 6, 8, 10].map((at) =>
    entry.readUInt16LE(at),
  );
  const bytes = magic === MAGIC_32 ? 4 : 2;
  const start = HEADER_BYTES + names + booleans + ((names + booleans) % 2);
  const end = start + numbers * bytes + strings * 2 + table;
  if (end > entry.length) return undefined;
  const small = Buffer.alloc(numbers * 2);
  for (let i = 0; i < numbers; i += 1) {
    const at = start + i * bytes;
    const value = bytes === 4 ? entry.readInt32LE(at) : entry.readInt16LE(at);
    small.writeInt16LE(Math.max(-2, Math.min(MAX_16, value)), i * 2);
  }
  const head = Buffer.from(entry.subarray(0, start));
  head.writeUInt16LE(MAGIC_16, 0);
  // blessed looks for a filler byte behind an odd table.
  const filler = Buffer.alloc(1);
  return Buffer.concat([head, small, entry.subarray(start + numbers * bytes, end), filler]);
}

/** `max_colors` among the numbers: term(5), and the order of ncurses' Caps. */
const MAX_COLORS = 13;

/** @param entry in the old format. @returns 0 where it has none. */
export function colorsOf(entry: Buffer): number {
  const [names = 0, booleans = 0, numbers = 0] = [2, 4, 6].map((at) => entry.readUInt16LE(at));
  const start = HEADER_BYTES + names + booleans + ((names + booleans) % 2);
  return numbers > MAX_COLORS ? Math.max(0, entry.readInt16LE(start + MAX_COLORS * 2)) : 0;
}

/** What every terminal of today understands: for a TERM that is empty, or that this machine has no entry of. */
export const FALLBACK: Entry = {
  name: 'xterm-256color',
  names: ['xterm-256color'],
  desc: 'what the terminals of today have in common',
  dir: '',
  file: '',
  header: {},
  bools: { auto_right_margin: true, back_color_erase: true, eat_newline_glitch: true },
  numbers: { max_colors: 256, max_pairs: MAX_16, columns: 80, lines: 24 },
  strings: {
    bell: '\x07',
    carriage_return: '\r',
    change_scroll_region: '\x1b[%i%p1%d;%p2%dr',
    clear_screen: '\x1b[H\x1b[2J',
    clr_eol: '\x1b[K',
    clr_eos: '\x1b[J',
    cursor_address: '\x1b[%i%p1%d;%p2%dH',
    cursor_home: '\x1b[H',
    cursor_invisible: '\x1b[?25l',
    cursor_normal: '\x1b[?25h',
    erase_chars: '\x1b[%p1%dX',
    enter_bold_mode: '\x1b[1m',
    enter_ca_mode: '\x1b[?1049h',
    enter_reverse_mode: '\x1b[7m',
    enter_underline_mode: '\x1b[4m',
    exit_attribute_mode: '\x1b[m',
    exit_ca_mode: '\x1b[?1049l',
    keypad_local: '\x1b[?1l\x1b>',
    keypad_xmit: '\x1b[?1h\x1b=',
    parm_right_cursor: '\x1b[%p1%dC',
    restore_cursor: '\x1b8',
    save_cursor: '\x1b7',
  },
};
