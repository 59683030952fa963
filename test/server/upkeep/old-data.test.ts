import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RoomName, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { migrate } from '../../../src/server/store/sqlite/database.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { checkFolder } from '../../../src/server/upkeep/check/check.ts';
import { oldData, VERSIONS } from './old-data.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'uchat-old-'));
  folder = join(parent, 'data');
  mkdirSync(folder, { mode: 0o700 });
});
afterEach(() => rmSync(parent, { recursive: true }));

type Rows = Record<string, unknown>[];

/** All tables, but for the full-text index's own. */
function content(db: DatabaseSync): Map<string, Rows> {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'").all();
  return new Map(tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${String(name)}"`).all()]));
}

const open = (): DatabaseSync => new DatabaseSync(join(folder, 'uchat.db'));
/** The rows with those columns that both have, in an order of their own. */
const shared = (rows: Rows, columns: readonly string[]): string[] =>
  rows.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort();

function make(version: number): Map<string, Rows> {
  const db = oldData(join(folder, 'uchat.db'), version);
  try {
    return content(db);
  } finally {
    db.close();
  }
}

test('each version that has content of its own is kept, and only the newest may still be without', () => {
  expect(VERSIONS.length).toBeGreaterThanOrEqual(MIGRATIONS.length - 1);
});

test.each(VERSIONS)('data of version %i is brought up to date, and has all that it had', (version) => {
  const before = make(version);
  expect([...before.values()].every((rows) => rows.length > 0)).toBe(true);
  expect(
    checkFolder(folder, undefined, () => {}, Date.now()).findings.filter(({ level }) => level === 'fault'),
  ).toEqual([
    // SQL doesn't say what the mode of a file is.
    expect.objectContaining({ code: 'open_to_others' }),
  ]);
  const db = open();
  migrate(db, MIGRATIONS);
  const after = content(db);
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
  db.close();
  for (const [table, rows] of before) {
    const now = after.get(table) ?? [];
    const columns = Object.keys(rows[0] ?? {}).filter((column) => column in (now[0] ?? {}));
    expect(columns.length).toBeGreaterThan(0);
    expect([table, shared(now, columns)]).toEqual([table, shared(rows, columns)]);
  }
  expect(checkFolder(folder, undefined, () => {}, Date.now())).toMatchObject({ faults: 1, messages: 4, rooms: 3 });
});

test.each(VERSIONS)('an upgrade from version %i that is cut off after any step goes on from there', (version) => {
  make(version);
  const untouched = join(parent, 'untouched.db');
  cpSync(join(folder, 'uchat.db'), untouched);
  const whole = open();
  migrate(whole, MIGRATIONS);
  const wanted = content(whole);
  whole.close();
  for (let step = version; step < MIGRATIONS.length; step++) {
    cpSync(untouched, join(folder, 'uchat.db'));
    const cut = open();
    migrate(cut, MIGRATIONS.slice(0, step));
    // Half of the next one: the process dies in it, and nothing of it is stored.
    cut.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[step]?.sql}`);
    cut.close();
    const again = open();
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: step });
    migrate(again, MIGRATIONS);
    expect(content(again)).toEqual(wanted);
    again.close();
  }
});

test.each(VERSIONS)('a server runs on data of version %i, and people find what they have said', async (version) => {
  make(version);
  const store = await openSqliteStore({ folder, durability: 'process' });
  try {
    const dev = '#dev' as RoomName;
    expect((await store.rooms()).map(({ name, last }) => `${name} ${last}`)).toEqual([
      '#lobby 3',
      '#dev 1',
      '#empty 0',
    ]);
    const { messages } = await store.history(LOBBY, { kind: 'newest' }, 10, 100_000);
    expect(messages.map(({ from, time }) => `${from} ${time}`)).toEqual(['alice 2000', '~guest 2001', 'bob 1999']);
    const found = await store.search({
      rooms: [LOBBY, dev],
      phrases: ['世界'],
      prefix: false,
      limit: 5,
      maxBytes: 9999,
    });
    expect(found).toMatchObject({ messages: [{ room: LOBBY, seq: 2 }] });
    expect(await store.accountByName('alice' as UserName)).toMatchObject({ uid: 1001, lastSeen: 2500 });
    expect((await store.memberships()).map(({ room, user }) => `${user} ${room}`)).toEqual([
      'alice #dev',
      'bob #dev',
      'bob #empty',
    ]);
  } finally {
    await store.close();
  }
  // The server has closed the files to others.
  expect(checkFolder(folder, undefined, () => {}, Date.now()).faults).toBe(0);
});
