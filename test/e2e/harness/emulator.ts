/** A terminal without a window: what a program wrote to it, as a person would see it. */
import xterm, { type Terminal } from '@xterm/headless';
import type { Size } from '../../../src/client/core/state.ts';
import { useSequences } from './unicode-widths.ts';

export interface Modes {
  readonly screen: 'normal' | 'alternate';
  readonly cursor: 'visible' | 'hidden';
  readonly paste: 'plain' | 'bracketed';
  readonly mouse: string;
  readonly focus: 'silent' | 'reported';
  readonly cursorKeys: 'normal' | 'application';
  readonly keypad: 'normal' | 'application';
  readonly wrap: 'on' | 'off';
}

/** How a terminal is before any program has asked for something else. */
export const AT_FIRST: Modes = {
  screen: 'normal',
  cursor: 'visible',
  paste: 'plain',
  mouse: 'none',
  focus: 'silent',
  cursorKeys: 'normal',
  keypad: 'normal',
  wrap: 'on',
};

/** DECTCEM: the cursor is shown. */
const CURSOR_MODE = 25;

export class Emulator {
  readonly terminal: Terminal;
  title = '';
  bells = 0;
  #cursorVisible = true;

  /** @param answer gets what the terminal says by itself: reports of the cursor, of what it is. */
  constructor({ columns, rows }: Size, answer: (data: string) => void = () => undefined) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    useSequences(this.terminal.unicode);
    this.terminal.onData(answer);
    this.terminal.onTitleChange((title) => {
      this.title = title;
    });
    this.terminal.onBell(() => {
      this.bells += 1;
    });
    for (const final of ['h', 'l']) {
      this.terminal.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        if (parameters.includes(CURSOR_MODE)) this.#cursorVisible = final === 'h';
        return false;
      });
    }
  }

  async write(data: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.terminal.write(data, resolve);
    });
  }

  get size(): Size {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  /** The rows of the screen, without the blanks at their ends. */
  lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, y) =>
        active
          .getLine(active.baseY + y)
          ?.translateToString(true, 0, this.terminal.cols)
          .trimEnd() ?? '',
    );
  }

  /** The columns (from 0) of a row where `sign` stands: cells, so that wide characters count as what they take. */
  columnsOf(sign: string, y: number): number[] {
    const { active } = this.terminal.buffer;
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: this.terminal.cols }, (_, x) => x).filter((x) => line?.getCell(x)?.getChars() === sign);
  }

  get cursor(): { readonly x: number; readonly y: number } {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  get modes(): Modes {
    const { modes, buffer } = this.terminal;
    return {
      screen: buffer.active.type,
      cursor: this.#cursorVisible ? 'visible' : 'hidden',
      paste: modes.bracketedPasteMode ? 'bracketed' : 'plain',
      mouse: modes.mouseTrackingMode,
      focus: modes.sendFocusMode ? 'reported' : 'silent',
      cursorKeys: modes.applicationCursorKeysMode ? 'application' : 'normal',
      keypad: modes.applicationKeypadMode ? 'application' : 'normal',
      wrap: modes.wraparoundMode ? 'on' : 'off',
    };
  }

  /** The screen in a frame, for messages: `lines` keeps no blanks, so the frame shows where they are. */
  picture(): string {
    const { columns } = this.size;
    const edge = '-'.repeat(columns);
    return [`+${edge}+`, ...this.lines().map((line) => `|${line}`), `+${edge}+`].join('\n');
  }
}
