/** What a check looks at, and whom it tells. */
import type { DatabaseSync } from 'node:sqlite';
import { asNumber, asText, type Row } from '../../store/sqlite/rows.ts';
import type { Findings } from './finding.ts';

export interface Looking {
  /** Open for reading. */
  readonly db: DatabaseSync;
  readonly findings: Findings;
  /** Told what is looked at, and how much of it is done (0 to 1), where that is known. */
  readonly progress: (what: string, done?: number) => void;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const numberOf = (db: DatabaseSync, sql: string, ...values: number[]): number =>
  asNumber(Object.values(db.prepare(sql).get(...values) ?? {})[0]);

/** Columns of a table; none where there is no such table. */
export const columnsOf = (db: DatabaseSync, table: string): readonly string[] =>
  db
    .prepare('SELECT name FROM pragma_table_xinfo(?)')
    .all(table)
    .map(({ name }) => asText(name));

/** One state of the data, whatever a server writes meanwhile. It writes its log without end until this is over. */
export function inOneState(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN');
  try {
    work();
  } finally {
    if (db.isTransaction) db.exec('COMMIT');
  }
}

/** A value as a person may see it: numbers and short names. */
export const shown = (value: Row[string] | undefined): string =>
  typeof value === 'string'
    ? JSON.stringify(value.slice(0, 80))
    : value instanceof Uint8Array
      ? 'bytes'
      : String(value);
