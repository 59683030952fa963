import type { Migration } from './migration.ts';

/**
 * `changes` has a row for each message that was ever changed, so what is said and never changed costs nothing more.
 * `changes.rev` is `room * 2^32 + rev`, as `messages.id` is: what has changed in a room since is one stretch of one index.
 *
 * `rooms.rev` is kept, not counted, as `rooms.last` is: of two changes of one message only the newer has a row.
 *
 * `former_names` says up to which place of a room a name was another account's: its messages are nobody's own.
 *
 * `search` keeps no text of its own, and is told what to forget: its rows are those of `messages` up to `rooms.indexed`.
 * What is put into it is `spread` (`words.ts`). It forgets at once (`secure-delete`), because what was deleted must be in
 * no file any more. Its parts are merged by us, in small steps (`chores.ts`): by itself it does so in the middle of a
 * write, and takes a tenth of a second.
 *
 * `chores.name` is something that is left to do: `vacuum`.
 */
export const changesSearch: Migration = {
  version: 6,
  sql: `
    ALTER TABLE messages ADD COLUMN re INTEGER;
    ALTER TABLE rooms ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rooms ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE changes (
      message INTEGER PRIMARY KEY REFERENCES messages (id),
      rev INTEGER NOT NULL UNIQUE,
      edited INTEGER,
      deleted INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE reactions (
      id INTEGER PRIMARY KEY,
      message INTEGER NOT NULL REFERENCES messages (id),
      emoji TEXT NOT NULL,
      author TEXT NOT NULL,
      UNIQUE (message, emoji, author)
    ) STRICT;

    CREATE TABLE former_names (
      name TEXT NOT NULL,
      room INTEGER NOT NULL REFERENCES rooms (id),
      last INTEGER NOT NULL,
      PRIMARY KEY (name, room)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE chores (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

    CREATE VIRTUAL TABLE search USING fts5 (
      author, text, content = '', columnsize = 0, prefix = '3',
      tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co So'"
    );
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1), ('automerge', 0), ('crisismerge', 64);
  `,
};
