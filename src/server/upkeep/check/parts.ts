/** Whether a database has the tables and indexes of its version, and nothing else. */
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../store/sqlite/database.ts';
import { MIGRATIONS } from '../../store/sqlite/migrations/index.ts';
import { asText } from '../../store/sqlite/rows.ts';
import { type Looking, numberOf, shown } from './data.ts';

/** By type and name, such as `table rooms`; without those that SQLite makes by itself. */
function partsOf(db: DatabaseSync): Set<string> {
  const parts = db.prepare("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").all();
  return new Set(parts.map(({ type, name }) => `${asText(type)} ${shown(name)}`));
}

function wantedParts(version: number): Set<string> {
  const db = new DatabaseSync(':memory:');
  try {
    migrate(db, MIGRATIONS.slice(0, version));
    return partsOf(db);
  } finally {
    db.close();
  }
}

export function checkParts({ db, findings, progress }: Looking): void {
  progress('tables and indexes');
  const there = partsOf(db);
  const wanted = wantedParts(numberOf(db, 'PRAGMA user_version'));
  for (const part of there.difference(wanted)) findings.add('foreign_part', `the ${part} is in the database`);
  for (const part of wanted.difference(there)) findings.add('missing_part', `the ${part} is missing`);
}
