import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stopServer } from '../../src/server/stop-server.ts';
import { takeLock } from '../../src/server/store/sqlite/lock.ts';
import { temporaryFolder } from './running.ts';

const SERVER = join(import.meta.dirname, '..', '..', 'src', 'server');
/** Has a folder as a server has it, until it is told to end. */
const HOLDER = `
  const [, folder] = process.argv;
  const { takeLock } = await import(${JSON.stringify(join(SERVER, 'store', 'sqlite', 'lock.ts'))});
  const { writeRunning } = await import(${JSON.stringify(join(SERVER, 'running-file.ts'))});
  const lock = takeLock(folder);
  writeRunning(folder, { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'up' });
  process.on('SIGTERM', () => process.exit());
  setInterval(() => lock.isOpen, 60_000);
  process.stdout.write('has it');
`;

test('a server is stopped also where the next one has its folder at once', async () => {
  const folder = temporaryFolder();
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const gone = once(holder, 'exit');
  const stopped = stopServer(folder);
  await gone;
  // As a service manager does that starts it anew: nobody sees the folder free.
  const next = takeLock(folder);
  onTestFinished(() => next.close());
  expect(await stopped).toEqual({ ok: true, value: `stopped the server (process ${holder.pid}, data in ${folder})` });
});
