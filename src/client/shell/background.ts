/** A server in the background: of a session of its own, without a terminal, its words in a file of its data folder. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { truncate } from '../../base/text/wrap.ts';
import { addressText } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { PRIVATE_FILE, systemWords } from './files.ts';
import { done, type Outcome, refused, wrongUsage } from './outcome.ts';

/** What starts uchat: a file, and what comes before its arguments. */
export type OwnProgram = readonly [string, ...string[]];

const LOG_FILE = 'server.log';
/** Bytes at the log's end among which its last line is sought. */
const LAST_LINE_BYTES = 4096;
/** Cells of the log's words in a message. */
const MAX_WHY = 400;
const WRONG_USAGE = 2;
/** Whoever gives up waiting for a server's start wants none. */
const GIVING_UP = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const logFileOf = (dataFolder: string): string => join(dataFolder, LOG_FILE);

export interface Background {
  readonly pid: number;
  readonly address: Address;
}

/** Why there is no server: one line without the program's name, and the status that it ended with. */
export interface NotStarted {
  readonly text: string;
  readonly status: number;
}

/** The last words of a log, from a JSON line or a plain one; undefined when nothing was written after `from`. */
function lastWords(log: string, from: number): string | undefined {
  const file = openSync(log, 'r');
  try {
    const { size } = fstatSync(file);
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
    if (typeof entry === 'object' && entry !== null && 'stack' in entry && typeof entry.stack === 'string')
      return entry.stack.split('\n')[0] ?? line;
  } catch {
    // A plain line, as errors on standard error are.
  }
  return line.replace(/^uchat: /, '');
}

/** What the server has reported, as `server/starter.ts` writes it. */
function reported(message: unknown, pid: number): Result<Background, NotStarted> | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  if (message.kind === 'failed' && 'line' in message && 'status' in message)
    return err({ text: sanitizeLine(String(message.line)), status: Number(message.status) });
  if (message.kind !== 'listening' || !('address' in message)) return undefined;
  const { address } = message;
  if (typeof address !== 'object' || address === null || !('host' in address) || !('port' in address)) return undefined;
  return ok({ pid, address: { host: String(address.host), port: Number(address.port) } });
}

/**
 * @param args with `--serve` and `--detach` among them.
 * @param within milliseconds; then it is ended. Without, it may take its time: it may be bringing old data up to date.
 * @returns once it listens, or has failed. Throws where the log can't be opened.
 */
export async function startInBackground(
  [file, ...before]: OwnProgram,
  args: readonly string[],
  dataFolder: string,
  within?: number,
): Promise<Result<Background, NotStarted>> {
  const log = logFileOf(dataFolder);
  const output = openSync(log, 'a', PRIVATE_FILE);
  const from = fstatSync(output).size;
  // Its own session: it goes on when this terminal is gone. Where relative paths are meant from is known to it at its start.
  const child = spawn(file, [...before, ...args], { detached: true, stdio: ['ignore', output, output, 'ipc'] });
  closeSync(output);
  const { promise, resolve } = Promise.withResolvers<Result<Background, NotStarted>>();
  const failed = (text: string, status = 1): void => resolve(err({ text, status }));
  child.once('error', (error) => failed(`the server could not be started: ${systemWords(error)}`));
  child.on('message', (message) => {
    const report = reported(message, child.pid ?? 0);
    if (report !== undefined) resolve(report);
  });
  child.once('exit', (status, signal) => {
    const how = signal === null ? `exit status ${status}` : `ended by ${signal}`;
    // What it has reported is read before its end is known.
    setImmediate(() => failed(lastWords(log, from) ?? `the server ended at once (${how})`, status ?? 1));
  });
  const giveUp = (): void => {
    child.kill();
    failed(`the server was not waited for, and is told to end; see ${log}`);
  };
  for (const signal of GIVING_UP) process.on(signal, giveUp);
  const timer = within === undefined ? undefined : setTimeout(giveUp, within);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    for (const signal of GIVING_UP) process.off(signal, giveUp);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** `uchat --serve --detach`: one line on standard output when it listens. */
export async function detach(program: OwnProgram, args: readonly string[], dataFolder: string): Promise<Outcome> {
  const log = logFileOf(dataFolder);
  let started: Result<Background, NotStarted>;
  try {
    started = await startInBackground(program, args, dataFolder);
  } catch (error) {
    return refused(`the log ${log} can't be written: ${systemWords(error)}`);
  }
  if (!started.ok) {
    const { text, status } = started.error;
    return status === WRONG_USAGE ? wrongUsage(text) : refused(text);
  }
  const { pid, address } = started.value;
  const where = `listening on ${addressText(address)}, process ${pid}, data in ${dataFolder}, log in ${log}`;
  process.stdout.write(`${where}; stop it with: uchat --serve --stop --data ${dataFolder}\n`);
  return done;
}
