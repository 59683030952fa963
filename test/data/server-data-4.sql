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
    , slow INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO rooms VALUES (1, '#lobby', 1000, 3, 'hello', 'alice', 1500, 0, 0);
INSERT INTO rooms VALUES (2, '#dev', 1200, 1, '', NULL, NULL, 5000, 0);
INSERT INTO rooms VALUES (3, '#empty', 1300, 0, '', NULL, NULL, 0, 1);
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
CREATE TABLE "accounts" (
      id INTEGER PRIMARY KEY,
      uid INTEGER UNIQUE,
      name TEXT UNIQUE,
      password TEXT,
      last_seen INTEGER NOT NULL,
      CHECK (uid IS NOT NULL OR name IS NOT NULL)
    ) STRICT;
INSERT INTO accounts VALUES (1, 1001, 'alice', NULL, 2500);
INSERT INTO accounts VALUES (2, 1002, 'bob', NULL, 2501);
INSERT INTO accounts VALUES (3, 1003, NULL, NULL, 2502);
INSERT INTO accounts VALUES (4, NULL, 'carol', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndA', 2600);
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
INSERT INTO device_keys VALUES (1, 1, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB', 'laptop', 2601, 2602);
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
INSERT INTO lockouts VALUES ('nobody', 'uid 1009', 2, 1, 60000, 2700, 2650);
CREATE TABLE invites (
      id INTEGER PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL,
      expires INTEGER NOT NULL
    ) STRICT;
INSERT INTO invites VALUES (1, 'ABCDEFGHJKMNPQRS', 'alice', 2603, 9000);
CREATE TABLE ignores (
      account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('block', 'mute')),
      target TEXT NOT NULL,
      until INTEGER,
      PRIMARY KEY (account, kind, target)
    ) STRICT, WITHOUT ROWID;
INSERT INTO ignores VALUES (1, 'block', '~guest', NULL);
INSERT INTO ignores VALUES (2, 'mute', 'alice', 9000);
CREATE TABLE mailboxes (
      account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      last INTEGER NOT NULL,
      messages INTEGER NOT NULL DEFAULT 0,
      bytes INTEGER NOT NULL DEFAULT 0
    ) STRICT;
INSERT INTO mailboxes VALUES (1, 2, 1, 5);
INSERT INTO mailboxes VALUES (2, 7, 0, 0);
CREATE TABLE announcements (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      author TEXT NOT NULL,
      time INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
INSERT INTO announcements VALUES (1, 'alice', 2700, 'down at six');
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
INSERT INTO mail VALUES (1, 1, 1, NULL, 'bob', 2701, 'p-1', 5, 'plain');
INSERT INTO mail VALUES (2, 1, 2, 1, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE sent_mail (
      client_id TEXT NOT NULL,
      author TEXT NOT NULL,
      recipient TEXT NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (client_id, author)
    ) STRICT, WITHOUT ROWID;
INSERT INTO sent_mail VALUES ('p-1', 'bob', 'alice', 2701);
CREATE TABLE operators (
      account INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL
    ) STRICT;
INSERT INTO operators VALUES (2, 'alice', 2800);
CREATE TABLE bans (
      target TEXT PRIMARY KEY,
      made_by TEXT NOT NULL,
      made INTEGER NOT NULL,
      until INTEGER,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO bans VALUES ('uid 1066', 'alice', 2801, NULL, 'spam');
CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,
      made_by TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
INSERT INTO audit VALUES (1, 2801, 'alice', 'ban', 'uid 1066', 'spam');
CREATE UNIQUE INDEX sent ON messages (client_id, author) WHERE client_id IS NOT NULL;
CREATE INDEX mail_announced ON mail (announcement) WHERE announcement IS NOT NULL;
CREATE INDEX sent_mail_time ON sent_mail (time);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('announcements', 1);
INSERT INTO sqlite_sequence VALUES ('audit', 1);
PRAGMA application_id = 1969449076;
PRAGMA user_version = 4;
COMMIT;
