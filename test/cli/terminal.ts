/** uchat in a real terminal: a pseudo-terminal, and an emulator that shows what it draws. */
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterwards, CLI, until } from './run.ts';

export interface Screen {
  readonly pid: number;
  /** As typed: `\r` is Enter. */
  type(keys: string): void;
  kill(signal: string): void;
  /** What the screen shows, without the blanks at the ends of lines. */
  text(): string;
  /** Waits until the screen shows these words, or what a pattern fits. */
  shows(words: string | RegExp): Promise<string>;
  /** Whether the program has the alternate screen. */
  isFull(): boolean;
  readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number | undefined }>;
}

export function open(args: readonly string[], env: Record<string, string>, columns = 80, rows = 24): Screen {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const pty = spawn(process.execPath, [CLI, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { ...env, TERM: 'xterm-256color' },
  });
  // The emulator answers what it is asked.
  emulator.onData((answer) => pty.write(answer));
  pty.onData((output) => emulator.write(output));
  const { promise: ended, resolve } = Promise.withResolvers<{ exitCode: number; signal?: number | undefined }>();
  let running = true;
  pty.onExit((end) => {
    running = false;
    resolve(end);
  });
  afterwards(async () => {
    if (running) pty.kill('SIGKILL');
    await ended;
  });

  const text = (): string => {
    const buffer = emulator.buffer.active;
    const lines = Array.from({ length: rows }, (_, y) => {
      const line = buffer.getLine(buffer.baseY + y);
      // A line that goes on is one line to whoever reads it.
      return `${line?.isWrapped ? '' : '\n'}${line?.translateToString(true) ?? ''}`;
    });
    return lines.join('').trimEnd();
  };
  const shows = async (words: string | RegExp): Promise<string> => {
    const fits = (): boolean => (typeof words === 'string' ? text().includes(words) : words.test(text()));
    try {
      return await until(String(words), () => fits() && text());
    } catch (error) {
      throw new Error(`the screen shows no ${String(words)}, but\n${text()}`, { cause: error });
    }
  };
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    kill: (signal) => pty.kill(signal),
    text,
    shows,
    isFull: () => emulator.buffer.active.type === 'alternate',
    ended,
  };
}
