PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE rooms (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created INTEGER NOT NULL,
      last INTEGER NOT NULL DEFAULT 0,
      topic TEXT NOT NULL DEFAULT '',
      topic_by TEXT,
      topic_time INTEGER
    ) STRICT;
INSERT INTO rooms VALUES (1, '#lobby', 1000, 3, 'hello', 'alice', 1500);
INSERT INTO rooms VALUES (2, '#dev', 1200, 1, '', NULL, NULL);
INSERT INTO rooms VALUES (3, '#empty', 1300, 0, '', NULL, NULL);
CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      author TEXT NOT NULL,
      time INTEGER NOT NULL,
      text TEXT NOT NULL,
      client_id TEXT
    ) STRICT;
INSERT INTO messages VALUES (4294967297, 'alice', 2000, 'first of all', 'a-1');
INSERT INTO messages VALUES (4294967298, '~guest', 2001, 'grüße, 世界 👍', NULL);
INSERT INTO messages VALUES (4294967299, 'bob', 1999, 'the clock went back', 'b-1');
INSERT INTO messages VALUES (8589934593, 'bob', 2002, 'it''s built', 'b-2');
CREATE TABLE members (
      user TEXT NOT NULL,
      room INTEGER NOT NULL REFERENCES rooms (id),
      since INTEGER NOT NULL,
      PRIMARY KEY (user, room)
    ) STRICT, WITHOUT ROWID;
INSERT INTO members VALUES ('alice', 2, 1900);
INSERT INTO members VALUES ('bob', 2, 1901);
INSERT INTO members VALUES ('bob', 3, 1902);
CREATE TABLE accounts (
      uid INTEGER PRIMARY KEY,
      name TEXT UNIQUE,
      last_seen INTEGER NOT NULL
    ) STRICT;
INSERT INTO accounts VALUES (1001, 'alice', 2500);
INSERT INTO accounts VALUES (1002, 'bob', 2501);
INSERT INTO accounts VALUES (1003, NULL, 2502);
CREATE UNIQUE INDEX sent ON messages (client_id, author) WHERE client_id IS NOT NULL;
PRAGMA application_id = 1969449076;
PRAGMA user_version = 1;
COMMIT;
