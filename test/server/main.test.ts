import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WireClient } from './client.ts';
import { temporaryFolder } from './running.ts';

const MAIN = new URL('../../src/server/main.ts', import.meta.url).href;

interface Process {
  readonly child: ChildProcess;
  /** Waits until the output has this. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  exit(): Promise<number | null>;
}

/** The server as a process of its own, as the command line starts it. */
function run(options: {
  folder: string;
  port?: number;
  kind?: 'json' | 'lines';
  rateLimit?: boolean;
  before?: string;
}): Process {
  const { folder, port = 0, kind = 'json', rateLimit = true, before = '' } = options;
  const script = join(temporaryFolder(), 'serve.mjs');
  const given = { host: '127.0.0.1', port, dataFolder: folder, awayAfter: 10_000, logOffAfter: 0, guests: true };
  const rest = { hostLogin: true, rateLimit, durability: 'process' };
  writeFileSync(
    script,
    `import { runServer } from ${JSON.stringify(MAIN)};
${before}
process.exitCode = await runServer(${JSON.stringify({ ...given, ...rest })}, ${JSON.stringify(kind)});`,
  );
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let wake = (): void => undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      wake();
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return {
    child,
    async shows(pattern) {
      const deadline = performance.now() + 8000;
      for (;;) {
        const found = pattern.exec(output);
        if (found !== null) return found;
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`${pattern} did not come; the output was:\n${output}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    exit: () => ended,
  };
}

const portOf = async (server: Process): Promise<number> => Number((await server.shows(/"port":(\d+)/))[1]);

test.each(['SIGTERM', 'SIGINT'] as const)('%s takes leave and ends with 0', async (signal) => {
  const server = run({ folder: temporaryFolder() });
  const bob = await WireClient.guest(await portOf(server), 'bob');
  server.child.kill(signal);
  expect(await bob.expect('bye')).toMatchObject({ reason: 'shutdown' });
  expect(await server.exit()).toBe(0);
  await server.shows(/"event":"stopped"/);
});

test('a server in the background outlives the session it was started from', async () => {
  const server = run({ folder: temporaryFolder() });
  const bob = await WireClient.guest(await portOf(server), 'bob');
  server.child.kill('SIGHUP');
  bob.send({ type: 'ping' });
  await bob.expect('pong');
  server.child.kill('SIGTERM');
  expect(await server.exit()).toBe(0);
});

test('a server that can’t start says why in one line, with its code, and ends with 1', async () => {
  const folder = temporaryFolder();
  const first = run({ folder });
  const port = await portOf(first);
  const second = run({ folder: temporaryFolder(), port });
  await second.shows(/^uchat: .*\(listen_in_use\)\n$/);
  expect(await second.exit()).toBe(1);
  const third = run({ folder });
  await third.shows(/^uchat: .*\(store_in_use\)\n$/);
  expect(await third.exit()).toBe(1);
});

test('a fault ends the server with 1, and the log says where it was', async () => {
  const folder = temporaryFolder();
  const before = `setTimeout(() => { Promise.reject(new Error('a bug')); }, 300);`;
  const server = run({ folder, before });
  expect(await server.exit()).toBe(1);
  await server.shows(/"event":"fault".*Error: a bug\\n {4}at /);
});

test('people get lines, and what others write can’t break them', async () => {
  const server = run({ folder: temporaryFolder(), kind: 'lines' });
  const port = Number((await server.shows(/listening on 127\.0\.0\.1 port (\d+)/))[1]);
  const bob = await WireClient.guest(port, 'bob');
  bob.send({ type: 'say', to: '#lobby', text: 'hi\u001b[2J there' });
  await server.shows(/\d\d:\d\d:\d\d \+ ~bob {2}.*guest\n\d\d:\d\d:\d\d #lobby ~bob: hi[^\u001b\n]* there\n/);
  bob.close();
  await server.shows(/- ~bob {2}left\n/);
});

test('a log that nobody reads for a while does not stop the chat', async () => {
  const server = run({ folder: temporaryFolder(), rateLimit: false });
  const bob = await WireClient.guest(await portOf(server), 'bob');
  server.child.stdout?.pause();
  // More lines than a pipe holds.
  for (let i = 0; i < 3000; i++) bob.send({ type: 'say', to: '#lobby', text: 'x', id: `i${i}` });
  await bob.take(3000);
  server.child.stdout?.resume();
  await server.shows(/"seq":3000,/);
  bob.close();
});

test('a log that nobody reads any more does not end the server', async () => {
  const server = run({ folder: temporaryFolder() });
  const bob = await WireClient.guest(await portOf(server), 'bob');
  server.child.stdout?.destroy();
  for (let i = 0; i < 20; i++) {
    bob.send({ type: 'say', to: '#lobby', text: 'x', id: `i${i}` });
    await bob.expect('ack');
  }
  bob.close();
});
