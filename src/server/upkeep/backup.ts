/** `uchat backup FILE`: one file of all that a server keeps, taken while it runs or while none does. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../base/result.ts';
import { counted } from '../../base/text/number.ts';
import { shortBytes, shortMs } from '../console/dashboard/figures.ts';
import { toStoreError } from '../store/sqlite/errors.ts';
import { isErrno, syncFolder } from '../store/sqlite/folder.ts';
import { isRestoring } from '../store/sqlite/restoring.ts';
import type { Copied, CopyOrder, FromCopying } from './copying.ts';
import { closedText, databaseOf, stateOf } from './data-folder.ts';
import { type Ended, failed, type Out, wrong } from './out.ts';

const PRIVATE_FOLDER = 0o700;
/** Milliseconds between two looks at how long the copy is. */
const LOOK_EVERY_MS = 250;
/** What ends the program from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface BackupOptions {
  /** The data folder, an absolute path. */
  readonly folder: string;
  /** As it was typed. */
  readonly file: string;
  /** A file of that name is replaced. */
  readonly force: boolean;
}

export async function runBackup({ folder, file, force }: BackupOptions, out: Out): Promise<Ended> {
  const target = targetOf(folder, file, force);
  if (!target.ok) return wrong(target.error);
  if (isRestoring(folder))
    return failed(`a restore into ${folder} was cut off: start the server or restore again, then take the backup`);
  const began = performance.now();
  const making = join(dirname(target.value), `.uchat-${randomBytes(6).toString('hex')}`);
  const order: CopyOrder = { folder, into: join(making, 'backup'), spare: join(making, 'spare'), now: Date.now() };
  // The thread may be about to make a file: without the folder it can't.
  const remove = (): void => rmSync(making, { recursive: true, force: true, maxRetries: 5 });
  const stopHearing = removeWhenEnded(remove);
  try {
    mkdirSync(making, { mode: PRIVATE_FOLDER });
    const copied = await copy(order, out);
    if (!copied.ok) return failed(`no backup was made: ${copied.error}`);
    putInPlace(order.into, target.value, force);
    out.progress.clear();
    out.print(`${target.value}: ${held(copied.value)}, ${shortMs(performance.now() - began)}\n`);
    return { status: 0 };
  } catch (error) {
    return isErrno(error, 'EEXIST')
      ? wrong(exists(target.value))
      : failed(`no backup was made: ${toStoreError(error, dirname(target.value)).message}`);
  } finally {
    out.progress.clear();
    remove();
    stopHearing();
  }
}

const exists = (target: string): string =>
  `${target} is there already: choose another name, or replace it with --force`;

const held = ({ messages, rooms, accounts, hasKey, bytes }: Copied): string =>
  [
    counted(messages, 'message'),
    counted(rooms, 'room'),
    counted(accounts, 'account'),
    hasKey ? "the server's key" : 'no server key',
    shortBytes(bytes),
  ].join(', ');

/** @returns where the backup is to be, or what is wrong with that. */
function targetOf(folder: string, file: string, force: boolean): Result<string, string> {
  // A dash that is not behind -- comes as nothing.
  if (file === '-' || file === '') return err('a backup goes into a file, not to standard output: name a FILE');
  const state = stateOf(folder);
  if (state === 'closed') return err(closedText(folder));
  if (state === 'missing') return err(`there is no folder ${folder}: name the server's with --data`);
  if (state === 'log') return err(`${databaseOf(folder)} is lost, and only its log is there: put it back first`);
  if (state === 'empty') return err(`${folder} holds no data of a server: name the right folder with --data`);
  const path = resolve(file);
  const parent = dirname(path);
  if (!existsSync(parent) || !statSync(parent).isDirectory()) return err(`there is no folder ${parent}`);
  const target = join(realpathSync(parent), basename(path));
  if (dirname(target) === realpathSync(folder))
    return err(`${target} is beside the data itself, and would be lost with it: choose another folder`);
  // A link counts as itself: what it points to is never written to.
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (there === undefined) return ok(target);
  if (!there.isFile() && !there.isSymbolicLink()) return err(`${target} is no file: choose another name`);
  return force ? ok(target) : err(exists(target));
}

/** A signal ends the program as it would have without us, but for what we leave behind. */
function removeWhenEnded(remove: () => void): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    remove();
    stopHearing();
    // With nobody listening any more it ends us at once; an exit would wait for the thread.
    process.kill(process.pid, signal);
  };
  const stopHearing = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return stopHearing;
}

const STAGES: Readonly<Record<Extract<FromCopying, { kind: 'stage' }>['what'], string>> = {
  copying: 'copying',
  cleaning: 'leaving out what was deleted',
  checking: 'checking the copy',
  sealing: 'writing it to the disk',
};

async function copy(order: CopyOrder, { progress }: Out): Promise<Result<Copied, string>> {
  const worker = new Worker(new URL('./copying.ts', import.meta.url), { name: 'uchat backup' });
  const whole = statSync(databaseOf(order.folder)).size;
  let what: keyof typeof STAGES = 'copying';
  const show = (): void => {
    const size = statSync(order.into, { throwIfNoEntry: false })?.size ?? 0;
    progress.show(STAGES[what], what === 'copying' ? size / Math.max(1, whole) : undefined);
  };
  const looking = setInterval(show, LOOK_EVERY_MS);
  try {
    return await new Promise<Result<Copied, string>>((done, broken) => {
      worker.on('message', (message: FromCopying) => {
        switch (message.kind) {
          case 'stage':
            what = message.what;
            break;
          case 'copied':
            done(ok(message.copied));
            break;
          case 'refused':
            done(err(message.text));
            break;
        }
      });
      worker.once('error', broken);
      worker.once('exit', () => done(err('its thread ended before it')));
      worker.postMessage(order);
    });
  } finally {
    clearInterval(looking);
  }
}

/** The file appears whole, under its name, or not at all. Without `force` nothing is replaced, whatever came meanwhile. */
function putInPlace(from: string, target: string, force: boolean): void {
  if (force) renameSync(from, target);
  else
    try {
      linkSync(from, target);
    } catch (error) {
      if (isErrno(error, 'EEXIST')) throw error;
      // A file system without links.
      if (existsSync(target)) throw Object.assign(new Error(exists(target)), { code: 'EEXIST' });
      renameSync(from, target);
    }
  syncFolder(dirname(target));
}
