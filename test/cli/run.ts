/** uchat as a real process, with folders of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach } from 'vitest';

const ROOT = dirname(dirname(import.meta.dirname));
export const CLI = join(ROOT, 'src', 'cli.ts');
/** Milliseconds: what a busy machine needs, far from what a test may take. */
const WITHIN_MS = 20_000;
/** For the tests' files: milliseconds for tests that start a dozen processes on a busy machine. */
export const PATIENCE = { testTimeout: 60_000, hookTimeout: 20_000 };

/** What Node makes of the source is the same for every test. */
const CACHE = mkdtempSync(join(tmpdir(), 'uchat-cache-'));
afterAll(() => rmSync(CACHE, { recursive: true, force: true, maxRetries: 5 }));

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
export const afterwards = (cleanUp: () => void | Promise<void>): void => {
  cleanUps.push(cleanUp);
};

/** An environment in which nothing of this machine's user is seen. */
export function freshEnv(): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'uchat-cli-'));
  afterwards(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: CACHE,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** Resolves with the first value of `look` that is neither undefined nor false. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

export interface Running {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  /** The exit status; 128 and the signal's number where one ended it. */
  readonly ended: Promise<number>;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

export function start(args: readonly string[], env: Record<string, string>, input?: string): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(status ?? 128 + (SIGNALS[signal ?? ''] ?? 0)));
  });
  const running: Running = { child, stdout: '', stderr: '', ended };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    running.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    running.stderr += text;
  });
  child.stdin?.on('error', () => undefined);
  if (input !== undefined) child.stdin?.end(input);
  afterwards(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return running;
}

export async function uchat(args: readonly string[], env: Record<string, string>, input?: string) {
  const running = start(args, env, input);
  const status = await running.ended;
  return { status, stdout: running.stdout, stderr: running.stderr };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

/** A server, once it listens. */
export async function serve(
  env: Record<string, string>,
  options: readonly string[] = [],
  port = 0,
): Promise<{ server: Running; port: number }> {
  const server = start(['--serve', '--no-dashboard', '--port', String(port), ...options], env);
  const chosen = await until('the server', () => /"event":"started".*"port":(\d+)/.exec(server.stdout)?.[1]);
  return { server, port: Number(chosen) };
}
