import type { Migration } from './migration.ts';

/**
 * What belongs to somebody hangs on their account, so that it follows a renamed person and nobody inherits it. Whom a
 * person blocks or mutes is a name, for it may be a guest's.
 *
 * `mailboxes.last` is kept, not counted: what was received is deleted, and its place isn't given twice. `messages` and
 * `bytes` are of the mail that counts against the limit, which announcements don't.
 *
 * An announcement is stored once, and has a place in each mailbox.
 *
 * `sent_mail` outlives the mail: its author may send it again long after its recipient has it. The id stands first, as in
 * `messages`.
 */
export const ignoresMail: Migration = {
  version: 3,
  sql: `
    CREATE TABLE ignores (
      account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('block', 'mute')),
      target TEXT NOT NULL,
      until INTEGER,
      PRIMARY KEY (account, kind, target)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE mailboxes (
      account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      last INTEGER NOT NULL,
      messages INTEGER NOT NULL DEFAULT 0,
      bytes INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE announcements (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      author TEXT NOT NULL,
      time INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE mail (
      id INTEGER PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      announcement INTEGER REFERENCES announcements (id) ON DELETE CASCADE,
      author TEXT,
      time INTEGER,
      client_id TEXT,
      bytes INTEGER,
      body TEXT,
      UNIQUE (account, n),
      CHECK ((announcement IS NULL) = (body IS NOT NULL))
    ) STRICT;
    CREATE INDEX mail_announced ON mail (announcement) WHERE announcement IS NOT NULL;

    CREATE TABLE sent_mail (
      client_id TEXT NOT NULL,
      author TEXT NOT NULL,
      recipient TEXT NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (client_id, author)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sent_mail_time ON sent_mail (time);
  `,
};
