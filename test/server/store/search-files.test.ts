import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RoomName, type Seq, type UnixMs, type UserName, unixMs } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { Chores } from '../../../src/server/store/sqlite/chores.ts';
import { migrate } from '../../../src/server/store/sqlite/database.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { HITS } from '../../../src/server/store/sqlite/search-index.ts';
import type { Found, NewChange, Store } from '../../../src/server/store/store.ts';
import { newMessage } from './conformance.ts';

const alice = 'alice' as UserName;

let parent: string;
let folder: string;
const opened: Store[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'uchat-search-'));
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
/** All that is on the disk. */
const bytes = (): Buffer => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

function change(store: Store, room: RoomName, seq: number, what: NewChange['what']) {
  const made: NewChange = { room, seq: seq as Seq, by: alice, time: 2000 as UnixMs, what, may: { kind: 'any' } };
  return store.change(
    made,
    { emoji: 20, reactions: 100 },
    { time: unixMs(1), by: alice, action: 'delete', target: '', detail: '' },
  );
}

async function find(store: Store, phrase: string, rooms: readonly RoomName[] = [LOBBY]): Promise<Found['messages']> {
  const found = await store.search({ rooms, phrases: [phrase], prefix: false, limit: 100, maxBytes: 1_000_000 });
  if (found === 'busy') throw new Error('busy');
  return found.messages;
}

/** Words that nobody guesses and nothing shares; the same in every run. */
const wordOf = (n: number): string => `w${createHash('sha256').update(`${n}`).digest('hex').slice(0, 20)}`;

/** The server has gone through the whole file since something was deleted. */
function isCleared(): boolean {
  const db = database();
  try {
    return db.prepare("SELECT 1 FROM chores WHERE name = 'vacuum'").get() === undefined;
  } finally {
    db.close();
  }
}

describe('what was deleted', () => {
  test.each([
    ['that is in the index', true],
    ['that is not', false],
  ])('is in no file a moment later, in a message %s', async (_, isIndexed) => {
    const store = await open();
    const secret = Array.from({ length: 30 }, (_word, n) => wordOf(n));
    const left = (): number => {
      const disk = bytes();
      return secret.filter((word) => disk.includes(word)).length;
    };
    await store.append(newMessage('before'));
    await store.append(newMessage(secret.join(' ')));
    await store.append(newMessage('after'));
    if (isIndexed) expect(await find(store, wordOf(7))).toHaveLength(1);
    expect(left()).toBe(30);
    await change(store, LOBBY, 2, { kind: 'delete' });
    await expect.poll(left, { timeout: 15_000 }).toBe(0);
    expect(bytes().includes('before')).toBe(true);
  });

  test('is in no file a while later, without a new start, wherever pieces of it were, and all else is found', async () => {
    const store = await open();
    const rooms = [LOBBY, '#a' as RoomName, '#b' as RoomName, '#c' as RoomName, '#d' as RoomName];
    for (const room of rooms) await store.createRoom(room, unixMs(1));
    // Of all lengths, in rooms by turns, so that pages are split and pieces are left in them.
    const said: { readonly room: RoomName; readonly seq: number; readonly words: readonly string[] }[] = [];
    for (let n = 0, word = 0; n < 2000; n++) {
      const count = n % 97 === 0 ? 300 : 1 + ((n * n) % 17);
      const words = Array.from({ length: count }, () => wordOf(word++));
      const room = rooms[(n * 7 + (n % 13)) % rooms.length] ?? LOBBY;
      const placed = store.append(newMessage(words.join(' '), { room }));
      if (n % 100 === 0) await placed;
      if (n % 700 === 0) await find(store, words[0] ?? '', rooms);
      said.push({ room, words, seq: said.filter((one) => one.room === room).length + 1 });
    }
    await find(store, 'x', rooms);
    const [gone, kept] = [said.filter((_, n) => n % 10 === 3), said.filter((_, n) => n % 10 !== 3)];
    // Some of them were edited first.
    for (const [i, { room, seq, words }] of gone.entries())
      if (i % 5 === 0) await change(store, room, seq, { kind: 'edit', text: `${words.slice(1).join(' ')} edited` });
    await Promise.all(gone.map(({ room, seq }) => change(store, room, seq, { kind: 'delete' })));
    await expect.poll(isCleared, { timeout: 30_000, interval: 200 }).toBe(true);
    const disk = bytes().toString('latin1');
    await store.close();
    // The index shortens a word that begins as the one before it: so its end is looked for.
    const ends = new Set<string>();
    for (const [run] of disk.matchAll(/[0-9a-f]{15,}/g))
      for (let at = 0; at + 15 <= run.length; at++) ends.add(run.slice(at, at + 15));
    expect(gone.flatMap(({ words }) => words.filter((word) => ends.has(word.slice(-15))))).toEqual([]);
    // The search is able to find words there.
    expect(kept.filter(({ words }) => words.length < 20 && !disk.includes(words.join(' ')))).toEqual([]);
    const again = await open();
    for (const { room, seq, words } of kept.filter((_, n) => n % 50 === 0))
      expect(await find(again, words[0] ?? '', rooms)).toMatchObject([{ room, seq }]);
    for (const { words } of gone.filter((_, n) => n % 20 === 0))
      expect(await find(again, words[0] ?? '', rooms)).toEqual([]);
  }, 60_000);
});

describe('the index', () => {
  const behind = (): number => {
    const db = database();
    try {
      return Number(db.prepare('SELECT sum(last - indexed) AS n FROM rooms').get()?.n);
    } finally {
      db.close();
    }
  };

  test('is brought up to date when nobody asks for anything, also after a new start', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 1200 }, (_, n) => store.append(newMessage(`green ${n}`))));
    expect(behind()).toBeGreaterThan(0);
    await expect.poll(behind, { timeout: 15_000 }).toBe(0);
    await Promise.all(Array.from({ length: 1200 }, (_, n) => store.append(newMessage(`red ${n}`))));
    await store.close();
    expect(behind()).toBeGreaterThan(0);
    await open();
    await expect.poll(behind, { timeout: 15_000 }).toBe(0);
  });

  test('has no text of its own beside that of the messages, and is sound after many changes', async () => {
    const store = await open();
    for (let n = 1; n <= 300; n++) {
      await store.append(newMessage(`green ${wordOf(n)} 世界${n}`));
      if (n % 3 === 0) await change(store, LOBBY, n - 1, { kind: 'edit', text: `red ${wordOf(-n)} 再见` });
      if (n % 7 === 0) await change(store, LOBBY, n - 3, { kind: 'delete' });
      if (n % 50 === 0) await find(store, 'green');
    }
    await find(store, 'green');
    await store.close();
    const db = database();
    db.exec("INSERT INTO search (search) VALUES ('integrity-check')");
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'search%' AND type = 'table'").all();
    expect(new Set(tables.map(({ name }) => name))).toEqual(
      new Set(['search', 'search_config', 'search_data', 'search_idx']),
    );
    db.close();
  });

  test('reads no more than it needs: words first, and then messages by their places', async () => {
    await (await open()).close();
    const db = database();
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${HITS}`).all('a', 1, 2, 3);
    // M: the words; <, >: the bounds. Nothing is sorted.
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SCAN search VIRTUAL TABLE INDEX \d+:M\d[<>]{2}$/),
      'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    db.close();
  });
});

test('data of version 5 is found after the upgrade, and nothing in it has changed', async () => {
  mkdirSync(folder, { mode: 0o700 });
  const before = database();
  migrate(before, MIGRATIONS.slice(0, 5));
  before.exec(`
    INSERT INTO rooms (id, name, created, last) VALUES (2, '#dev', 1, 1);
    UPDATE rooms SET last = 2 WHERE id = 1;
    INSERT INTO messages (id, author, time, text, client_id) VALUES
      (4294967297, 'alice', 5, 'the build is green', 'x-1'), (4294967298, 'bob', 6, 'again', NULL),
      (8589934593, 'bob', 7, 'green here too', NULL);`);
  before.close();
  const store = await open();
  expect(await store.rooms()).toMatchObject([
    { name: LOBBY, last: 2, rev: 0 },
    { name: '#dev', last: 1, rev: 0 },
  ]);
  expect((await store.history(LOBBY, { kind: 'newest' }, 10, 100_000)).messages).toEqual([
    { seq: 1, from: 'alice', text: 'the build is green', time: 5, id: 'x-1' },
    { seq: 2, from: 'bob', text: 'again', time: 6 },
  ]);
  expect((await find(store, 'green', [LOBBY, '#dev' as RoomName])).map(({ room, seq }) => `${room} ${seq}`)).toEqual([
    '#dev 1',
    '#lobby 1',
  ]);
});

describe('chores', () => {
  test('wait for a rest, but not for ever, and come back after a fault', () => {
    let now = 0;
    let steps = 0;
    let isBroken = false;
    const chores = new Chores(
      () => {
        steps += 1;
        if (isBroken) throw new Error('the disk is full');
        return false;
      },
      () => now,
    );
    try {
      chores.served();
      expect(steps).toBe(0);
      for (let call = 0; call < 100; call++) {
        now += 50;
        chores.served();
      }
      // 5 s without a rest.
      expect(steps).toBe(2);
      isBroken = true;
      now += 10_000;
      chores.served();
      expect(steps).toBe(3);
      chores.served();
      now += 10_000;
      chores.served();
      expect(steps).toBe(4);
    } finally {
      chores.stop();
    }
  });
});
