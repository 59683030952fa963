/** A terminal without a window: what the dashboard writes is interpreted by xterm's own code, and read back as text. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { textOf } from '../../../screen/headless.ts';

/** Milliseconds that a condition may take to come true. */
const WITHIN_MS = 5000;

class FakeOutput extends EventEmitter {
  readonly isTTY: boolean = true;
  columns: number;
  rows: number;
  /** Everything that was written. */
  written = '';
  readonly #xterm: xterm.Terminal;

  constructor(terminal: xterm.Terminal) {
    super();
    this.#xterm = terminal;
    this.columns = terminal.cols;
    this.rows = terminal.rows;
  }

  write(text: string): boolean {
    this.written += text;
    this.#xterm.write(text);
    return true;
  }
}

export class FakeTerminal {
  readonly xterm: xterm.Terminal;
  readonly output: FakeOutput;
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (raw: boolean) => this.#raw(raw),
  });

  constructor(columns: number, rows: number) {
    this.xterm = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 100 });
    this.output = new FakeOutput(this.xterm);
  }

  #raw(raw: boolean): void {
    this.input.isRaw = raw;
  }

  type(bytes: string): void {
    this.input.write(bytes);
  }

  resize(columns: number, rows: number): void {
    this.xterm.resize(columns, rows);
    this.output.columns = columns;
    this.output.rows = rows;
    this.output.emit('resize');
  }

  /** The screen's lines, without the blanks at their ends. */
  async text(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.xterm.write('', resolve);
    });
    return textOf(this.xterm);
  }

  /** @returns the first screen for which it holds. */
  async until(holds: (text: string) => boolean): Promise<string> {
    const deadline = performance.now() + WITHIN_MS;
    for (;;) {
      const text = await this.text();
      if (holds(text)) return text;
      if (performance.now() > deadline) throw new Error(`not within ${WITHIN_MS} ms; the screen is\n${text}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }
}
