import type { Migration } from './migration.ts';

/**
 * `messages.id` is `room * 2^32 + seq`: a room's history is one stretch of one tree, read from either end with no index
 * beside it, and an append writes at the stretch's end. It is also the row id that a full-text index asks for.
 *
 * `sent` knows what an author has sent before. The id stands first, so that ids which grow with time (UUIDv7) are
 * written side by side whoever they come from; random ones cost a page each.
 *
 * `rooms.last` is kept, not counted: the newest message of a room may be deleted one day, and its place isn't given twice.
 */
export const roomsMessagesAccounts: Migration = {
  version: 1,
  sql: `
    CREATE TABLE rooms (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created INTEGER NOT NULL,
      last INTEGER NOT NULL DEFAULT 0,
      topic TEXT NOT NULL DEFAULT '',
      topic_by TEXT,
      topic_time INTEGER
    ) STRICT;

    CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      author TEXT NOT NULL,
      time INTEGER NOT NULL,
      text TEXT NOT NULL,
      client_id TEXT
    ) STRICT;
    CREATE UNIQUE INDEX sent ON messages (client_id, author) WHERE client_id IS NOT NULL;

    CREATE TABLE members (
      user TEXT NOT NULL,
      room INTEGER NOT NULL REFERENCES rooms (id),
      since INTEGER NOT NULL,
      PRIMARY KEY (user, room)
    ) STRICT, WITHOUT ROWID;

    -- No name: somebody else has it now.
    CREATE TABLE accounts (
      uid INTEGER PRIMARY KEY,
      name TEXT UNIQUE,
      last_seen INTEGER NOT NULL
    ) STRICT;

    INSERT INTO rooms (id, name, created) VALUES (1, '#lobby', unixepoch() * 1000);
  `,
};
