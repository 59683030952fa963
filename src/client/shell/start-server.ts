/** Starts a server on this host, in the background, for whoever is the first to want one. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { truncate } from '../../base/text/wrap.ts';
import { addressText } from '../../link/address.ts';
import type { Address, Link } from '../../link/link.ts';
import { connectTcp } from '../../link/tcp.ts';
import { readConfig } from './config-file.ts';
import { configFile, isErrno, PRIVATE_FILE, privateFolder, serverFolder, systemWords } from './files.ts';

/** Milliseconds until the server must accept: it makes its data base, on a slow disk, in a few seconds. */
const START_WITHIN_MS = 15_000;
/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 50;
/** Bytes of the log above which it is put aside (one old one is kept) before the next server writes to it. */
const MAX_LOG_BYTES = 8 * 1024 * 1024;
/** Bytes at the log's end among which its last line is sought. */
const LAST_LINE_BYTES = 4096;
/** Cells of the log's words in a message. */
const MAX_WHY = 200;

/** The folder that `uchat --serve` uses by itself. */
function dataFolder(): string {
  const data = readConfig(configFile('server.toml'))?.values.get('data');
  return privateFolder(typeof data === 'string' && data !== '' ? data : serverFolder());
}

function openLog(path: string): number {
  try {
    if (statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  return openSync(path, 'a', PRIVATE_FILE);
}

/** The last words of a log, from a JSON line or a plain one; undefined when nothing was written after `from`. */
function lastWords(path: string, from: number): string | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    const start = Math.max(from, size - LAST_LINE_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(file, bytes, 0, bytes.length, start);
    const line = bytes.toString().trimEnd().split('\n').at(-1) ?? '';
    return line === '' ? undefined : truncate(sanitizeLine(wordsOf(line)), MAX_WHY);
  } finally {
    closeSync(file);
  }
}

function wordsOf(line: string): string {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === 'object' && entry !== null && 'msg' in entry && typeof entry.msg === 'string')
      return entry.msg;
  } catch {
    // A plain line, as errors on standard error are.
  }
  return line.replace(/^uchat: /, '');
}

export interface Started {
  /** A connection to it, that nothing has been said on. */
  readonly link: Link;
  /** Undefined: it is somebody else's, who was faster. */
  readonly pid: number | undefined;
  readonly log: string;
}

async function whenReady(address: Address, hasEnded: () => boolean): Promise<Link | undefined> {
  const until = performance.now() + START_WITHIN_MS;
  for (;;) {
    // Looked at first: where two people start one at once, the loser of the race ends, and finds the winner's.
    const last = hasEnded() || performance.now() > until;
    const link = await connectTcp({ ...address, timeoutMs: START_WITHIN_MS });
    if (link.ok) return link.value;
    if (last) return undefined;
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * @param program what starts uchat: a file, and what comes before its arguments.
 * @param guests whether it lets guests in.
 * @returns once the server accepts connections; else one line that says why it does not.
 */
export async function startServer(
  [file, ...before]: readonly [string, ...string[]],
  address: Address,
  guests: boolean,
): Promise<Result<Started, string>> {
  let log: string;
  let output: number;
  let data: string;
  try {
    data = dataFolder();
    log = join(data, 'server.log');
    output = openLog(log);
  } catch (error) {
    return err(`no server could be started: its data folder can't be written (${systemWords(error)})`);
  }
  const from = statSync(log).size;
  // Elsewhere than under Linux no kernel says who somebody is, so nobody else could come in.
  const letIn = guests || process.platform !== 'linux' ? ['--guests'] : [];
  const at = ['--host', address.host, '--port', String(address.port), '--data', data];
  const child = spawn(file, [...before, '--serve', '--no-dashboard', ...at, ...letIn], {
    // Its own session: it goes on when this terminal is gone. And it holds no folder that somebody may want to unmount.
    detached: true,
    cwd: '/',
    stdio: ['ignore', output, output],
  });
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = systemWords(error);
  });
  child.once('exit', (status, signal) => {
    ended ??= signal === null ? `exit status ${status}` : `ended by ${signal}`;
  });
  child.unref();
  closeSync(output);

  const link = await whenReady(address, () => ended !== undefined);
  if (link !== undefined) return ok({ link, pid: ended === undefined ? child.pid : undefined, log });
  if (ended === undefined) {
    child.kill();
    return err(`the server did not listen on ${addressText(address)} within ${START_WITHIN_MS / 1000} s; see ${log}`);
  }
  return err(`the server could not start: ${lastWords(log, from) ?? ended}; see ${log}`);
}
