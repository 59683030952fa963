/** A program in a terminal that nobody looks at: for runs that need one. */
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** Milliseconds for what a busy machine does in one or two seconds. */
const WITHIN_MS = 30_000;
const SIZE = { cols: 80, rows: 24 };

export interface Step {
  /** On the screen, before anything is typed. */
  readonly sees: RegExp;
  readonly types: string;
}

/** @returns once the program has ended. @throws Error where something isn't seen in time, or it ends before. */
export async function play(
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  steps: readonly Step[],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const left = [...steps];
  const pty = spawn(file, args, { ...SIZE, env });
  const terminal = new xterm.Terminal({ ...SIZE, allowProposedApi: true });
  terminal.onData((answer) => pty.write(answer));
  const screen = (): string => {
    const { active } = terminal.buffer;
    const rows = Array.from({ length: SIZE.rows }, (_, y) => active.getLine(active.baseY + y));
    return rows.map((row) => row?.translateToString(true) ?? '').join('\n');
  };
  const fail = (why: string): void =>
    reject(new Error(`${args.join(' ')}: ${why} before ${String(left[0]?.sees ?? 'its end')}\n${screen()}`));
  const timer = setTimeout(() => {
    fail(`${WITHIN_MS} ms`);
    pty.kill('SIGKILL');
  }, WITHIN_MS);
  pty.onData((data) =>
    terminal.write(data, () => {
      const [next] = left;
      if (next === undefined || !next.sees.test(screen())) return;
      left.shift();
      pty.write(next.types);
    }),
  );
  pty.onExit(({ exitCode, signal }) => {
    if (left.length === 0) resolve();
    else fail(`the end (status ${exitCode}, signal ${signal ?? 0})`);
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    terminal.dispose();
  }
}
