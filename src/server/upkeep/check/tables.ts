/** Each value of each row, by the rules of its column. */
import type { Row } from '../../store/sqlite/rows.ts';
import { TABLES } from './columns.ts';
import { columnsOf, inOneState, type Looking, shown } from './data.ts';

export function checkTables(looking: Looking): void {
  for (const table of Object.keys(TABLES)) {
    looking.progress(table);
    inOneState(looking.db, () => checkTable(looking, table));
  }
}

const quoted = (name: string): string => `"${name}"`;

function checkTable({ db, findings }: Looking, table: string): void {
  const { named, columns } = TABLES[table] ?? { named: [], columns: {} };
  const there = columnsOf(db, table);
  const looked = Object.keys(columns).filter((column) => there.includes(column));
  if (looked.length === 0) return;
  const wanted = [...new Set([...looked, ...named.filter((column) => there.includes(column))])];
  try {
    for (const row of db.prepare(`SELECT ${wanted.map(quoted).join(', ')} FROM ${quoted(table)}`).iterate())
      for (const column of looked) {
        const wrong = columns[column]?.(row[column]);
        if (wrong !== undefined) findings.add('bad_value', `${table} ${nameOf(row, named)}: ${column} ${wrong}`);
      }
  } catch (error) {
    // A number that JavaScript can't hold, or a page that can't be read.
    findings.add(
      'bad_value',
      `${table} can't be read to its end (${error instanceof Error ? error.message : 'why is unknown'})`,
    );
  }
}

const nameOf = (row: Row, named: readonly string[]): string => named.map((column) => shown(row[column])).join(' ');
