import type { Migration } from './migration.ts';

/**
 * Accounts without a Unix user: `uid` was the key, and becomes a column that may be empty. No other table referred to it.
 *
 * A name is missing where somebody else has it now; then there is a uid by which the account is found again.
 *
 * `lockouts.account` is a name and no reference: a name that has no account is locked just the same.
 */
export const logins: Migration = {
  version: 2,
  sql: `
    CREATE TABLE accounts_2 (
      id INTEGER PRIMARY KEY,
      uid INTEGER UNIQUE,
      name TEXT UNIQUE,
      password TEXT,
      last_seen INTEGER NOT NULL,
      CHECK (uid IS NOT NULL OR name IS NOT NULL)
    ) STRICT;
    INSERT INTO accounts_2 (uid, name, last_seen) SELECT uid, name, last_seen FROM accounts ORDER BY uid;
    DROP TABLE accounts;
    ALTER TABLE accounts_2 RENAME TO accounts;

    CREATE TABLE device_keys (
      id INTEGER PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      label TEXT NOT NULL,
      added INTEGER NOT NULL,
      last_used INTEGER NOT NULL,
      UNIQUE (account, key)
    ) STRICT;

    CREATE TABLE lockouts (
      account TEXT NOT NULL,
      source TEXT NOT NULL,
      failures INTEGER NOT NULL,
      locks INTEGER NOT NULL,
      locked_for INTEGER NOT NULL,
      locked_until INTEGER NOT NULL,
      last_failure INTEGER NOT NULL,
      PRIMARY KEY (account, source)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE invites (
      id INTEGER PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL,
      expires INTEGER NOT NULL
    ) STRICT;
  `,
};
