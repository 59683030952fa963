import type { Migration } from './migration.ts';

/**
 * An operator is an account, so who is renamed stays one, and who gets another's name does not become one.
 *
 * `audit.id` grows for ever (AUTOINCREMENT), so that entries which were dropped for their age leave a trace.
 */
export const orders: Migration = {
  version: 4,
  sql: `
    CREATE TABLE operators (
      account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE bans (
      target TEXT PRIMARY KEY,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL,
      until INTEGER,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,
      made_by TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;

    -- Milliseconds between two messages of one user; 0: no such limit.
    ALTER TABLE rooms ADD COLUMN slow INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rooms ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
  `,
};
