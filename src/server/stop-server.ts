/** The server on a data folder, from outside: whether it runs, and its end in good order. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../base/result.ts';
import { addressText } from '../link/address.ts';
import { uptime } from './console/dashboard/figures.ts';
import { type Running, readRunning } from './running-file.ts';
import { isLocked } from './store/sqlite/lock.ts';

/** Milliseconds that it may take to stop: its own bounds, and a checkpoint of a large database on a slow disk. */
const STOP_WITHIN_MS = 30_000;
/** Milliseconds in which its process is gone after that. */
const GONE_WITHIN_MS = 2000;
/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 50;

/** `none`: no server runs there. `unknown`: one does, and can't be stopped from here. `text` is one line for people. */
export interface Trouble {
  readonly kind: 'none' | 'unknown';
  readonly text: string;
}

const found = (folder: string): Result<Running, Trouble> => {
  try {
    if (!isLocked(folder)) return err({ kind: 'none', text: `no server runs on the folder ${folder}` });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err({
      kind: 'unknown',
      text: `whether a server runs on the folder ${folder} can't be told (${why}): ask as the user who runs it`,
    });
  }
  const running = readRunning(folder);
  if (running !== undefined) return ok(running);
  const text = `a server runs on the folder ${folder}, but has not said yet which process it is: try again in a moment`;
  return err({ kind: 'unknown', text });
};

/** @returns one line about the server of a folder. @param now Unix ms. */
export function serverStatus(folder: string, now: number): Result<string, Trouble> {
  const running = found(folder);
  if (!running.ok) return running;
  const { pid, since, state } = running.value;
  const lasted = uptime(Math.max(0, now - since));
  const where = addressText(running.value);
  const does =
    state === 'draining' ? `stopping, and no longer listening on ${where}` : `listening on ${where} for ${lasted}`;
  return ok(`${does}, process ${pid}, data in ${folder}`);
}

/** One that has ended, and that its parent hasn't asked about yet, is there no more: field 3 of proc_pid_stat(5). */
function isThere(pid: number): boolean {
  try {
    if (process.platform === 'linux') return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Tells the server of a folder to stop, and waits until it has. @returns one line for people. */
export async function stopServer(folder: string): Promise<Result<string, Trouble>> {
  const running = found(folder);
  if (!running.ok) return running;
  const { pid, state } = running.value;
  try {
    // A second signal would end it at once.
    if (state === 'up') process.kill(pid, 'SIGTERM');
  } catch (error) {
    const isOthers = error instanceof Error && 'code' in error && error.code === 'EPERM';
    if (isOthers)
      return err({ kind: 'unknown', text: `process ${pid} is another user's: only they, or root, can stop it` });
  }
  // Where its service manager starts it anew, the next one has the folder before anybody sees it free.
  for (const since = performance.now(); isLocked(folder) && isThere(pid); await delay(LOOK_EVERY_MS)) {
    if (performance.now() - since < STOP_WITHIN_MS) continue;
    const text = `process ${pid} has not stopped within ${STOP_WITHIN_MS / 1000} s: see its log; kill -9 ${pid} ends it, and loses nothing that was acknowledged`;
    return err({ kind: 'unknown', text });
  }
  // It has let go of its folder, and may still be writing its last words.
  for (const since = performance.now(); isThere(pid) && performance.now() - since < GONE_WITHIN_MS; )
    await delay(LOOK_EVERY_MS);
  return ok(`stopped the server (process ${pid}, data in ${folder})`);
}
