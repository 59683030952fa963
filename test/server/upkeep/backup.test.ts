import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Seq, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { ownServerKey } from '../../../src/server/login/server-key.ts';
import { migrate, openDatabase } from '../../../src/server/store/sqlite/database.ts';
import { preparePrivateFolder } from '../../../src/server/store/sqlite/folder.ts';
import { takeLock } from '../../../src/server/store/sqlite/lock.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { finishRestore } from '../../../src/server/store/sqlite/restoring.ts';
import { runBackup } from '../../../src/server/upkeep/backup.ts';
import { makeBackup, SEAL_BYTES, seal } from '../../../src/server/upkeep/backup-file.ts';
import { checkFolder } from '../../../src/server/upkeep/check/check.ts';
import type { Ended, Out } from '../../../src/server/upkeep/out.ts';
import { runRestore } from '../../../src/server/upkeep/restore.ts';
import { deviceOf } from '../sealed.ts';
import { newMessage } from '../store/conformance.ts';
import { mayMount, mountMemory } from '../store/mounted.ts';
import { dieBefore } from './dying.ts';
import { fill } from './filled.ts';

let template: string;
let fingerprint: string;
let parent: string;
let folder: string;
let file: string;
let printed: string[];
let warned: string[];

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'uchat-backup-'));
  fingerprint = await fill(join(template, 'data'));
});
afterAll(() => rmSync(template, { recursive: true }));
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'uchat-backup-'));
  folder = join(parent, 'data');
  file = join(parent, 'it.backup');
  cpSync(join(template, 'data'), folder, { recursive: true });
  printed = [];
  warned = [];
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const out: Out = {
  print: (text) => void printed.push(text),
  warn: (line) => void warned.push(line),
  progress: { show: () => undefined, clear: () => undefined },
};
const backup = (to = file, force = false): Promise<Ended> => runBackup({ folder, file: to, force }, out);
const restore = (into: string, from = file, force = false): Ended =>
  runRestore({ folder: into, file: from, force }, out);
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
/** What lies about, but for what belongs there. */
const leftovers = (): string[] => readdirSync(parent).filter((name) => !['data', 'it.backup', 'again'].includes(name));

/** All rows of all tables that a person could miss, as JSON. */
function content(where: string): Record<string, string[]> {
  const db = new DatabaseSync(join(where, 'uchat.db'), { readOnly: true });
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' ORDER BY name")
    .all();
  const all = tables.map(({ name }): [string, string[]] => [
    String(name),
    db
      .prepare(`SELECT * FROM "${String(name)}"`)
      .all()
      .map((row) => JSON.stringify(row)),
  ]);
  db.close();
  return Object.fromEntries(all);
}

test('a backup holds all that a restored server needs, and its key, in one private file', async () => {
  expect(await backup()).toEqual({ status: 0 });
  expect(printed).toEqual([
    expect.stringMatching(
      new RegExp(`^${file}: 61 messages, 2 rooms, 3 accounts, the server's key, \\d+ kB, [\\d.]+ m?s\\n$`),
    ),
  ]);
  expect(mode(file)).toBe('600');
  expect(leftovers()).toEqual([]);
  const again = join(parent, 'again');
  expect(restore(again)).toEqual({ status: 0 });
  expect(printed[1]).toMatch(
    /again: 61 messages, 2 rooms, 3 accounts, the server's key, as of 2\d{3}-.*Z, [\d.]+ m?s\n$/,
  );
  expect(warned).toEqual([]);
  const key = ownServerKey(again);
  expect(key.ok && key.value.fingerprint).toBe(fingerprint);
  expect(mode(again)).toBe('700');
  expect(readdirSync(again).sort()).toEqual(['server-cert.pem', 'server-key.pem', 'uchat.db', 'uchat.lock']);
  for (const name of readdirSync(again)) expect(mode(join(again, name))).toBe('600');
  const [was, is] = [content(folder), content(again)];
  // One-time keys may have been given away since, and places in mailboxes too.
  const { key_packages: given, mailboxes: places, chores, ...others } = is;
  // It was written anew.
  expect([was.chores, chores]).toEqual([['{"name":"vacuum"}'], []]);
  expect(given).toEqual([]);
  expect(places?.length).toBe(was.mailboxes?.length);
  expect(was).toMatchObject(others);
  expect(checkFolder(again, undefined, () => {}, 1_790_000_500_000)).toMatchObject({ faults: 0, findings: [] });
  // A server runs on it.
  const store = await openSqliteStore({ folder: again, durability: 'process' });
  expect((await store.append(newMessage('after'))).seq).toBe(42);
  const bobs = await store.mailbox('bob' as UserName, deviceOf('bob1'), 0 as Seq, 10, 100_000);
  expect(bobs.mail.map(({ n }) => n)).toEqual([2, 3, 4]);
  expect(bobs.last).toBeGreaterThan(1000);
  await store.close();
});

test('while somebody writes without end it is one moment of the data, with all that was stored before', async () => {
  const store = await openSqliteStore({ folder, durability: 'process' });
  let isDone = false;
  let stored = 41;
  const writer = (async () => {
    while (!isDone) {
      await Promise.all([1, 2, 3, 4].map((n) => store.append(newMessage(`more ${n}`))));
      stored += 4;
    }
  })();
  const before = stored;
  expect(await backup()).toEqual({ status: 0 });
  isDone = true;
  await writer;
  await store.close();
  const again = join(parent, 'again');
  expect(restore(again)).toEqual({ status: 0 });
  const restored = await openSqliteStore({ folder: again, durability: 'process' });
  const last = (await restored.rooms()).find(({ name }) => name === LOBBY)?.last ?? 0;
  await restored.close();
  expect(last).toBeGreaterThanOrEqual(before);
  expect(last).toBeLessThanOrEqual(stored);
  // What is sent in one moment is stored together.
  expect((last - 41) % 4).toBe(0);
});

test('nobody who writes waits for somebody who reads, also where something was deleted meanwhile', async () => {
  const store = await openSqliteStore({ folder, durability: 'process' });
  const reader = new DatabaseSync(join(folder, 'uchat.db'), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM messages');
  const limits = { emoji: 20, reactions: 100 };
  const made = { room: LOBBY, by: 'alice' as UserName, time: newMessage('').time, may: { kind: 'any' } } as const;
  const entry = { time: made.time, by: made.by, action: 'delete', target: '', detail: '' };
  await store.append(newMessage('before'));
  await store.change({ ...made, seq: 2 as Seq, what: { kind: 'delete' } }, limits, entry);
  let longest = 0;
  // The server's thread comes to its chores when nobody asks for anything.
  for (let i = 0; i < 4; i += 1) {
    const asked = performance.now();
    await store.append(newMessage('more'));
    longest = Math.max(longest, performance.now() - asked);
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
  // SQLite would have waited for the reader for 5 s.
  expect(longest).toBeLessThan(4000);
  reader.close();
  await store.close();
});

test('nothing that was deleted is in a backup, also not the words by which the full-text index finds its pages', async () => {
  const store = await openSqliteStore({ folder, durability: 'process' });
  // So many of them that they fill pages; and so alike that a page is found by nearly the whole of a word.
  const words = Array.from({ length: 3000 }, (_, n) => `unsayablesecret${String(n).padStart(6, '0')}`);
  await Promise.all(words.map((word) => store.append(newMessage(word))));
  await store.search({ rooms: [LOBBY], phrases: ['x'], prefix: false, limit: 5, maxBytes: 10_000 });
  const made = { room: LOBBY, by: 'alice' as UserName, time: newMessage('').time, may: { kind: 'any' } } as const;
  const entry = { time: made.time, by: made.by, action: 'delete', target: '', detail: '' };
  await Promise.all(
    words.map((_, n) =>
      store.change({ ...made, seq: (42 + n) as Seq, what: { kind: 'delete' } }, { emoji: 20, reactions: 100 }, entry),
    ),
  );
  await store.close();
  expect(readFileSync(join(folder, 'uchat.db')).includes('unsayablesecret')).toBe(true);
  expect(await backup()).toEqual({ status: 0 });
  const bytes = readFileSync(file);
  expect(bytes.includes('not in the index yet')).toBe(true);
  expect(bytes.includes('unsayable')).toBe(false);
  expect(restore(join(parent, 'again'))).toEqual({ status: 0 });
  expect(checkFolder(join(parent, 'again'), undefined, () => {}, Date.now()).faults).toBe(0);
});

test('a backup of the data that a killed server has left holds what was only in its log', async () => {
  const db = new DatabaseSync(join(folder, 'uchat.db'));
  db.exec("UPDATE rooms SET topic = 'in the log only' WHERE id = 2");
  cpSync(folder, join(parent, 'killed'), { recursive: true });
  db.close();
  rmSync(folder, { recursive: true });
  renameSync(join(parent, 'killed'), folder);
  await backup();
  restore(join(parent, 'again'));
  expect(content(join(parent, 'again')).rooms?.[1]).toContain('in the log only');
});

describe('a backup is refused, in one line, and leaves nothing:', () => {
  test.each([
    ['standard output', '-', 'a backup goes into a file, not to standard output: name a FILE'],
    ['a folder that is not there', 'none/x', /^there is no folder .*none$/],
    ['a folder', 'folder', /folder is no file: choose another name$/],
    ['a file that is there', 'file', /file is there already: choose another name, or replace it with --force$/],
    ['a link', 'link', /link is there already: /],
    ['a link to nothing', 'dangling', /dangling is there already: /],
    ['beside the data itself', 'data/uchat.db-wal', /is beside the data itself, and would be lost with it/],
    ['beside it by another way', 'way/x', /is beside the data itself/],
  ])('%s', async (_, name, line) => {
    mkdirSync(join(parent, 'folder'));
    writeFileSync(join(parent, 'file'), 'mine');
    symlinkSync('file', join(parent, 'link'));
    symlinkSync('nowhere', join(parent, 'dangling'));
    symlinkSync('data', join(parent, 'way'));
    const before = readdirSync(parent, { recursive: true });
    const ended = await backup(name === '-' ? name : join(parent, name));
    expect(ended).toEqual({ status: 2, line: typeof line === 'string' ? line : expect.stringMatching(line) });
    expect(readdirSync(parent, { recursive: true })).toEqual(before);
    expect(readFileSync(join(parent, 'file'), 'utf8')).toBe('mine');
  });

  test('no folder, no data, data of a newer uchat, and a restore that is not finished', async () => {
    const run = (where: string): Promise<Ended> => runBackup({ folder: where, file, force: false }, out);
    expect(await run(join(parent, 'none'))).toMatchObject({
      status: 2,
      line: expect.stringMatching(/^there is no folder/),
    });
    expect(existsSync(join(parent, 'none'))).toBe(false);
    mkdirSync(join(parent, 'empty'));
    expect(await run(join(parent, 'empty'))).toMatchObject({
      status: 2,
      line: expect.stringMatching(/holds no data of a server/),
    });
    mkdirSync(join(folder, 'restore-ready'));
    expect(await run(folder)).toMatchObject({
      status: 1,
      line: expect.stringMatching(/a restore into .* was cut off/),
    });
    rmSync(join(folder, 'restore-ready'), { recursive: true });
    const db = new DatabaseSync(join(folder, 'uchat.db'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    expect(await run(folder)).toMatchObject({ status: 1, line: expect.stringMatching(/written by a newer uchat/) });
    writeFileSync(join(folder, 'uchat.db'), '');
    writeFileSync(join(folder, 'uchat.db-wal'), 'x');
    expect(await run(folder)).toMatchObject({
      status: 2,
      line: expect.stringMatching(/is lost, and only its log is there/),
    });
    expect(readFileSync(join(folder, 'uchat.db-wal'), 'utf8')).toBe('x');
    expect(leftovers()).toEqual(['empty']);
  });

  test('data that is damaged', async () => {
    const path = join(folder, 'uchat.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 5);
    writeFileSync(path, bytes);
    expect(await backup()).toMatchObject({ status: 1, line: expect.stringMatching(/^no backup was made: .*damaged/) });
    expect(existsSync(file)).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});

test('with --force a file is replaced, a link itself and not what it points to', async () => {
  writeFileSync(join(parent, 'mine'), 'mine');
  symlinkSync('mine', file);
  expect(await backup(file, true)).toEqual({ status: 0 });
  expect(() => readlinkSync(file)).toThrow();
  expect(readFileSync(join(parent, 'mine'), 'utf8')).toBe('mine');
  const first = readFileSync(file);
  linkSync(file, join(parent, 'kept'));
  expect(await backup(file, true)).toEqual({ status: 0 });
  // The old one stays whole until the new one is.
  expect(readFileSync(join(parent, 'kept')).equals(first)).toBe(true);
});

describe.runIf(mayMount())('on another disk', () => {
  test('a backup is made; on one that is full, it is said, and nothing is left there', async () => {
    const disk = mountMemory('1m');
    try {
      expect(await backup(join(disk.path, 'x'))).toEqual({ status: 0 });
      const { size } = statSync(join(disk.path, 'x'));
      writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(1024 * 1024 - size - 64 * 1024));
      const ended = await backup(join(disk.path, 'y'));
      expect(ended).toMatchObject({
        status: 1,
        line: expect.stringMatching(/^no backup was made: there is no room left on the disk that holds/),
      });
      expect(readdirSync(disk.path).sort()).toEqual(['ballast', 'x']);
      // So is a restore; and the data that was there stays.
      mkdirSync(join(disk.path, 'data'), { mode: 0o700 });
      const full = restore(join(disk.path, 'data'), join(disk.path, 'x'));
      expect(full).toMatchObject({ status: 1, line: expect.stringMatching(/no room left/) });
      expect(readdirSync(join(disk.path, 'data'))).toEqual(['uchat.lock']);
      disk.remount('ro');
      expect(await backup(join(disk.path, 'z'))).toMatchObject({ status: 1, line: expect.stringMatching(/read-only/) });
    } finally {
      disk.unmount();
    }
  });

  test('that is read-only, a data folder is backed up', async () => {
    const disk = mountMemory('8m');
    try {
      cpSync(folder, join(disk.path, 'data'), { recursive: true });
      disk.remount('ro');
      expect(await runBackup({ folder: join(disk.path, 'data'), file, force: false }, out)).toEqual({ status: 0 });
    } finally {
      disk.unmount();
    }
  });
});

describe('a restore is refused, in one line, and changes nothing:', () => {
  const again = (): string => join(parent, 'again');
  const refused = (status: 1 | 2, line: RegExp) => ({ status, line: expect.stringMatching(line) });

  test.each([
    ['standard input', () => '-', refused(2, /^a backup is read from a file, not from standard input/)],
    ['no file', () => join(parent, 'none'), refused(2, /^there is no file/)],
    ['a folder', () => parent, refused(2, /is no file$/)],
    [
      'a file of something else',
      () => join(folder, 'server-key.pem'),
      refused(1, /is no backup of uchat's: it was left as it is$/),
    ],
    [
      "a server's database",
      () => join(folder, 'uchat.db'),
      refused(1, /is a server's database and no backup.* make one with uchat backup$/),
    ],
  ])('%s', (_, from, wanted) => {
    expect(restore(again(), from())).toEqual(wanted);
    expect(existsSync(again())).toBe(false);
  });

  test('an empty file, one that is cut off, one with a changed bit anywhere, one with something behind it', async () => {
    await backup();
    const whole = readFileSync(file);
    const spoilt = join(parent, 'spoilt');
    for (const length of [0, 50, 5000, whole.length - 1]) {
      writeFileSync(spoilt, whole.subarray(0, length));
      expect(restore(again(), spoilt)).toEqual(refused(1, /is no backup of uchat's|is cut off/));
    }
    for (let at = 101; at < whole.length; at += 9973) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8((bytes[at] ?? 0) ^ 0x10, at);
      writeFileSync(spoilt, bytes);
      expect(restore(again(), spoilt)).toEqual(refused(1, /is damaged: it has changed since it was made/));
    }
    writeFileSync(spoilt, whole);
    appendFileSync(spoilt, 'x');
    expect(restore(again(), spoilt)).toEqual(refused(1, /is cut off, or something was added to it/));
    expect(existsSync(again())).toBe(false);
  });

  test('one of a newer uchat', async () => {
    await backup();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 999');
    db.close();
    expect(restore(again())).toEqual(
      refused(1, /was made by a newer uchat \(data version 999, this one knows \d+\): install/),
    );
  });

  function rootOf(path: string, table: string): { readonly page: number } {
    const db = new DatabaseSync(path, { readOnly: true });
    const { rootpage } = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) ?? {};
    db.close();
    return { page: Number(rootpage) };
  }

  /** A backup that somebody has changed, and sealed again. */
  async function changed(sql: string): Promise<void> {
    await backup();
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - SEAL_BYTES));
    const db = new DatabaseSync(file, { defensive: false });
    db.exec(sql);
    db.close();
    seal(file);
  }

  test.each([
    ['trigger', "CREATE TRIGGER snoop AFTER INSERT ON messages BEGIN UPDATE accounts SET password = 'x'; END"],
    ['view', 'CREATE VIEW snoop AS SELECT * FROM messages'],
  ])('one with a %s in it, which would go on working in the server', async (kind, sql) => {
    await changed(sql);
    expect(restore(again())).toEqual(
      refused(1, new RegExp(`holds the ${kind} "snoop", which no server has made: take another backup$`)),
    );
    expect(existsSync(again())).toBe(false);
  });

  test.each([
    ['an id that is none', "UPDATE backup_about SET id = '../x y'"],
    ['no time', 'UPDATE backup_about SET made = 8640000000000001'],
    ['no format', 'DELETE FROM backup_about'],
  ])('one that says nothing sensible of itself: %s', async (_, sql) => {
    await changed(sql);
    expect(restore(again())).toEqual(refused(1, /it\.backup is damaged: take another backup$/));
    expect(existsSync(again())).toBe(false);
  });

  test('one whose words for tables would speak to the terminal', async () => {
    await changed(`
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE TABLE bans (' || char(27) || ']0;mine' || char(7, 10) || 'x' WHERE name = 'bans'`);
    const { status, line } = restore(again());
    expect([status, line]).toEqual([1, expect.stringMatching(/can't be read: malformed database schema/)]);
    expect(line).not.toMatch(/[\x00-\x1f]/);
  });

  test('one with a page that is none', async () => {
    await backup();
    const whole = readFileSync(file);
    const { page } = rootOf(file, 'backup_files');
    whole.fill(0xff, (page - 1) * 4096, page * 4096);
    writeFileSync(file, whole.subarray(0, whole.length - SEAL_BYTES));
    seal(file);
    expect(restore(again())).toEqual(refused(1, /^the data in the backup is damaged \(.*\): take another backup$/));
    expect(readdirSync(again())).toEqual(['uchat.lock']);
  });

  test('into a folder that has data, and into one that a server runs on, also with --force', async () => {
    await backup();
    const { messages, accounts } = content(folder);
    expect(restore(folder)).toEqual(
      refused(2, /holds data already: restore into another folder with --data, or with --force/),
    );
    const store = await openSqliteStore({ folder, durability: 'process' });
    expect(restore(folder, file, true)).toEqual(refused(1, /^another server uses the folder/));
    expect(await store.rooms()).toHaveLength(2);
    await store.close();
    expect(content(folder)).toMatchObject({ messages, accounts });
  });

  test('a server does not run on a backup itself', async () => {
    await backup();
    mkdirSync(again(), { mode: 0o700 });
    cpSync(file, join(again(), 'uchat.db'));
    await expect(openSqliteStore({ folder: again(), durability: 'process' })).rejects.toMatchObject({
      message: expect.stringMatching(/is a backup: make a data folder of it with uchat restore$/),
    });
  });
});

test('with --force the old data is kept in a folder beside the new, whole, and the line says where', async () => {
  await backup();
  const store = await openSqliteStore({ folder, durability: 'process' });
  await store.append(newMessage('after the backup'));
  await store.close();
  const before = content(folder);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  expect(restore(folder, file, true)).toEqual({ status: 0 });
  const [, kept = ''] = /; what was there is in (\S+), /.exec(printed[1] ?? '') ?? [];
  expect(kept).toMatch(/data\/before-restore-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
  expect(mode(kept)).toBe('700');
  expect(content(kept)).toEqual(before);
  expect(readdirSync(kept)).toEqual(expect.arrayContaining(['server-key.pem', 'uchat.db']));
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  expect(content(folder).messages).toHaveLength(61);
  // Twice in one second, too.
  expect(restore(folder, file, true)).toEqual({ status: 0 });
  expect(readdirSync(folder).filter((name) => name.startsWith('before-restore'))).toHaveLength(2);
});

/** Opens the folder as the store's thread does. @returns the last place of the lobby. */
function serverFinds(): number {
  preparePrivateFolder(folder);
  const lock = takeLock(folder);
  finishRestore(folder);
  const db = openDatabase(folder, 'process');
  const { last } = db.prepare('SELECT last FROM rooms WHERE id = 1').get() ?? {};
  db.close();
  lock.close();
  return Number(last);
}

test('a server that finds a restore which was cut off finishes it', async () => {
  await backup();
  const again = join(parent, 'again');
  // The third is the first file that is put into its place.
  let moved = 0;
  for (let step = 1; moved < 3; step++) {
    rmSync(again, { recursive: true, force: true });
    if (dieBefore(step, () => restore(again)) === 'renameSync') moved += 1;
  }
  expect(readdirSync(again)).toEqual(expect.arrayContaining(['restore-ready', 'uchat.db']));
  expect(existsSync(join(again, 'server-key.pem'))).toBe(false);
  const store = await openSqliteStore({ folder: again, durability: 'process' });
  expect((await store.rooms()).map(({ last }) => last)).toEqual([41, 20]);
  await store.close();
  const key = ownServerKey(again);
  expect(key.ok && key.value.fingerprint).toBe(fingerprint);
  expect(restore(again)).toMatchObject({ status: 2, line: expect.stringMatching(/holds data already/) });
});

test('a restore that is killed anywhere leaves the old state or the new, for a server as for a second restore', async () => {
  await backup();
  const store = await openSqliteStore({ folder, durability: 'process' });
  await store.append(newMessage('after the backup'));
  await store.close();
  const old = join(parent, 'old');
  renameSync(folder, old);
  const seen: number[] = [];
  const steps: string[] = [];
  for (;;) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(old, folder, { recursive: true });
    const step = dieBefore(steps.length + 1, () => restore(folder, file, true));
    if (step === undefined) break;
    steps.push(step);
    // By turns a server comes first, or another restore.
    if (steps.length % 2 === 0) expect([0, 2]).toContain(restore(folder).status);
    seen.push(serverFinds());
    const key = ownServerKey(folder);
    expect(key.ok && key.value.fingerprint).toBe(fingerprint);
    expect(readdirSync(folder).filter((name) => name.startsWith('restore'))).toEqual([]);
    expect(restore(folder, file, true)).toEqual({ status: 0 });
    expect(content(folder).messages).toHaveLength(61);
  }
  // The old one up to some step, and from then on the new one.
  expect(new Set(seen)).toEqual(new Set([42, 41]));
  expect(seen).toEqual(seen.toSorted((one, other) => other - one));
  // The database, its log and the key are moved away and put into place one by one.
  expect(steps.filter((step) => step === 'renameSync').length).toBeGreaterThan(6);
}, 60_000);

test('a full-text index that does not fit is made anew, and other faults are told', async () => {
  const db = new DatabaseSync(join(folder, 'uchat.db'), { enableForeignKeyConstraints: false });
  db.exec("INSERT INTO search (search, rowid, author, text) VALUES ('delete', 4294967297, 'alice', 'edited since')");
  db.exec("INSERT INTO members (user, room, since) VALUES ('zoe', 2, 1)");
  db.close();
  await backup();
  const again = join(parent, 'again');
  expect(restore(again)).toEqual({ status: 0 });
  expect(warned).toEqual([
    'its full-text index did not fit its messages: the server makes it anew',
    'it was restored as it was, with faults: uchat --serve --check lists them',
  ]);
  const store = await openSqliteStore({ folder: again, durability: 'process' });
  const found = await store.search({ rooms: [LOBBY], phrases: ['edited'], prefix: false, limit: 5, maxBytes: 10_000 });
  expect(found).toMatchObject({ messages: [{ seq: 1 }] });
  await store.close();
});

test.each(MIGRATIONS.map(({ version }) => version))('a backup of data version %i is brought up to date', (version) => {
  const made = new DatabaseSync(file);
  migrate(made, MIGRATIONS.slice(0, version));
  made.exec(`
    UPDATE rooms SET last = 1;
    INSERT INTO messages (id, author, time, text) VALUES (4294967297, 'alice', 5, 'from long ago')`);
  makeBackup(made, 'an-old-one', 1000, []);
  made.close();
  seal(file);
  chmodSync(file, 0o600);
  const again = join(parent, 'again');
  expect(restore(again)).toEqual({ status: 0 });
  expect(warned).toEqual([expect.stringMatching(/^the backup holds no server key/)]);
  const isOld = version < MIGRATIONS.length;
  expect(printed[0]).toContain(
    isOld ? `, brought from data version ${version} to ${MIGRATIONS.length}` : '1970-01-01T00:00:01Z, ',
  );
  expect(checkFolder(again, undefined, () => {}, Date.now()).faults).toBe(0);
  expect(content(again).messages?.[0]).toContain('from long ago');
});
