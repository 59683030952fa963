/** A terminal without a window: what the program writes is interpreted by xterm's own code, and read back as text. */
import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { openTerminal, type Terminal, type TerminalOptions } from '../../src/client/terminal/terminal.ts';
import { bytesOf } from '../e2e/harness/keys.ts';

export interface HeadlessOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: TerminalOptions['env'];
  /** What the terminal says whenever it is asked where its cursor is; without it, the truth. */
  readonly answer?: string;
}

type Done = (error?: Error | null) => void;

class FakeOutput extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Everything that was written. */
  written = '';
  readonly #xterm: xterm.Terminal;

  constructor(terminal: xterm.Terminal) {
    super({ decodeStrings: false });
    this.#xterm = terminal;
    this.columns = terminal.cols;
    this.rows = terminal.rows;
  }

  // At the moment of writing, as on a terminal; what xterm makes of it comes later.
  override write(chunk: string | Buffer, encoding?: BufferEncoding | Done, done?: Done): boolean {
    this.written += chunk.toString();
    return typeof encoding === 'string' ? super.write(chunk, encoding, done) : super.write(chunk, encoding);
  }

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.#xterm.write(chunk, done);
  }
}

export class Headless extends EventEmitter {
  readonly xterm: xterm.Terminal;
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (raw: boolean) => this.#raw(raw),
  });
  readonly output: FakeOutput;
  readonly terminal: Terminal;

  constructor({ columns = 80, rows = 24, env, answer }: HeadlessOptions = {}) {
    super();
    this.xterm = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.output = new FakeOutput(this.xterm);
    // What the terminal answers when it is asked.
    this.xterm.onData((truth) => this.input.write(/^\x1b\[\d+;\d+R$/.test(truth) ? (answer ?? truth) : truth));
    const opened = openTerminal({
      input: this.input,
      output: this.output,
      env: env ?? { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
    });
    if (!opened.ok) throw new Error(opened.error.text);
    this.terminal = opened.value;
  }

  #raw(raw: boolean): void {
    this.input.isRaw = raw;
  }

  /** Resolves once the terminal has shown everything written so far. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.output.write('', () => resolve());
    });
    await new Promise<void>((resolve) => {
      this.xterm.write('', resolve);
    });
  }

  /** The screen's lines, without the blanks at their ends. */
  async screenText(): Promise<string> {
    await this.settle();
    return textOf(this.xterm);
  }

  type(text: string): void {
    this.input.write(text);
  }

  press(...names: readonly string[]): void {
    for (const name of names) this.input.write(bytesOf(name, true));
  }

  paste(text: string): void {
    this.input.write(`\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.xterm.resize(columns, rows);
    this.output.columns = columns;
    this.output.rows = rows;
    this.output.emit('resize');
  }

  close(): void {
    this.terminal.close();
  }
}

/** The visible lines of any xterm. */
export function textOf(terminal: xterm.Terminal): string {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let y = 0; y < terminal.rows; y += 1) {
    lines.push(
      active
        .getLine(active.baseY + y)
        ?.translateToString(true)
        .trimEnd() ?? '',
    );
  }
  return lines.join('\n');
}
