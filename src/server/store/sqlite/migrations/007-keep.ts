import type { Migration } from './migration.ts';

/**
 * `rooms.keep` is an operator's rule for the room, as `base/keep.ts` writes it; NULL: the server's. `rooms.first` is the
 * place of the first message that is still there; in a room where none is, the one after `last`. `rooms.bytes` is what its
 * messages up to `rooms.measured` count, which only follows where a rule asks for it.
 *
 * `keep_marks` says where a room ended at a time of the clock in `age_clock`: so how old a message is doesn't depend on the
 * time that stands on it, which is only as right as the host's clock was. For what is here already there is nothing else:
 * at most a thousand marks a room are made of messages that aren't older than those before them. `age_clock` has one row
 * once a server has run.
 *
 * `sent_before` is for messages that are gone what the index `sent` is for the others. `message` is where it stood.
 */
export const keep: Migration = {
  version: 7,
  sql: `
    ALTER TABLE rooms ADD COLUMN keep TEXT;
    ALTER TABLE rooms ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE rooms ADD COLUMN measured INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rooms ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE age_clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      time INTEGER NOT NULL,
      wall INTEGER NOT NULL,
      behind INTEGER NOT NULL,
      doubts TEXT NOT NULL
    ) STRICT;

    CREATE TABLE keep_marks (
      room INTEGER NOT NULL REFERENCES rooms (id),
      time INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (room, time)
    ) STRICT, WITHOUT ROWID;

    INSERT OR REPLACE INTO keep_marks (room, time, seq)
    WITH RECURSIVE place (room, seq, step, last) AS (
      SELECT id, min(last, max(1, last / 1000)), max(1, last / 1000), last FROM rooms WHERE last > 0
      UNION ALL
      SELECT room, min(last, seq + step), step, last FROM place WHERE seq < last
    )
    SELECT room, time, seq FROM (
      SELECT room, seq, time, max(time) OVER (PARTITION BY room ORDER BY seq) AS highest
      FROM place CROSS JOIN messages ON messages.id = room * 4294967296 + seq
    ) WHERE time = highest ORDER BY room, seq;

    CREATE TABLE sent_before (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      client_id TEXT NOT NULL,
      author TEXT NOT NULL,
      message INTEGER NOT NULL,
      time INTEGER NOT NULL,
      until INTEGER NOT NULL,
      UNIQUE (client_id, author)
    ) STRICT;
    CREATE INDEX sent_before_until ON sent_before (until);
  `,
};
