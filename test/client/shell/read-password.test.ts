import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPasswordFile } from '../../../src/client/shell/read-password.ts';

const PROGRAM = fileURLToPath(new URL('./ask-password.ts', import.meta.url));
/** Milliseconds, on a machine that is busy with other tests. */
const PATIENCE = 8000;

describe('a password file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'uchat-password-'));
    path = join(folder, 'pw');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function read(content: string | Uint8Array, mode = 0o600): string {
    writeFileSync(path, content, { mode });
    chmodSync(path, mode);
    const result = readPasswordFile(path);
    return result.ok ? `read ${JSON.stringify(result.value.reveal())}` : result.error;
  }
  const says = (why: string): string => `--password-file ${path}: ${why}`;

  test.each([
    ['correct horse', 'correct horse'],
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\n', 'correct horse'],
    [' blanks stay ', ' blanks stay '],
    ['pässwörter 👩\n', 'pässwörter 👩'],
  ])('holds one line, whose end is no part of it: %j', (content, due) => {
    expect(read(content)).toBe(`read ${JSON.stringify(due)}`);
  });

  test.each([
    ['', 'is empty'],
    ['\n', 'is empty'],
    [Buffer.from([0x70, 0xff, 0x70]), 'is not UTF-8'],
    ['two\nlines\n', 'holds one line, a password: a password has no control characters, such as tabs and line ends'],
    ['one\n\n', 'holds one line, a password: a password has no control characters, such as tabs and line ends'],
    ['x'.repeat(5000), 'holds one line, a password: a password has at most 128 characters and 1024 bytes'],
  ])('that holds something else is refused, and not quoted (%#)', (content, why) => {
    expect(read(content)).toBe(says(why));
  });

  test.each([0o640, 0o604, 0o620, 0o666])('that others can get at is refused: %o', (mode) => {
    expect(read('correct horse\n', mode)).toBe(says('others can read it: chmod 600 it, and choose a new password'));
  });

  test('that is not there, or a folder, is said to be so', () => {
    expect(readPasswordFile(path)).toMatchObject({ error: says('cannot be read: ENOENT: no such file or directory') });
    expect(readPasswordFile(folder)).toMatchObject({ error: `--password-file ${folder}: is a folder` });
  });

  test('may be a pipe', () => {
    const module = join(import.meta.dirname, '../../../src/client/shell/read-password.ts');
    const script = `import { readPasswordFile } from '${module}'; const r = readPasswordFile(process.argv[1]); console.log(r.ok ? r.value.reveal() : r.error)`;
    const bash = `"$0" --input-type=module -e "$1" <(sleep 0.1; printf 'correct '; sleep 0.1; echo horse)`;
    expect(execFileSync('bash', ['-c', bash, process.execPath, script], { encoding: 'utf8' })).toBe('correct horse\n');
  });
});

interface Shell {
  readonly pty: IPty;
  readonly seen: () => string;
}

describe('on a terminal', () => {
  const shells: IPty[] = [];
  afterEach(() => {
    for (const pty of shells.splice(0)) pty.kill('SIGKILL');
  });

  /** The program, and then what the terminal is set to. */
  function start(way = ''): Shell {
    const script = `trap : INT; "${process.execPath}" "${PROGRAM}" ${way} 2>/dev/tty; echo status $?; stty -a; sleep 60`;
    const pty = spawn('sh', ['-c', script], { cols: 200, rows: 24, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    let all = '';
    pty.onData((data) => {
      all += data;
    });
    shells.push(pty);
    return { pty, seen: () => all };
  }
  const until = (shell: Shell, text: string | RegExp): Promise<void> =>
    vi.waitFor(() => expect(shell.seen()).toMatch(text), { timeout: PATIENCE, interval: 20 });
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

  async function typed(keys: string, way = ''): Promise<Shell> {
    const shell = start(way);
    await until(shell, 'password: ');
    shell.pty.write(keys);
    // The last line of what stty says.
    await until(shell, 'extproc');
    return shell;
  }
  function isRestored(shell: Shell): void {
    expect(shell.seen()).toMatch(/[^-]icanon/);
    expect(shell.seen()).toMatch(/[^-]echo\b/);
    expect(shell.seen()).toMatch(/[^-]isig/);
  }

  test('it is asked for, typed unseen, and the terminal is as it was', async () => {
    const shell = await typed('correct horse\r');
    expect(shell.seen()).toContain(`came ${hash('correct horse')}`);
    expect(shell.seen()).not.toContain('horse');
    expect(shell.seen()).toContain('status 0');
    isRestored(shell);
  });

  test.each([
    ['abX\x7fcd\r', 'abcd'],
    ['wrong\x15right\r', 'right'],
    ['päss👩\x7fwort\r', 'pässwort'],
    ['\x7f\x1b[D\x1b[1;5Ca\x1bOPb\tc\x01d\r', 'abcd'],
    ['\x04', undefined],
    ['a\x04b\n', 'ab'],
  ])('keys do what they do in a line: %j', async (keys, due) => {
    const shell = await typed(keys);
    expect(shell.seen()).toContain(due === undefined ? 'came ended' : `came ${hash(due)}`);
    isRestored(shell);
  });

  test.each([
    ['Ctrl-C', 'secr\x03', '', 'came interrupted'],
    ['an exception', 'secr', 'throw', 'status 1'],
    ['an exit', 'secr', 'exit', 'status 3'],
  ])('%s puts the terminal back', async (_, keys, way, says) => {
    const shell = await typed(keys, way);
    expect(shell.seen()).toContain(says);
    expect(shell.seen()).not.toContain('secr');
    isRestored(shell);
  });

  test('what is typed ahead is for whoever reads next', async () => {
    const shell = await typed('correct horse\rnext line\r', 'twice');
    expect(shell.seen()).toContain(`came ${hash('correct horse')}`);
    expect(shell.seen()).toContain('then next line');
  });
});

test('without a terminal it says what to do instead', () => {
  const out = execFileSync(process.execPath, [PROGRAM], { input: 'correct horse\n', encoding: 'utf8' });
  expect(out).toBe('failed a password is asked for on a terminal, and there is none: use --password-file FILE\n');
});
