/** The console of lines on a terminal, with a line to type commands on below them. */
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { Commands } from './commands.ts';
import type { Console } from './console.ts';
import { openLines } from './lines.ts';
import type { Output } from './output.ts';

const PROMPT = 'operator> ';
/** Commands that can be called back with the arrow keys. */
const HISTORY = 200;

export interface PromptTerminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: Output;
  /** Columns of the screen. */
  readonly columns: () => number;
  /** Calls back when they change. */
  readonly onResize: (then: () => void) => void;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}

/**
 * Whether a terminal's input is ours: a program in the background (`uchat --serve &`) is stopped by the kernel when it reads
 * or sets up its terminal. Field 5 (pgrp) and 8 (tpgid) of /proc/PID/stat, proc_pid_stat(5).
 */
export function isForeground(readStat: () => string = () => readFileSync('/proc/self/stat', 'latin1')): boolean {
  try {
    const stat = readStat();
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    // No such file: no Linux. Whoever has a terminal for input and output there is most likely looking at it.
    return true;
  }
}

export function openPrompt(terminal: PromptTerminal): Console {
  return new Prompt(terminal);
}

class Prompt implements Console {
  readonly #terminal: PromptTerminal;
  readonly #lines: Console;
  readonly #screen: Writable & { columns?: number };
  #commands: Commands | undefined;
  #editor: Interface | undefined;
  #isClosed = false;

  constructor(terminal: PromptTerminal) {
    this.#terminal = terminal;
    this.#lines = openLines((text) => this.#above(text));
    const { output, columns, onResize } = terminal;
    this.#screen = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        output.write(String(chunk));
        done();
      },
    });
    Object.defineProperty(this.#screen, 'columns', { get: columns });
    onResize(() => void this.#screen.emit('resize'));
  }

  show(...event: Parameters<Console['show']>): void {
    this.#lines.show(...event);
  }

  operate(commands: Commands): void {
    this.#commands = commands;
    this.#edit();
  }

  close(): void {
    this.#isClosed = true;
    this.#editor?.close();
    this.#terminal.output.close();
  }

  #edit(): void {
    const { input, interrupt } = this.#terminal;
    const editor = createInterface({
      input,
      output: this.#screen,
      terminal: true,
      prompt: PROMPT,
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string) => [(this.#commands?.words ?? []).filter((word) => word.startsWith(line)), line],
    });
    this.#editor = editor;
    // Else the terminal would be told a second time, by a signal that a raw terminal does not send.
    editor.on('SIGINT', interrupt);
    editor.on('line', (line) => void this.#run(line));
    editor.on('close', () => {
      this.#editor = undefined;
      this.#terminal.output.write('\n');
      if (this.#isClosed || !input.readable) return;
      this.#above('to stop the server: /stop or Ctrl-C\n');
      this.#edit();
    });
    editor.prompt();
  }

  async #run(line: string): Promise<void> {
    const answers = (await this.#commands?.run(line)) ?? [];
    for (const answer of answers) this.#above(`         ${sanitizeLine(answer)}\n`);
    this.#editor?.prompt(true);
  }

  /** Writes lines where the prompt stands, and the prompt anew below them. */
  #above(text: string): void {
    const editor = this.#editor;
    if (editor === undefined) return this.#terminal.output.write(text);
    const { rows } = editor.getCursorPos();
    const up = rows > 0 ? `\x1b[${rows}A` : '';
    // The editor takes its cursor to be as many rows below its first one as before.
    this.#terminal.output.write(`${up}\r\x1b[J${text}${'\n'.repeat(rows)}`);
    editor.prompt(true);
  }
}
