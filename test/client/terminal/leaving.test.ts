import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { textOf } from '../../screen/headless.ts';

const PROGRAM = fileURLToPath(new URL('./leave.ts', import.meta.url));
/** Milliseconds, on a machine that is busy with other tests. */
const PATIENCE = 8000;

interface Shell {
  readonly pty: IPty;
  readonly terminal: xterm.Terminal;
  /** Everything that came. */
  readonly seen: () => string;
  /** How often the terminal has answered. */
  readonly answered: () => number;
}

const shells: Shell[] = [];
afterEach(() => {
  for (const { pty } of shells.splice(0)) {
    try {
      pty.kill('SIGKILL');
    } catch {
      // Its terminal was hung up, and it went with it.
    }
  }
});

/**
 * A shell in a real terminal: `before` on its screen, the program, and then what the terminal is set to.
 * @param answersAfter milliseconds that the terminal's answers are under way; without it there are none.
 */
function start(way: string, mark = '', answersAfter?: number): Shell {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const script = `trap '' HUP; echo before; "${process.execPath}" --disable-warning=ExperimentalWarning "${PROGRAM}" ${way} ${mark} 2>/dev/null; echo status $?; stty -a; echo finished; sleep 60`;
  const env = { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };
  const pty = spawn('sh', ['-c', script], { cols: 80, rows: 24, env });
  let answered = 0;
  if (answersAfter !== undefined) {
    terminal.onData((data) => {
      setTimeout(() => {
        pty.write(data);
        answered += 1;
      }, answersAfter);
    });
  }
  let all = '';
  pty.onData((data) => {
    all += data;
    terminal.write(data);
  });
  const shell = { pty, terminal, seen: () => all, answered: () => answered };
  shells.push(shell);
  return shell;
}

const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('not yet');
    },
    { timeout: PATIENCE, interval: 20 },
  );

describe('in a real terminal', () => {
  test.each(['close', 'exit', 'exception'])('leaving by %s puts everything back', async (way) => {
    const { pty, terminal, seen } = start(way);
    await until(() => textOf(terminal).includes('#lobby'));
    expect(terminal.buffer.active.type).toBe('alternate');
    expect(terminal.modes.bracketedPasteMode).toBe(true);
    expect(terminal.modes.mouseTrackingMode).toBe('drag');
    pty.write('x');
    // After close nothing is left that would keep the program: it ends by itself.
    await until(() => seen().includes('finished'));
    await until(() => terminal.buffer.active.type === 'normal');
    expect(textOf(terminal)).toContain('before');
    expect(terminal.modes.bracketedPasteMode).toBe(false);
    expect(terminal.modes.applicationCursorKeysMode).toBe(false);
    expect(terminal.modes.mouseTrackingMode).toBe('none');
    expect(seen()).toMatch(/[^-]icanon/);
    expect(seen()).toMatch(/[^-]echo\b/);
    // The cursor is the last thing that is switched, and it is switched on.
    expect(seen().lastIndexOf('\x1b[?25h')).toBeGreaterThan(seen().lastIndexOf('\x1b[?25l'));
  });

  test('who leaves at once over a slow line finds no answer of the terminal on the command line', async () => {
    const { pty, seen, answered } = start('at-once', '', 120);
    await until(() => seen().includes('finished') && answered() >= 9);
    // What is echoed, is echoed in order.
    pty.write('typed after that\r');
    await until(() => seen().includes('typed after that'));
    expect(seen()).toContain('\x1b[6n');
    expect(seen()).not.toMatch(/\^\[\[|\d+;\d+R/);
  });

  test('stopped, the program leaves the terminal to others, and comes back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leaving-'));
    try {
      const mark = join(folder, 'mark');
      const { pty, terminal } = start('stop', mark);
      await until(() => textOf(terminal).includes('F1 keys'));
      pty.write('x');
      await until(() => terminal.buffer.active.type === 'normal');
      await until(() => terminal.modes.mouseTrackingMode === 'none');
      expect(textOf(terminal)).toContain('before');
      const pid = Number(readFileSync(mark, 'utf8'));
      // It stops a moment after it has said its last word.
      await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
      process.kill(pid, 'SIGCONT');
      await until(() => terminal.buffer.active.type === 'alternate');
      await until(() =>
        ['Welcome to the box', 'full of co', 'F1 keys'].every((text) => textOf(terminal).includes(text)),
      );
      expect(terminal.modes.mouseTrackingMode).toBe('drag');
      expect(terminal.modes.bracketedPasteMode).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['hup', /^(signal|gone)$/],
    ['deaf', /^gone$/],
  ])('a hang-up ends the program in good order (%s)', async (way, why) => {
    const folder = mkdtempSync(join(tmpdir(), 'leaving-'));
    try {
      const mark = join(folder, 'mark');
      const { pty, terminal } = start(way, mark);
      await until(() => textOf(terminal).includes('#lobby'));
      // The window is closed: the kernel hangs up, and reading fails from now on.
      (pty as IPty & { destroy(): void }).destroy();
      await until(() => existsSync(mark) && readFileSync(mark, 'utf8') !== '');
      expect(readFileSync(mark, 'utf8')).toMatch(why);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
