/** Another server has the folder or the port: who that is, what to do, and how long a server that ends is waited for. */
import { setTimeout as delay } from 'node:timers/promises';
import { sanitizeLine } from '../base/text/sanitize.ts';
import { truncate } from '../base/text/wrap.ts';
import { addressText } from '../link/address.ts';
import type { Address } from '../link/link.ts';
import type { ListenFailure } from '../link/tcp.ts';
import { portHolder } from './port-holder.ts';
import { type Running, readRunning } from './running-file.ts';
import { StoreError } from './store/store.ts';

/** Milliseconds that a server which ends already is waited for: the longest that it takes, and some more. */
const WAIT_MS = 20_000;
/** Milliseconds in which a server that has the folder and says nothing of itself may be one that begins or ends. */
const SILENT_MS = 1000;
/** Cells of what another program was started with. */
const MAX_WORDS = 60;
/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 50;

const isInUse = (error: unknown): error is StoreError => error instanceof StoreError && error.code === 'in_use';

function inUse(folder: string, running: Running | undefined): StoreError {
  const who =
    running === undefined
      ? 'another server'
      : `another server (process ${running.pid}, listening on ${addressText(running)})`;
  return new StoreError(
    'in_use',
    `${who} uses the folder ${folder}: stop it with uchat --serve --stop --data ${folder}, or choose another folder with --data`,
  );
}

/**
 * Opens the store of a folder. Where a server has it that ends already, that is waited for: whoever restarts one need not
 * know how long it takes.
 * @param waiting told once, with its process.
 * @throws StoreError
 */
export async function openWhenFree<T>(
  folder: string,
  open: () => Promise<T>,
  waiting: (pid: number) => void,
): Promise<T> {
  const since = performance.now();
  let told = false;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isInUse(error)) throw error;
      const running = readRunning(folder);
      const within = running === undefined ? SILENT_MS : running.state === 'draining' ? WAIT_MS : 0;
      if (performance.now() - since >= within) throw inUse(folder, running);
      if (!told && running !== undefined) waiting(running.pid);
      told ||= running !== undefined;
      await delay(LOOK_EVERY_MS);
    }
  }
}

/** What a listener's failure says, and who is in the way. @param nameOf the login of a user id. */
export async function portTaken(
  { kind, text }: ListenFailure,
  { port }: Address,
  nameOf: (uid: number) => Promise<string | undefined>,
): Promise<string> {
  if (kind !== 'in_use') return text;
  const holder = portHolder(port);
  const todo = 'stop it, or choose another port with --port';
  if (holder === undefined) return `${text}: ${todo}`;
  const name = await nameOf(holder.uid).catch(() => undefined);
  const whose = `of ${name ?? `uid ${holder.uid}`}`;
  const words = truncate(sanitizeLine(holder.words ?? ''), MAX_WORDS);
  const which = holder.pid === undefined ? whose : `process ${holder.pid} ${whose}${words === '' ? '' : `: ${words}`}`;
  return `${text} (${which}): ${todo}`;
}
