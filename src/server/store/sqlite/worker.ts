/** The thread that owns the database. */
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Durability } from '../store.ts';
import { Chores } from './chores.ts';
import { cannotShrink, openDatabase } from './database.ts';
import { Engine } from './engine.ts';
import { toRefusal } from './errors.ts';
import { preparePrivateFolder } from './folder.ts';
import { takeLock } from './lock.ts';
import { finishRestore } from './restoring.ts';
import type { FromWorker, ToWorker } from './wire.ts';

interface Opened {
  readonly lock: DatabaseSync;
  readonly db: DatabaseSync;
  readonly engine: Engine;
  readonly chores: Chores;
}

function open(folder: string, durability: Durability): Opened {
  preparePrivateFolder(folder);
  const lock = takeLock(folder);
  try {
    finishRestore(folder);
    const db = openDatabase(folder, durability);
    const engine = new Engine(db, folder);
    const chores = new Chores(
      () => engine.chore(),
      () => performance.now(),
    );
    // What the last server has left undone.
    chores.served();
    return { lock, db, engine, chores };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function serve(port: MessagePort): void {
  let opened: Opened | undefined;
  const say = (message: FromWorker): void => port.postMessage(message);
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'open': {
        const folder = resolve(message.folder);
        try {
          opened = open(folder, message.durability);
          say({ kind: 'opened', warning: cannotShrink(opened.db) });
        } catch (error) {
          say(toRefusal(error, folder));
          port.close();
        }
        break;
      }
      case 'batch':
        if (opened === undefined) break;
        say({ kind: 'batch', answers: opened.engine.run(message.steps), commitMs: opened.engine.commitMs });
        opened.chores.served();
        break;
      case 'close':
        opened?.chores.stop();
        // The database first: while it is open nobody else may take the folder.
        opened?.db.close();
        opened?.engine.close();
        opened?.lock.close();
        port.close();
        break;
    }
  });
}

if (parentPort !== null) serve(parentPort);
