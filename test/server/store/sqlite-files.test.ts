import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, DeviceId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { MAX_CALLS } from '../../../src/server/store/sqlite/batch-size.ts';
import { APPLICATION_ID, migrate } from '../../../src/server/store/sqlite/database.ts';
import { BACKWARDS, CHANGED, FORWARDS } from '../../../src/server/store/sqlite/history.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { Batch, MAX_BATCH_CHARS, MAX_WAITING_CHARS } from '../../../src/server/store/sqlite/queue.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts';
import type { Store, StoreError } from '../../../src/server/store/store.ts';
import { deviceOf, sealedOf } from '../sealed.ts';
import { newMessage } from './conformance.ts';

let parent: string;
let folder: string;
const opened: Store[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'uchat-sqlite-'));
  folder = join(parent, 'data');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await rm(parent, { recursive: true });
});

async function open(): Promise<Store> {
  const store = await openSqliteStore({ folder, durability: 'process' });
  opened.push(store);
  return store;
}

const database = () => new DatabaseSync(join(folder, 'uchat.db'));
const mode = (...path: string[]) => (statSync(join(folder, ...path)).mode & 0o777).toString(8);

describe('the folder', () => {
  test('and everything in it is for its owner only, whatever the umask', async () => {
    const store = await open();
    await store.append(newMessage('a'));
    expect(readdirSync(folder).sort()).toEqual(['uchat.db', 'uchat.db-shm', 'uchat.db-wal', 'uchat.lock']);
    expect(mode()).toBe('700');
    expect(readdirSync(folder).map((name) => mode(name))).toEqual(['600', '600', '600', '600']);
  });

  test('becomes private if it is ours, and so do its files', async () => {
    await (await open()).close();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'uchat.db'), 0o644);
    await open();
    expect([mode(), mode('uchat.db'), mode('uchat.db-wal')]).toEqual(['700', '600', '600']);
  });

  test('keeps its mode if it holds other things', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), '');
    chmodSync(folder, 0o755);
    await open();
    expect([mode(), mode('uchat.db')]).toEqual(['755', '600']);
  });

  test('is refused where others could put files into it', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), '');
    chmodSync(folder, 0o777);
    await expect(open()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('chmod 700') });
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  test('that is a file is refused', async () => {
    writeFileSync(folder, '');
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', code: 'failed' });
  });
});

describe('a second server', () => {
  test('in the same process is refused, and does not loosen the lock of the first', async () => {
    const first = await open();
    for (let i = 0; i < 3; i++) await expect(open()).rejects.toMatchObject({ name: 'StoreError', code: 'in_use' });
    await first.append(newMessage('a'));
    await first.close();
    expect((await (await open()).rooms())[0]?.last).toBe(1);
  });

  test('is refused while another process runs, and let in the moment that one is killed with -9', async () => {
    const appender = fileURLToPath(new URL('./appender.ts', import.meta.url));
    const child = spawn(process.execPath, [appender, folder, 'process', 'x'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdout.resume();
    await expect(open()).rejects.toMatchObject({
      code: 'in_use',
      message: `another server uses the folder ${folder}: stop it with uchat --serve --stop --data ${folder}, or choose another folder with --data`,
    });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect((await (await open()).rooms())[0]?.last).toBeGreaterThan(0);
  });

  test('is refused, but a reader such as a backup is not', async () => {
    const store = await open();
    await store.append(newMessage('a'));
    const reader = new DatabaseSync(join(folder, 'uchat.db'), { readOnly: true });
    expect(reader.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 1 });
    await store.append(newMessage('b'));
    expect(reader.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 2 });
    reader.close();
  });
});

describe('the data', () => {
  test('carries its version and whose it is', async () => {
    await (await open()).close();
    const db = database();
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
    expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: APPLICATION_ID });
    db.close();
  });

  test('is migrated from nothing, step by step, and numbered without a gap', () => {
    expect(MIGRATIONS.map((m) => m.version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
    const db = new DatabaseSync(':memory:');
    migrate(db, []);
    expect(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
    migrate(db, MIGRATIONS);
    expect(db.prepare('SELECT name FROM rooms').all()).toEqual([{ name: '#lobby' }]);
    // What is done isn't done again.
    migrate(db, MIGRATIONS);
    const next = { version: MIGRATIONS.length + 1, sql: 'CREATE TABLE later (x INTEGER) STRICT' };
    migrate(db, [...MIGRATIONS, next]);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: next.version });
  });

  test('of version 1 keeps its accounts, also one that has lost its name', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, MIGRATIONS.slice(0, 1));
    db.exec("INSERT INTO accounts (uid, name, last_seen) VALUES (0, 'root', 5), (1001, NULL, 6), (7, 'Lp', 7)");
    migrate(db, MIGRATIONS);
    expect(db.prepare('SELECT uid, name, password, last_seen FROM accounts ORDER BY uid').all()).toEqual([
      { uid: 0, name: 'root', password: null, last_seen: 5 },
      { uid: 7, name: 'Lp', password: null, last_seen: 7 },
      { uid: 1001, name: null, password: null, last_seen: 6 },
    ]);
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    db.close();
  });

  test('of version 4 keeps its mail, which was plain text: it comes to every device, as from its author', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const before = database();
    migrate(before, MIGRATIONS.slice(0, 4));
    before.exec(`
      INSERT INTO accounts (id, uid, name, last_seen) VALUES (1, 1001, 'alice', 5), (2, 1002, 'bob', 6);
      INSERT INTO announcements (id, author, time, body) VALUES (1, 'boss', 8, 'down at six');
      INSERT INTO mailboxes (account, last, messages, bytes) VALUES (1, 4, 2, 8200);
      INSERT INTO mail (account, n, announcement, author, time, client_id, bytes, body) VALUES
        (1, 2, NULL, 'bob', 7, 'm1', 5, 'lunch?'), (1, 3, 1, NULL, NULL, NULL, NULL, NULL),
        (1, 4, NULL, '~carol', 9, 'm1', 8192, '${'x'.repeat(8192)}');
      INSERT INTO sent_mail (client_id, author, recipient, time) VALUES ('m1', 'bob', 'alice', 7);`);
    before.close();
    const store = await open();
    const [alice, bob] = ['alice' as UserName, 'bob' as UserName];
    const read = (device: DeviceId | undefined) => store.mailbox(alice, device, 0 as Seq, 100, 1_000_000);
    const mail = [
      { n: 2, from: bob, body: '(a private message, from before they were encrypted) lunch?', time: 7 },
      { n: 3, from: 'boss', body: 'down at six', time: 8 },
      { n: 4, from: '~carol', body: 'x'.repeat(8192), time: 9 },
    ].map((one) => ({ ...one, kind: 'announcement' }));
    expect(await read(undefined)).toEqual({ mail, more: false, last: 4 });
    const [device, time] = [deviceOf('alice1'), 10 as UnixMs];
    await store.putDevice({ user: alice, device, packages: [], time }, { devices: 5, packages: 5 }, []);
    // Sent again after an upgrade, it is still the same mail; and the next has the next place.
    const sealed = { from: bob, to: alice, device, sealed: sealedOf('sealed'), time };
    const limits = { messages: 1, bytes: 1000 };
    expect(await store.sendMail({ ...sealed, id: 'm1' as ClientId }, 'keep', limits)).toMatchObject({ kind: 'known' });
    expect(await store.sendMail({ ...sealed, id: 'm2' as ClientId }, 'keep', limits)).toEqual({ kind: 'kept', n: 5 });
    expect((await read(device)).mail.map(({ kind }) => kind)).toEqual([...mail.map(({ kind }) => kind), 'sealed']);
    await store.received(alice, 4 as Seq);
    expect((await read(device)).mail).toMatchObject([{ n: 5, kind: 'sealed' }]);
    const db = database();
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    db.close();
  });

  test('stays as it was where a migration fails half way', () => {
    const db = new DatabaseSync(':memory:');
    const broken = { version: 2, sql: 'CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE half (x INTEGER) STRICT' };
    const [first] = MIGRATIONS;
    expect(first).toBeDefined();
    expect(() => migrate(db, [first!, broken])).toThrow('half');
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
  });

  test('of a newer version is refused and left alone', async () => {
    await (await open()).close();
    const db = database();
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(open()).rejects.toMatchObject({
      code: 'newer_data',
      message: `${join(folder, 'uchat.db')} was written by a newer uchat (data version 99, this one knows ${MIGRATIONS.length}): install the newer uchat`,
    });
  });

  test('of another program is refused and left alone', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const db = database();
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    await expect(open()).rejects.toMatchObject({ code: 'damaged' });
    const again = database();
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
    again.close();
  });

  test.each([
    [
      'is no database',
      () => writeFileSync(join(folder, 'uchat.db'), 'not a database, but long enough to be one '.repeat(40)),
    ],
    ['has lost its end', () => truncateSync(join(folder, 'uchat.db'), 8192)],
  ])('that %s is refused as damaged', async (_, damage) => {
    await (await open()).close();
    damage();
    const use = async (): Promise<void> => {
      const store = await open();
      await store.rooms();
      await store.append(newMessage('a'));
    };
    await expect(use()).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
  });

  test('with a value that is not ours is said to be damaged, and only the call that met it fails', async () => {
    const store = await open();
    const db = database();
    db.exec("INSERT INTO rooms (name, created) VALUES ('NOT A ROOM', 1)");
    db.close();
    const [rooms, placed] = await Promise.allSettled([store.rooms(), store.append(newMessage('a'))]);
    expect(rooms).toMatchObject({ status: 'rejected', reason: { code: 'damaged' } });
    expect(placed).toMatchObject({ status: 'fulfilled', value: { seq: 1 } });
  });

  test('is read by its index, never by a scan', async () => {
    await (await open()).close();
    const db = database();
    const planOf = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(1, 2, 3)
        .map((row) => row.detail);
    for (const sql of [BACKWARDS, FORWARDS])
      expect(planOf(sql)).toEqual([
        'SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
        'SEARCH changes USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
      ]);
    expect(planOf(CHANGED)).toEqual([
      'SEARCH changes USING INDEX sqlite_autoindex_changes_1 (rev>? AND rev<?)',
      'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    db.close();
  });

  test('outlives the folder being removed by nobody but us: a new one begins at nothing', async () => {
    await (await open()).close();
    rmSync(folder, { recursive: true });
    expect(await (await open()).rooms()).toEqual([
      { name: '#lobby', topic: '', last: 0, rev: 0, slow: 0, closed: false },
    ]);
  });
});

describe('a worker that dies', () => {
  test('rejects every call under way and every later one, and says so once', async () => {
    const worker = new Worker(new URL('./dying-worker.ts', import.meta.url));
    const failures: StoreError[] = [];
    const store = new SqliteStore(worker, (error) => failures.push(error));
    const calls = [
      store.append(newMessage('a')),
      store.rooms(),
      store.createRoom(newMessage('').room, newMessage('').time),
    ];
    const results = await Promise.allSettled(calls);
    const error = { name: 'StoreError', code: 'failed', message: 'the store has broken down: out of luck' };
    expect(results).toMatchObject(calls.map(() => ({ status: 'rejected', reason: error })));
    await expect(store.append(newMessage('b'))).rejects.toMatchObject(error);
    await store.close();
    expect(failures).toMatchObject([error]);
  });

  test('while closing rejects what is under way, and closing ends', async () => {
    const store = new SqliteStore(new Worker(new URL('./dying-worker.ts', import.meta.url)), () => {});
    const [append, closing] = await Promise.allSettled([store.append(newMessage('a')), store.close()]);
    expect([append.status, closing.status]).toEqual(['rejected', 'fulfilled']);
  });
});

describe('a batch', () => {
  const nobody = (): void => {};
  test('is full at as many calls as it should have, or at its limit of text', () => {
    const many = new Batch();
    for (let i = 0; i < 299; i++) many.append(newMessage('x'), nobody, nobody);
    expect(many.isFull(300)).toBe(false);
    many.call({ kind: 'rooms' }, nobody, nobody);
    expect(many.isFull(300)).toBe(true);
    const long = new Batch();
    long.append(newMessage('x'.repeat(MAX_BATCH_CHARS)), nobody, nobody);
    expect(long.isFull(300)).toBe(true);
  });

  test('more than one is done in order', async () => {
    const store = await open();
    const placed = await Promise.all(Array.from({ length: MAX_CALLS * 2 + 10 }, () => store.append(newMessage('x'))));
    expect(placed.every(({ seq }, i) => seq === i + 1)).toBe(true);
  });

  test('too many waiting are refused, and the rest is stored', async () => {
    const store = await open();
    const text = 'x'.repeat(MAX_BATCH_CHARS);
    // One is at work already when the second comes.
    const calls = Array.from({ length: MAX_WAITING_CHARS / MAX_BATCH_CHARS + 3 }, () => store.append(newMessage(text)));
    const results = await Promise.allSettled(calls);
    expect(results.slice(-2)).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'failed' } })));
    expect((await store.rooms())[0]?.last).toBe(results.length - 2);
  });
});
