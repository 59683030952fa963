import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRunning, writeRunning } from '../../src/server/running-file.ts';
import { takeLock } from '../../src/server/store/sqlite/lock.ts';
import { temporaryFolder } from './running.ts';

const OURS = { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'up' } as const;

test.each(['127.0.0.1', '::1', 'fe80::1%eth0', 'chat-1.example.org', '::ffff:10.0.0.7'])(
  'a server on %s says where it is',
  (host) => {
    const folder = temporaryFolder();
    const lock = takeLock(folder);
    writeRunning(folder, { ...OURS, host });
    expect(readRunning(folder)).toEqual({ ...OURS, host });
    lock.close();
  },
);

test('in a folder that somebody else prepared, nothing of theirs reaches the terminal, and nobody waits for a reader', () => {
  const folder = temporaryFolder();
  const lock = takeLock(folder);
  for (const host of ['\x1b]0;mine\x07', 'a host', '', 'x'.repeat(300)]) {
    writeRunning(folder, { ...OURS, host });
    expect(readRunning(folder)).toBeUndefined();
  }
  const path = join(folder, 'running.json');
  writeFileSync(path, `${JSON.stringify(OURS)}${' '.repeat(1_000_000)}`);
  expect(readRunning(folder)).toBeUndefined();
  expect(spawnSync('sh', ['-c', 'rm "$1" && mkfifo "$1"', 'sh', path]).status).toBe(0);
  expect(readRunning(folder)).toBeUndefined();
  lock.close();
});

const NOBODY = 65_534;
const SOURCE = new URL('../../src/server/running-file.ts', import.meta.url);
/** Only root can be somebody else, who must be let into the folder that this is tested in. */
const canBeNobody =
  process.getuid?.() === 0 && spawnSync('test', ['-r', fileURLToPath(SOURCE)], { uid: NOBODY }).status === 0;

test.runIf(canBeNobody)('who may not look into a process believes the kernel’s list of locks, and no file', () => {
  const folder = temporaryFolder();
  const lock = takeLock(folder);
  const seenBy = (pid: number): string => {
    writeRunning(folder, { ...OURS, pid });
    for (const name of ['.', 'running.json', 'uchat.lock']) chmodSync(join(folder, name), 0o755);
    const script = `import(${JSON.stringify(SOURCE.href)}).then((m) => console.log(m.readRunning(${JSON.stringify(folder)})?.pid))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      uid: 65_534,
      encoding: 'utf8',
      env: {},
    });
    expect(stderr).toBe('');
    return stdout.trim();
  };
  expect(seenBy(process.pid)).toBe(String(process.pid));
  // Root's, and there, but not the server of this folder.
  expect(seenBy(process.ppid)).toBe('undefined');
  lock.close();
});
