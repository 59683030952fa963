/** The full screen: frames in, keys out, and the terminal as it was when it closes, in whatever way. */
import { err, ok, type Result } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { truncate } from '../../base/text/wrap.ts';
import type { Size } from '../core/state.ts';
import type { Key } from '../keys/key.ts';
import type { Frame } from '../view/cells.ts';
import { type BlessedScreen, closeScreen, openScreen } from './blessed-screen.ts';
import { cellWriter, JOINS_NOTHING, type Joins, UNKNOWN } from './cell-writer.ts';
import type { Mouse } from './decode.ts';
import { openKeyboard, type TerminalInput } from './keyboard.ts';
import { Output, type TerminalOutput } from './output.ts';
import { type ColorLevel, DARK, paletteOf, type Theme } from './theme.ts';

export type { TerminalInput } from './keyboard.ts';
export type { TerminalOutput } from './output.ts';

/** Milliseconds between two frames at least: a screen shows no more than 60 a second. */
export const FRAME_MS = 16;
/** Cells of a window's title. */
const MAX_TITLE = 100;
/** Terminals that are known to take a title; others might print it. */
const TITLED =
  /^(xterm|screen|tmux|rxvt|alacritty|foot|kitty|st|gnome|vte|konsole|iterm|wezterm|ghostty|contour|putty)/;

/** terminfo's requests to wait, for terminals made of paper. */
const PADDING = /\$<[\d.]+[*/]{0,2}>/g;
const PASTE_ON = '\x1b[?2004h';
/**
 * Presses of buttons and the wheel, but no movements; told in numbers (SGR) that reach beyond column 223. On and off in
 * an order in which the terminal never tells in its old way.
 */
const MOUSE_ON = '\x1b[?1006h\x1b[?1000h';
const MOUSE_OFF = '\x1b[?1000l\x1b[?1006l';
/** Attributes; mouse in all its ways; focus; bracketed paste. Off, whoever has switched them on. */
const MODES_OFF = '\x1b[m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l';
/** xterm's window operations: title onto its stack, and from it. */
const TITLE_PUSH = '\x1b[22;2t';
const TITLE_POP = '\x1b[23;2t';

/** Each is drawn in this row, the terminal is asked how far that went, and in the end the row is wiped. */
const PROBE_ROW = 2;
const PROBE_COLUMNS = 12;
/**
 * Before each of them, so that a program in between that miscounts it returns to the row's start by a carriage return,
 * which is right however far it went, and not by as many steps back as it counts.
 */
const PROBE_INDENT = '  ';
const PROBES = [
  { joins: 'pictures', sample: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}' },
  { joins: 'tones', sample: '\u{1f44d}\u{1f3fd}' },
  { joins: 'styles', sample: '\u2764\ufe0f' },
] as const satisfies readonly { readonly joins: keyof Joins; readonly sample: string }[];
const PROBE_AT = `\x1b[${PROBE_ROW};1H`;
const PROBE = `${PROBES.map(({ sample }) => `${PROBE_AT}${PROBE_INDENT}${sample}\x1b[6n`).join('')}${PROBE_AT}\x1b[2K`;

export interface Terminal {
  readonly size: Size;
  /** Only signs of ASCII can be shown: the Linux console, or no UTF-8. For the view. */
  readonly ascii: boolean;
  onKey(callback: (key: Key) => void): void;
  onResize(callback: (size: Size) => void): void;
  /** The left button went down, in cells from 0. Only while `mouse` is on, as all of it. */
  onClick(callback: (x: number, y: number) => void): void;
  onWheel(callback: (up: boolean) => void): void;
  /** The terminal has gone away: a hang-up, or the end of its input. */
  onGone(callback: () => void): void;
  /** At most one frame per 16 ms; of several in between only the last. */
  draw(frame: Frame): void;
  /** Everything anew, whatever the terminal shows. */
  redraw(): void;
  bell(): void;
  /** Whether the terminal tells of the mouse; at first it doesn't. While it does, it selects text only with Shift held. */
  mouse(on: boolean): void;
  /** The terminal as it was, before it returns, while the program is stopped; nothing is drawn until `resume`. */
  suspend(): void;
  resume(): void;
  /** Restores everything, before it returns. Idempotent, works in an exit handler. */
  close(): void;
}

export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  /** TERM, COLORTERM, NO_COLOR, the locale, and where terminfo lies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly theme?: Theme;
}

export interface TerminalError {
  readonly code: 'not_a_terminal' | 'dumb_terminal';
  /** One line for people. */
  readonly text: string;
}

type Environment = TerminalOptions['env'];

/** POSIX: the first of these that is set and not empty decides. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** https://no-color.org: set and not empty. */
function colorLevel(env: Environment, colors: number): ColorLevel {
  if (env.NO_COLOR) return 0;
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || colors >= 256) return 256;
  return colors >= 16 ? 16 : colors >= 8 ? 8 : 0;
}

export function openTerminal(options: TerminalOptions): Result<Terminal, TerminalError> {
  const { input, output, env } = options;
  if (input.isTTY !== true || output.isTTY !== true) {
    return err({ code: 'not_a_terminal', text: 'the full screen needs a terminal for its input and its output' });
  }
  if (env.TERM === 'dumb') {
    return err({ code: 'dumb_terminal', text: 'this terminal (TERM=dumb) has no full screen' });
  }
  return ok(new FullScreen(options));
}

class FullScreen implements Terminal {
  readonly ascii: boolean;
  readonly #output: Output;
  readonly #screen: BlessedScreen;
  readonly #writer: ReturnType<typeof cellWriter>;
  readonly #keyboard: ReturnType<typeof openKeyboard>;
  readonly #hasTitle: boolean;
  #isOpen = true;
  /** Nothing, until the terminal has said so. It is asked when the first sequence comes that may be joined. */
  #joins = JOINS_NOTHING;
  #probe: 'not needed' | 'due' | 'made' = 'not needed';
  /** How many of the probes it has answered; it does so in their order. */
  #answers = 0;
  #frame: Frame | undefined;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #title = '';
  #cursor = '';
  #onKey: (key: Key) => void = () => undefined;
  #onResize: (size: Size) => void = () => undefined;
  #onGone: () => void = () => undefined;
  #onClick: (x: number, y: number) => void = () => undefined;
  #onWheel: (up: boolean) => void = () => undefined;
  #mouse = false;
  #isSuspended = false;

  constructor({ input, output, env, theme = DARK }: TerminalOptions) {
    const terminal = env.TERM || 'xterm-256color';
    const unicode = isUtf8(env);
    this.ascii = !unicode || terminal === 'linux';
    this.#hasTitle = TITLED.test(terminal);
    this.#output = new Output(output);
    this.#screen = openScreen({ output: this.#output, terminal, env, unicode });
    const level = colorLevel(env, this.#screen.tput.colors);
    // blessed maps colours to what terminfo promised, which is less than some terminals have.
    if (level > 0) this.#screen.tput.colors = level;
    this.#writer = cellWriter({
      screen: this.#screen,
      palette: paletteOf(theme, level),
      unicode,
      joins: () => {
        if (this.#probe === 'not needed') this.#probe = 'due';
        return this.#joins;
      },
    });
    this.#screen.program.flush();
    this.#output.write(PASTE_ON + (this.#hasTitle ? TITLE_PUSH : ''));
    // blessed has cleared the screen and has its new buffers by the time this is called.
    this.#screen.program.on('resize', () => this.#resized());
    this.#output.on('drain', () => this.#paint());
    this.#keyboard = openKeyboard(input, {
      onKey: (key) => this.#onKey(key),
      onMouse: (mouse) => this.#moused(mouse),
      onGone: () => this.#onGone(),
      onReport: (row, column) => this.#probed(row, column),
    });
  }

  get size(): Size {
    return { columns: this.#output.columns, rows: this.#output.rows };
  }

  onKey(callback: (key: Key) => void): void {
    this.#onKey = callback;
  }

  onResize(callback: (size: Size) => void): void {
    this.#onResize = callback;
  }

  onGone(callback: () => void): void {
    this.#onGone = callback;
  }

  onClick(callback: (x: number, y: number) => void): void {
    this.#onClick = callback;
  }

  onWheel(callback: (up: boolean) => void): void {
    this.#onWheel = callback;
  }

  draw(frame: Frame): void {
    if (!this.#isOpen) return;
    this.#frame = frame;
    if (this.#timer !== undefined) return;
    const wait = this.#lastDrawn + FRAME_MS - performance.now();
    if (wait <= 0) {
      this.#paint();
      return;
    }
    this.#timer = setTimeout(() => this.#paint(), wait);
  }

  redraw(): void {
    if (!this.#isOpen || this.#isSuspended) return;
    this.#screen.alloc();
    this.#cursor = '';
    // Whoever asks for this has found the terminal in disorder.
    this.#output.write(PASTE_ON + (this.#mouse ? MOUSE_ON : MOUSE_OFF));
    this.#paint();
  }

  bell(): void {
    if (!this.#isSuspended) this.#output.write('\x07');
  }

  mouse(on: boolean): void {
    if (!this.#isOpen || on === this.#mouse) return;
    this.#mouse = on;
    if (!this.#isSuspended) this.#output.write(on ? MOUSE_ON : MOUSE_OFF);
  }

  #moused(mouse: Mouse): void {
    // What still arrives after it was switched off is nobody's.
    if (!this.#mouse) return;
    if (mouse.kind === 'wheel') this.#onWheel(mouse.up);
    else this.#onClick(mouse.x, mouse.y);
  }

  suspend(): void {
    if (!this.#isOpen || this.#isSuspended) return;
    this.#isSuspended = true;
    this.#keyboard.suspend();
    this.#output.writeAtOnce(this.#lastWords());
  }

  resume(): void {
    if (!this.#isOpen || !this.#isSuspended) return;
    this.#isSuspended = false;
    this.#keyboard.resume();
    this.#output.write(this.#firstWords());
    this.#title = '';
    this.redraw();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#keyboard.close();
    this.#output.end(this.#isSuspended ? '' : this.#lastWords());
    closeScreen(this.#screen);
  }

  #probed(row: number, column: number): void {
    const probe = row === PROBE_ROW ? PROBES[this.#answers] : undefined;
    if (probe === undefined) return;
    this.#answers += 1;
    // Two cells: joined. More: its parts stand side by side; one: they are on top of each other.
    if (column !== PROBE_INDENT.length + 3) return;
    // To terminals that know no emoji each is one cell, and so a picture and its tone are two as well.
    if (probe.joins === 'tones' && !this.#joins.pictures) return;
    const joins: Joins = { ...this.#joins, [probe.joins]: true };
    this.#joins = joins;
    this.#paint();
  }

  #resized(): void {
    this.#cursor = '';
    if (!this.#isOpen) return;
    // The frame for the new size is drawn at once, not 16 ms after the last.
    this.#lastDrawn = Number.NEGATIVE_INFINITY;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onResize(this.size);
    this.#paint();
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const frame = this.#frame;
    // A terminal that is behind gets the newest frame once it has taken what it was sent.
    if (frame === undefined || !this.#isOpen || this.#isSuspended || this.#output.isBehind) return;
    this.#lastDrawn = performance.now();
    const { program, lines } = this.#screen;
    for (let y = 0; y < lines.length; y += 1) this.#writer.write(y, frame.rows[y] ?? []);
    this.#screen.draw(0, lines.length - 1);
    this.#placeCursor(frame);
    program.flush();
    this.#writeTitle(frame.title);
    if (this.#probe === 'due') this.#askAboutJoins();
  }

  /**
   * Not at the start: who is refused there, or leaves at once, would find the answer of a slow connection on the command
   * line.
   */
  #askAboutJoins(): void {
    const row = this.#screen.olines[PROBE_ROW - 1];
    if (row === undefined || row.length < PROBE_COLUMNS) return;
    this.#probe = 'made';
    this.#output.write(PROBE);
    for (const cell of row) cell[1] = UNKNOWN;
    this.#cursor = '';
    this.#paint();
  }

  #placeCursor({ cursor }: Frame): void {
    const { program } = this.#screen;
    if (cursor === undefined) {
      if (!program.cursorHidden) program.hideCursor();
      this.#cursor = '';
      return;
    }
    const place = `${cursor.y};${cursor.x}`;
    // Drawing leaves the cursor where it was.
    if (place !== this.#cursor) program.cup(cursor.y, cursor.x);
    this.#cursor = place;
    if (program.cursorHidden) program.showCursor();
  }

  #writeTitle(text: string): void {
    const title = truncate(sanitizeLine(text), MAX_TITLE);
    if (!this.#hasTitle || title === this.#title) return;
    this.#title = title;
    this.#output.write(`\x1b]2;${title}\x07`);
  }

  /** What blessed has written when it opened the screen, and we. */
  #firstWords(): string {
    const { strings } = this.#screen.tput;
    const words = [strings.enter_ca_mode ?? '', strings.keypad_xmit ?? '', strings.cursor_invisible ?? '\x1b[?25l'];
    this.#screen.program.cursorHidden = true;
    return words.join('').replaceAll(PADDING, '') + (this.#hasTitle ? TITLE_PUSH : '');
  }

  /** Cleared before it is left: a `screen` without an alternate screen would keep our last frame. */
  #lastWords(): string {
    const { strings } = this.#screen.tput;
    const title = this.#hasTitle ? `\x1b]2;\x07${TITLE_POP}` : '';
    const scroll = '\x1b[r';
    const clear = strings.clear_screen ?? '\x1b[H\x1b[2J';
    const cursor = strings.cursor_normal ?? '\x1b[?25h';
    const words = [MODES_OFF, scroll, title, clear, strings.keypad_local ?? '', strings.exit_ca_mode ?? '', cursor];
    return words.join('').replaceAll(PADDING, '');
  }
}
