/**
 * What servers of each version have left on people's disks, as SQL in `test/data`: written once, when the version was new,
 * and never again. `node test/server/upkeep/old-data.ts` writes those that are missing: run it with each new migration,
 * after content for its tables was added below.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/server/store/sqlite/database.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { spread } from '../../../src/server/store/sqlite/words.ts';
import { deviceOf, sealedOf } from '../sealed.ts';

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndA';
const LOBBY = 4_294_967_296;
const sealed = JSON.stringify(sealedOf('sealed', { from: deviceOf('alice1') }));

/** What came with each version; a server of that version could have stored it. */
const CONTENT: readonly string[] = [
  `UPDATE rooms SET created = 1000, last = 3, topic = 'hello', topic_by = 'alice', topic_time = 1500 WHERE id = 1;
   INSERT INTO rooms (id, name, created, last) VALUES (2, '#dev', 1200, 1), (3, '#empty', 1300, 0);
   INSERT INTO messages (id, author, time, text, client_id) VALUES
     (${LOBBY + 1}, 'alice', 2000, 'first of all', 'a-1'), (${LOBBY + 2}, '~guest', 2001, 'grüße, 世界 👍', NULL),
     (${LOBBY + 3}, 'bob', 1999, 'the clock went back', 'b-1'), (${2 * LOBBY + 1}, 'bob', 2002, 'it''s built', 'b-2');
   INSERT INTO members (user, room, since) VALUES ('alice', 2, 1900), ('bob', 2, 1901), ('bob', 3, 1902);
   INSERT INTO accounts (uid, name, last_seen) VALUES (1001, 'alice', 2500), (1002, 'bob', 2501), (1003, NULL, 2502);`,
  `INSERT INTO accounts (name, password, last_seen) VALUES ('carol', '${HASH}', 2600);
   INSERT INTO device_keys (account, key, fingerprint, label, added, last_used) VALUES
     (1, '${'A'.repeat(43)}', 'SHA256:${'B'.repeat(43)}', 'laptop', 2601, 2602);
   INSERT INTO lockouts VALUES ('nobody', 'uid 1009', 2, 1, 60000, 2700, 2650);
   INSERT INTO invites (code, made_by, made, expires) VALUES ('ABCDEFGHJKMNPQRS', 'alice', 2603, 9000);`,
  `INSERT INTO ignores (account, kind, target, until) VALUES (1, 'block', '~guest', NULL), (2, 'mute', 'alice', 9000);
   INSERT INTO announcements (author, time, body) VALUES ('alice', 2700, 'down at six');
   INSERT INTO mailboxes (account, last, messages, bytes) VALUES (1, 2, 1, 5), (2, 7, 0, 0);
   INSERT INTO mail (account, n, author, time, client_id, bytes, body) VALUES (1, 1, 'bob', 2701, 'p-1', 5, 'plain');
   INSERT INTO mail (account, n, announcement) VALUES (1, 2, 1);
   INSERT INTO sent_mail (client_id, author, recipient, time) VALUES ('p-1', 'bob', 'alice', 2701);`,
  `INSERT INTO operators (account, made_by, made) VALUES (2, 'alice', 2800);
   INSERT INTO bans (target, made_by, made, until, reason) VALUES ('uid 1066', 'alice', 2801, NULL, 'spam');
   INSERT INTO audit (time, made_by, action, target, detail) VALUES (2801, 'alice', 'ban', 'uid 1066', 'spam');
   UPDATE rooms SET slow = 5000 WHERE id = 2;
   UPDATE rooms SET closed = 1 WHERE id = 3;`,
  `INSERT INTO devices (account, device, last_used, messages, bytes)
     VALUES (2, '${deviceOf('bob1')}', 2900, 1, ${sealed.length});
   INSERT INTO key_packages (device, package) VALUES (1, 'package-1'), (1, 'package-2');
   UPDATE mailboxes SET last = 8 WHERE account = 2;
   INSERT INTO mail (account, n, device, author, time, client_id, bytes, body)
     VALUES (2, 8, 1, 'alice', 2901, 'p-2', ${sealed.length}, '${sealed}');`,
  `UPDATE messages SET re = 1 WHERE id = ${LOBBY + 3};
   UPDATE messages SET text = '' WHERE id = ${LOBBY + 1};
   INSERT INTO changes (message, rev, edited, deleted) VALUES (${LOBBY + 1}, ${LOBBY + 2}, NULL, 1),
     (${LOBBY + 2}, ${LOBBY + 3}, NULL, 0), (${2 * LOBBY + 1}, ${2 * LOBBY + 1}, 3000, 0);
   INSERT INTO reactions (message, emoji, author) VALUES (${LOBBY + 2}, '👍', 'bob'), (${LOBBY + 2}, '❤️', 'alice');
   INSERT INTO former_names (name, room, last) VALUES ('alice', 1, 1);
   INSERT INTO chores (name) VALUES ('vacuum');
   UPDATE rooms SET rev = 3, indexed = 2 WHERE id = 1;
   UPDATE rooms SET rev = 1, indexed = 1 WHERE id = 2;
   INSERT INTO search (rowid, author, text) VALUES (${LOBBY + 2}, '~guest', '${spread('grüße, 世界 👍')}'),
     (${2 * LOBBY + 1}, 'bob', 'it''s built');`,
];

const fileOf = (version: number): string => join(import.meta.dirname, '..', '..', 'data', `server-data-${version}.sql`);

/** Which versions there is content of. */
export const VERSIONS: readonly number[] = CONTENT.map((_, i) => i + 1);

/** Builds it at a place that is empty. */
export function oldData(path: string, version: number): DatabaseSync {
  const db = new DatabaseSync(path, { defensive: false });
  db.exec(readFileSync(fileOf(version), 'utf8'));
  return db;
}

function rowsOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const values = columns.map(({ name }) => `quote("${String(name)}")`).join(` || ', ' || `);
  return db
    .prepare(`SELECT ${values} AS row FROM "${table}"`)
    .all()
    .map(({ row }) => `INSERT INTO ${table} VALUES (${String(row)});`);
}

/** The whole database as SQL. Tables of the full-text index are made by itself; of them only what was put in is written. */
function dump(db: DatabaseSync): string {
  const lines = ['PRAGMA foreign_keys = OFF;', 'BEGIN;'];
  const things = db.prepare(
    "SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'index', rowid",
  );
  for (const { name, type, sql } of things.all()) {
    const table = String(name);
    if (table.startsWith('sqlite_') || table.startsWith('search_')) continue;
    lines.push(`${String(sql)};`);
    if (type === 'table' && table !== 'search') lines.push(...rowsOf(db, table));
    if (table === 'search') lines.push(...searchOf(db));
  }
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get() !== undefined)
    lines.push('DELETE FROM sqlite_sequence;', ...rowsOf(db, 'sqlite_sequence'));
  for (const pragma of ['application_id', 'user_version'])
    lines.push(`PRAGMA ${pragma} = ${Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {}).join()};`);
  return `${lines.join('\n')}\nCOMMIT;\n`;
}

function searchOf(db: DatabaseSync): string[] {
  const settings = db
    .prepare("SELECT quote(k) AS k, quote(v) AS v FROM search_config WHERE k <> 'version'")
    .all()
    .map(({ k, v }) => `INSERT INTO search (search, rank) VALUES (${String(k)}, ${String(v)});`);
  const rows = db
    .prepare(`
      SELECT messages.id AS id, author, text FROM messages JOIN rooms ON rooms.id = messages.id / ${LOBBY}
      WHERE messages.id % ${LOBBY} <= indexed AND text <> ''`)
    .all()
    .map(({ id, author, text }) => {
      const quoted = spread(String(text)).replaceAll("'", "''");
      return `INSERT INTO search (rowid, author, text) VALUES (${String(id)}, '${String(author)}', '${quoted}');`;
    });
  return [...settings, ...rows];
}

function writeMissing(): void {
  const db = new DatabaseSync(':memory:');
  for (const version of VERSIONS) {
    migrate(db, MIGRATIONS.slice(0, version));
    db.exec(CONTENT[version - 1] ?? '');
    if (!existsSync(fileOf(version))) writeFileSync(fileOf(version), dump(db));
  }
}

if (import.meta.main) writeMissing();
