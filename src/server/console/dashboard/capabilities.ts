/**
 * What the dashboard needs of a terminal. It asks for little: eight colours, the cursor, bold and reversed. All terminals
 * in use do these in the same way (ECMA-48, and xterm's other screen), so they are written down here; what a terminfo
 * database says beyond would only tell what is not used.
 */

/** TERM, or what stands before its first dash, of terminals that do. */
const FAMILIES: ReadonlySet<string> = new Set(
  `xterm screen tmux linux rxvt vt100 vt102 vt220 vt320 vt420 ansi cygwin putty konsole gnome vte alacritty foot kitty st
  stterm wezterm ghostty contour iterm iterm2 nsterm mlterm mintty eterm dvtm fbterm kmscon jfbterm tmate zellij`.split(
    /\s+/,
  ),
);

/** @param terminal TERM. `screen.xterm-256color` is GNU screen inside of an xterm. */
export const isKnown = (terminal: string): boolean => FAMILIES.has(/^[^-.+]*/.exec(terminal.toLowerCase())?.[0] ?? '');

/** As blessed reads a terminfo entry: long names of terminfo(5). */
export const ENTRY = {
  name: 'uchat-dashboard',
  names: ['uchat-dashboard'],
  desc: 'what the terminals of today have in common',
  dir: '',
  file: '',
  header: {},
  bools: { auto_right_margin: true, eat_newline_glitch: true },
  numbers: { max_colors: 8, max_pairs: 64, columns: 80, lines: 24 },
  strings: {
    change_scroll_region: '\x1b[%i%p1%d;%p2%dr',
    clear_screen: '\x1b[H\x1b[2J',
    clr_eol: '\x1b[K',
    cursor_address: '\x1b[%i%p1%d;%p2%dH',
    cursor_home: '\x1b[H',
    cursor_invisible: '\x1b[?25l',
    cursor_normal: '\x1b[?25h',
    enter_bold_mode: '\x1b[1m',
    enter_ca_mode: '\x1b[?1049h',
    enter_reverse_mode: '\x1b[7m',
    exit_attribute_mode: '\x1b[m',
    exit_ca_mode: '\x1b[?1049l',
    keypad_local: '\x1b[?1l\x1b>',
    keypad_xmit: '\x1b[?1h\x1b=',
    parm_right_cursor: '\x1b[%p1%dC',
    restore_cursor: '\x1b8',
    save_cursor: '\x1b7',
  },
} as const;

/**
 * Attributes off, all rows scroll, clear, pastes, cursor keys and keypad as they were, the screen of before, cursor.
 * Cleared first: a `screen` without an alternate screen would keep the last frame.
 */
export const RESTORE = '\x1b[m\x1b[r\x1b[H\x1b[2J\x1b[?2004l\x1b[?1l\x1b>\x1b[?1049l\x1b[?25h';
/** What is pasted comes between marks, so that its line ends aren't taken for the Enter key; where a terminal can do it. */
export const MARK_PASTES = '\x1b[?2004h';

type Environment = Readonly<Record<string, string | undefined>>;

/** POSIX: the first of these that is set and not empty decides. */
export function isUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** https://no-color.org: set and not empty. The oldest have none either. */
export const hasColor = ({ NO_COLOR, TERM = '' }: Environment): boolean => !NO_COLOR && !/^vt\d/i.test(TERM);

/** The console's font has no braille, of which the chart is made. */
export const hasBraille = (env: Environment): boolean => isUtf8(env) && env.TERM !== 'linux';
