/** A data folder as an earlier version has left it, with messages, so that a start has something to migrate. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/server/store/sqlite/database.ts';
import { MIGRATIONS } from '../../src/server/store/sqlite/migrations/index.ts';
import type { Observation } from './trace.ts';

const ROOM_STEP = 2 ** 32;
const AUTHOR = '~before';

/** @returns what was written, heard and acknowledged then. */
export function makeOldData(folder: string, version: number, count: number): Observation[] {
  mkdirSync(folder, { mode: 0o700 });
  const db = new DatabaseSync(join(folder, 'uchat.db'));
  db.exec('PRAGMA journal_mode = WAL');
  migrate(db, MIGRATIONS.slice(0, version));
  const insert = db.prepare('INSERT INTO messages (id, author, time, text, client_id) VALUES (?, ?, ?, ?, ?)');
  db.exec('BEGIN');
  const trace: Observation[] = [];
  const by = { who: 'before', as: AUTHOR, session: 0 };
  trace.push({ kind: 'began', room: '#lobby', last: 0, rev: 0, ...by });
  for (let seq = 1; seq <= count; seq += 1) {
    const [id, text] = [`before-${String(seq).padStart(7, '0')}`, `word${seq} from a time before`];
    insert.run(ROOM_STEP + seq, AUTHOR, seq, text, id);
    trace.push({ kind: 'asked', id, room: '#lobby', text, ...by }, { kind: 'acked', id, room: '#lobby', seq, ...by });
  }
  db.prepare('UPDATE rooms SET last = ? WHERE id = 1').run(count);
  db.exec('COMMIT');
  db.close();
  return trace;
}

export const VERSIONS = MIGRATIONS.length;
