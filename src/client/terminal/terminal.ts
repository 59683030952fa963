/** The full screen: frames in, keys out, and the terminal as it was when it closes, in whatever way. */
import { err, ok, type Result } from '../../base/result.ts';
import type { Size } from '../core/state.ts';
import type { Key } from '../keys/key.ts';
import { groundDark } from '../theme/ground.ts';
import type { Frame } from '../view/cells.ts';
import type { Answer } from './answer.ts';
import { type BlessedScreen, closeScreen, openScreen } from './blessed-screen.ts';
import { colorLevel, isUtf8 } from './environment.ts';
import { openKeyboard, type TerminalInput } from './keyboard.ts';
import { type Kind, kindOf, takesLinks } from './kind.ts';
import type { Mouse } from './mouse.ts';
import { copyCommand, noticeCommand, titleCommand } from './osc.ts';
import { Output, type TerminalOutput } from './output.ts';
import { Painter } from './painter.ts';
import { Probe } from './probe.ts';
import { type ColorLevel, DARK, paletteOf, type Theme } from './theme.ts';

export type { TerminalInput } from './keyboard.ts';
export type { Mouse } from './mouse.ts';
export type { TerminalOutput } from './output.ts';

/** Milliseconds between two frames at least: a screen shows no more than 60 a second. */
export const FRAME_MS = 16;
/** terminfo's requests to wait, for terminals made of paper. */
const PADDING = /\$<[\d.]+[*/]{0,2}>/g;
const PASTE_ON = '\x1b[?2004h';
/**
 * Buttons, the wheel, and movements while a button is down (1002; to terminals that don't know it, without those: 1000);
 * told in numbers (SGR) that reach beyond column 223. On and off in an order in which the terminal never tells in its
 * old way.
 */
const MOUSE_ON = '\x1b[?1006h\x1b[?1000h\x1b[?1002h';
const MOUSE_OFF = '\x1b[?1002l\x1b[?1000l\x1b[?1006l';
/** Whether the window has the keyboard: told from now on, where the terminal does so. */
const FOCUS_ON = '\x1b[?1004h';
/** Attributes; frames shown whole; the end of a row; mouse in all its ways; focus; bracketed paste. Off, whoever has switched them on. */
const MODES_OFF = '\x1b[m\x1b[?2026l\x1b[?7h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l';
/** xterm's window operations: title onto its stack, and from it. */
const TITLE_PUSH = '\x1b[22;2t';
const TITLE_POP = '\x1b[23;2t';

/** The cursor stays in the last column (DECAWM off): a glyph that is wider there than we think breaks no row. */
const WRAP_OFF = '\x1b[?7l';

/** Milliseconds that a terminal has for its answers when it is closed right after it was asked; a slow line takes that long. */
const ANSWERED_WITHIN_MS = 300;
/** Milliseconds after which an answer that hasn't come isn't coming. */
const LATE_MS = 2000;

export interface Terminal {
  readonly size: Size;
  /** Only signs of ASCII can be shown: the Linux console, or no UTF-8. For the view. */
  readonly ascii: boolean;
  onKey(callback: (key: Key) => void): void;
  onResize(callback: (size: Size) => void): void;
  /** What the mouse does, in cells from 0; only while `mouse` is on. */
  onMouse(callback: (mouse: Mouse) => void): void;
  /**
   * The window has the keyboard from now on, or hasn't. Many terminals never say; as long as nothing was said, nothing is
   * known.
   */
  onFocus(callback: (on: boolean) => void): void;
  /** It has said what its ground is like: comes at most once, a moment after it was opened. */
  onGround(callback: (dark: boolean) => void): void;
  /** The terminal has gone away: a hang-up, or the end of its input. */
  onGone(callback: () => void): void;
  /** At most one frame per 16 ms, of several in between only the last; but `atOnce` what a pressed key has changed. */
  draw(frame: Frame, atOnce?: boolean): void;
  /** Everything anew, whatever the terminal shows. */
  redraw(): void;
  bell(): void;
  /** From the next frame on, which is drawn at once. */
  theme(theme: Theme): void;
  /** Into the clipboard of whoever sits before it. False: the terminal is known not to take it, or not that much. */
  copy(text: string): boolean;
  /** Something to be seen outside of the window; only the terminals that have it show it. */
  notify(title: string, text: string): void;
  /** Whether the terminal tells of the mouse; at first it doesn't. While it does, it selects text only with Shift held. */
  mouse(on: boolean): void;
  /** The terminal as it was, before it returns, while the program is stopped; nothing is drawn until `resume`. */
  suspend(): void;
  resume(): void;
  /** Somebody else has used it, and nobody has told us before: all that we have set is set again, and all drawn. */
  retake(): void;
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
  readonly #output: Output;
  readonly #screen: BlessedScreen;
  readonly #painter: Painter;
  readonly #keyboard: ReturnType<typeof openKeyboard>;
  readonly #level: ColorLevel;
  readonly #probe: Probe;
  readonly #unicode: boolean;
  readonly #isConsole: boolean;
  #theme: Theme;
  /** Whether its ground is dark, as far as is known. */
  #dark: boolean;
  #wasAsked = false;
  #isOpen = true;
  #frame: Frame | undefined;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #title = '';
  #onKey: (key: Key) => void = () => undefined;
  #onResize: (size: Size) => void = () => undefined;
  #onGone: () => void = () => undefined;
  #onMouse: (mouse: Mouse) => void = () => undefined;
  #onFocus: (on: boolean) => void = () => undefined;
  #onGround: (dark: boolean) => void = () => undefined;
  #mouse = false;
  #isSuspended = false;

  constructor({ input, output, env, theme = DARK }: TerminalOptions) {
    const terminal = env.TERM || 'xterm-256color';
    const unicode = isUtf8(env);
    this.#unicode = unicode;
    this.#isConsole = terminal === 'linux';
    this.#theme = theme;
    this.#dark = groundDark(env) ?? true;
    this.#probe = new Probe(kindOf({ ...env, TERM: terminal }));
    this.#output = new Output(output);
    this.#screen = openScreen({ output: this.#output, terminal, env, unicode });
    this.#level = colorLevel(env, this.#screen.tput.colors);
    this.#painter = new Painter({
      screen: this.#screen,
      unicode,
      palette: paletteOf(theme, this.#level, this.#dark),
      erasing: {
        within: this.#screen.tput.strings.erase_chars !== undefined,
        // GNU screen doesn't, whatever TERM says.
        inColor: this.#screen.tput.bools.back_color_erase === true && this.#kind.inside !== 'screen',
      },
    });
    this.#screen.program.flush();
    // blessed has cleared the screen and has its new buffers by the time this is called.
    this.#screen.program.on('resize', () => this.#resized());
    this.#output.on('drain', () => this.#paint());
    this.#keyboard = openKeyboard(input, {
      onKey: (key) => this.#onKey(key),
      onMouse: (mouse) => this.#moused(mouse),
      onFocus: (on) => this.#onFocus(on),
      onGone: () => this.#onGone(),
      onAnswer: (answer) => this.#answered(answer),
    });
    // Not before the keyboard is ours: what the terminal answers would be echoed onto the screen.
    this.#output.write(this.#modes() + (this.#kind.commands ? TITLE_PUSH : ''));
  }

  get #kind(): Kind {
    return this.#probe.findings.kind;
  }

  get ascii(): boolean {
    return !this.#unicode || this.#isConsole || this.#probe.findings.wideSigns;
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

  onMouse(callback: (mouse: Mouse) => void): void {
    this.#onMouse = callback;
  }

  onFocus(callback: (on: boolean) => void): void {
    this.#onFocus = callback;
  }

  onGround(callback: (dark: boolean) => void): void {
    this.#onGround = callback;
  }

  draw(frame: Frame, atOnce = false): void {
    if (!this.#isOpen) return;
    this.#frame = frame;
    const wait = atOnce ? 0 : this.#lastDrawn + FRAME_MS - performance.now();
    if (wait <= 0) this.#paint();
    else this.#timer ??= setTimeout(() => this.#paint(), wait);
  }

  redraw(): void {
    if (!this.#isOpen || this.#isSuspended) return;
    this.#screen.alloc();
    this.#screen.program.flush();
    this.#painter.cleared();
    // Whoever asks for this has found the terminal in disorder.
    this.#output.write(this.#modes());
    this.#paint();
  }

  bell(): void {
    if (!this.#isSuspended) this.#output.write('\x07');
  }

  theme(theme: Theme): void {
    if (!this.#isOpen) return;
    this.#theme = theme;
    this.#recolor();
    this.#paint();
  }

  #recolor(): void {
    this.#painter.change({ palette: paletteOf(this.#theme, this.#level, this.#dark) });
  }

  copy(text: string): boolean {
    const command = this.#isSuspended ? undefined : copyCommand(this.#kind, text);
    this.#output.write(command ?? '');
    return command !== undefined;
  }

  notify(title: string, text: string): void {
    if (!this.#isSuspended) this.#output.write(noticeCommand(this.#kind, title, text) ?? '');
  }

  mouse(on: boolean): void {
    if (!this.#isOpen || on === this.#mouse) return;
    this.#mouse = on;
    if (!this.#isSuspended) this.#output.write(on ? MOUSE_ON : MOUSE_OFF);
  }

  #moused(mouse: Mouse): void {
    // What still arrives after it was switched off is nobody's.
    if (this.#mouse) this.#onMouse(mouse);
  }

  /** What we set, beside what blessed does. */
  #modes(): string {
    return WRAP_OFF + PASTE_ON + FOCUS_ON + (this.#mouse ? MOUSE_ON : MOUSE_OFF);
  }

  suspend(): void {
    if (!this.#isOpen || this.#isSuspended) return;
    this.#awaitAnswers();
    this.#isSuspended = true;
    this.#keyboard.suspend();
    this.#output.writeAtOnce(this.#lastWords());
  }

  resume(): void {
    if (!this.#isOpen || !this.#isSuspended) return;
    this.#isSuspended = false;
    this.#keyboard.resume();
    this.#enterAgain();
  }

  retake(): void {
    if (!this.#isOpen || this.#isSuspended) return;
    this.#keyboard.suspend();
    this.#keyboard.resume();
    this.#enterAgain();
  }

  #enterAgain(): void {
    this.#output.write(this.#firstWords());
    this.#title = '';
    this.redraw();
  }

  close(): void {
    if (!this.#isOpen) return;
    clearTimeout(this.#timer);
    this.#awaitAnswers();
    this.#isOpen = false;
    this.#keyboard.close();
    this.#output.end(this.#isSuspended ? '' : this.#lastWords());
    closeScreen(this.#screen);
  }

  /** Who leaves at once shall not find the terminal's answers on the command line. */
  #awaitAnswers(): void {
    const isWaiting = (): boolean => (this.#probe.pendingFor(performance.now()) ?? LATE_MS) < LATE_MS;
    if (!this.#isSuspended && isWaiting()) this.#keyboard.drain(isWaiting, ANSWERED_WITHIN_MS);
  }

  #answered(answer: Answer): void {
    const before = this.#probe.findings;
    if (!this.#probe.take(answer)) return;
    const { kind, joins, wideSigns, together, dark } = this.#probe.findings;
    this.#painter.change({ manners: { joins, wideSigns, together, links: takesLinks(kind) } });
    if (dark !== undefined && dark !== before.dark) this.#grounded(dark);
    // The signs of the next frame are others.
    if (wideSigns !== before.wideSigns) this.#onResize(this.size);
    if (joins !== before.joins) this.#paint();
  }

  #grounded(dark: boolean): void {
    if (dark !== this.#dark) {
      this.#dark = dark;
      this.#recolor();
      this.#paint();
    }
    this.#onGround(dark);
  }

  #resized(): void {
    this.#painter.cleared();
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
    this.#screen.program.flush();
    this.#output.write(this.#question() + this.#painter.paint(frame) + this.#newTitle(frame.title));
  }

  #question(): string {
    if (this.#wasAsked) return '';
    this.#wasAsked = true;
    return this.#isConsole ? '' : this.#probe.ask(this.#output.columns, this.#unicode, performance.now());
  }

  #newTitle(title: string): string {
    if (!this.#kind.commands || title === this.#title) return '';
    this.#title = title;
    return titleCommand(title);
  }

  /** What blessed has written when it opened the screen, and we. */
  #firstWords(): string {
    const { strings } = this.#screen.tput;
    const words = [strings.enter_ca_mode ?? '', strings.keypad_xmit ?? '', strings.cursor_invisible ?? '\x1b[?25l'];
    this.#painter.moved(false);
    return words.join('').replaceAll(PADDING, '') + (this.#kind.commands ? TITLE_PUSH : '');
  }

  /** Cleared before it is left: a `screen` without an alternate screen would keep our last frame. */
  #lastWords(): string {
    const { strings } = this.#screen.tput;
    const title = this.#kind.commands ? `\x1b]2;\x07${TITLE_POP}` : '';
    const scroll = '\x1b[r';
    const clear = strings.clear_screen ?? '\x1b[H\x1b[2J';
    const cursor = strings.cursor_normal ?? '\x1b[?25h';
    const words = [MODES_OFF, scroll, title, clear, strings.keypad_local ?? '', strings.exit_ca_mode ?? '', cursor];
    return words.join('').replaceAll(PADDING, '');
  }
}
