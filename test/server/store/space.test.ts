import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, RoomName, Seq, UserName } from '../../../src/base/ids.ts';
import { unixMs } from '../../../src/base/ids.ts';
import type { Keep } from '../../../src/base/keep.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { cannotShrink, migrate, onBareFile, openDatabase } from '../../../src/server/store/sqlite/database.ts';
import { Engine } from '../../../src/server/store/sqlite/engine.ts';
import { MIGRATIONS } from '../../../src/server/store/sqlite/migrations/index.ts';
import { gapOf, isOfTree, pointersOf } from '../../../src/server/store/sqlite/pages.ts';
import type { AppendRun, Step } from '../../../src/server/store/sqlite/wire.ts';

const alice = 'alice' as UserName;
const START = 1_790_000_000_000;
const DAY = 86_400_000;

let parent: string;
let folder: string;
let db: DatabaseSync | undefined;
let engine: Engine | undefined;
let mono = 0;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'uchat-space-'));
  folder = join(parent, 'data');
  mkdirSync(folder, { mode: 0o700 });
});
afterEach(async () => {
  close();
  await rm(parent, { recursive: true });
});

const file = (): string => join(folder, 'uchat.db');
const bytes = (): Buffer => readFileSync(file());

/** In this thread: nothing happens but what is asked for. */
function open(): { db: DatabaseSync; engine: Engine } {
  close();
  const database = openDatabase(folder, 'process');
  [db, engine, mono] = [database, new Engine(database, folder), 0];
  return { db, engine };
}

function close(): void {
  db?.close();
  engine?.close();
  [db, engine] = [undefined, undefined];
}

function say(texts: readonly string[], time = START, room = LOBBY): void {
  const run: AppendRun = {
    kind: 'appends',
    rooms: texts.map(() => room),
    authors: texts.map(() => alice),
    texts: [...texts],
    times: texts.map(() => unixMs(time)),
    ids: texts.map((): ClientId | null => null),
    answers: [],
  };
  engine?.run([run]);
}

function deletion(room: RoomName, place: number): Step {
  const audit = { time: unixMs(1), by: alice, action: 'delete', target: '', detail: '' };
  const change = {
    room,
    seq: place as Seq,
    by: alice,
    time: unixMs(1),
    what: { kind: 'delete' },
    may: { kind: 'any' },
  } as const;
  return { kind: 'change', change, limits: { emoji: 1, reactions: 1 }, audit };
}

/** Time passes, and what is over goes. @returns where the lobby begins by then. */
function retain(rule: Keep, wall: number, passed = 0): number | undefined {
  mono += passed;
  let first: number | undefined;
  for (let more = true; more; ) {
    const [answer] = engine?.run([{ kind: 'retain', retain: { rule, wall: unixMs(wall), mono } }]) ?? [];
    if (answer?.kind !== 'retain') throw new Error(JSON.stringify(answer));
    ({ more } = answer.done);
    first = answer.done.rooms.find(({ room }) => room === LOBBY)?.first ?? first;
  }
  return first;
}

/** All that there is to do at rest. @returns in how many steps. */
function rest(): number {
  let steps = 1;
  while (engine?.chore() === true) steps++;
  return steps;
}

const wordOf = (n: number): string => `w${((n * 2_654_435_761) % 2 ** 32).toString(36)}x${n.toString(36)}`;
const textOf = (n: number): string => Array.from({ length: 12 }, (_, i) => wordOf(n * 12 + i)).join(' ');
const many = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => textOf(from + i));

describe('a database', () => {
  test('gives back what was removed, while it is used', () => {
    open();
    // Long, and of one word, so that the index has little to do.
    for (let n = 0; n < 20; n++) say(Array.from({ length: 200 }, () => 'again '.repeat(1000)));
    rest();
    const before = statSync(file()).size;
    expect(before).toBeGreaterThan(20_000_000);
    expect(retain({ bytes: 100_000 }, START)).toBeGreaterThan(3900);
    // In many steps, each of some pages.
    expect(rest()).toBeGreaterThan(20);
    expect(statSync(file()).size).toBeLessThan(before / 2);
    // What is left is sound, and so is the index.
    expect(db?.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db?.exec("INSERT INTO search (search) VALUES ('integrity-check')");
  }, 30_000);

  test('that could not is made so at its next start, where that takes no time', () => {
    const old = new DatabaseSync(file());
    migrate(old, MIGRATIONS.slice(0, 6));
    old.exec(`INSERT INTO messages (id, author, time, text) VALUES (4294967297, 'alice', 5, 'kept')`);
    old.exec('UPDATE rooms SET last = 1');
    expect(old.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 0 });
    expect(cannotShrink(old)).toContain('uchat backup');
    old.close();
    open();
    expect(db?.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
    expect(db === undefined ? '' : cannotShrink(db)).toBeUndefined();
    expect(db?.prepare('SELECT text FROM messages').all()).toEqual([{ text: 'kept' }]);
  });
});

describe('what is removed', () => {
  test('is in no file a while later, and does not come back when its pages are used again', () => {
    open();
    const rooms = [LOBBY, ...['#a', '#b', '#c', '#d'].map((name) => name as RoomName)];
    engine?.run(rooms.map((room) => ({ kind: 'createRoom', room, time: unixMs(1) })));
    // Of all lengths, in rooms by turns, so that pages are split and pieces are left in them.
    const said = Array.from({ length: 2000 }, (_, n) => ({
      room: rooms[(n * 7 + (n % 13)) % rooms.length] ?? LOBBY,
      words: Array.from({ length: n % 97 === 0 ? 300 : 1 + ((n * n) % 17) }, (_word, i) => wordOf(n * 300 + i)),
    }));
    const places = new Map<RoomName, number>();
    const gone = new Set<string>();
    const deletions: Step[] = [];
    for (const [n, { room, words }] of said.entries()) {
      const seq = (places.get(room) ?? 0) + 1;
      places.set(room, seq);
      say([words.join(' ')], START, room);
      if (n % 10 !== 3) continue;
      for (const word of words) gone.add(word);
      deletions.push(deletion(room, seq));
    }
    engine?.run(deletions);
    const found = (): string[] => {
      db?.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      const all = bytes()
        .toString('latin1')
        .match(/w[0-9a-z]+x[0-9a-z]+/g);
      expect(all?.length).toBeGreaterThan(1000);
      return all?.filter((word) => gone.has(word)) ?? [];
    };
    expect(found()).not.toEqual([]);
    rest();
    expect(found()).toEqual([]);
    // The pages that were cleared are written anew, from what SQLite holds of them.
    db?.exec('UPDATE messages SET time = time + 1');
    expect(found()).toEqual([]);
  });

  test('because it was kept long enough is in no file a while later either', () => {
    open();
    say(many(0, 3000));
    rest();
    retain({ bytes: 50_000 }, START);
    rest();
    const first = Number(db?.prepare('SELECT first FROM rooms').get()?.first);
    expect(first).toBeGreaterThan(2000);
    const gone = new Set(Array.from({ length: (first - 1) * 12 }, (_, n) => wordOf(n)));
    const disk = bytes().toString('latin1');
    expect((disk.match(/w[0-9a-z]+x[0-9a-z]+/g) ?? []).filter((word) => gone.has(word))).toEqual([]);
    expect(disk).toContain(wordOf(2999 * 12));
    expect(statSync(`${file()}-wal`).size).toBe(0);
  });

  test('has left no words by which the index finds its pages, also where the index was of one piece', () => {
    open();
    say(many(0, 4000));
    rest();
    // The index is of one piece from here on.
    retain({ bytes: 800_000 }, START);
    rest();
    open();
    retain({ bytes: 50_000 }, START);
    rest();
    db?.exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, search, 'row')");
    const terms = (db?.prepare('SELECT term FROM temp.terms').all() ?? []).map(({ term }) => String(term));
    const words = new Set(terms.flatMap((term) => Array.from({ length: term.length }, (_, i) => term.slice(0, i + 1))));
    const heads = (db?.prepare('SELECT DISTINCT CAST(term AS TEXT) AS term FROM search_idx').all() ?? [])
      // The first character says of which index.
      .map(({ term }) => String(term).slice(1))
      .filter((term) => term !== '');
    expect(heads.length).toBeGreaterThan(5);
    expect(heads.filter((head) => !words.has(head))).toEqual([]);
  }, 30_000);
});

describe('work past SQLite', () => {
  const work = (): string => {
    expect(statSync(`${file()}-wal`).size).toBe(0);
    return 'done';
  };

  test('has all of the data in the file, and keeps others from writing', () => {
    const { db: own } = open();
    say(['a word that is only in the log']);
    const other = new DatabaseSync(file(), { timeout: 0 });
    const came = onBareFile(own, file(), () => {
      expect(bytes().includes('a word that is only in the log')).toBe(true);
      expect(() => other.exec('CREATE TABLE theirs (x)')).toThrow('locked');
      return work();
    });
    expect(came).toBe('done');
    // As before, they may.
    other.exec('CREATE TABLE theirs (x)');
    expect(onBareFile(own, file(), work)).toBe('done');
    other.close();
  });

  test('waits for a better time while another program writes, or reads what is in the log', () => {
    const { db: own } = open();
    say(['x']);
    const other = new DatabaseSync(file(), { timeout: 0 });
    for (const begin of ['BEGIN IMMEDIATE', 'BEGIN; SELECT * FROM messages']) {
      say(['y']);
      other.exec(begin);
      expect(onBareFile(own, file(), work)).toBeUndefined();
      expect(own.isTransaction).toBe(false);
      other.exec('ROLLBACK');
      expect(onBareFile(own, file(), work)).toBe('done');
    }
    other.close();
  });

  test('that fails leaves nothing open', () => {
    const { db: own } = open();
    const failing = () => {
      throw new Error('no');
    };
    expect(() => onBareFile(own, file(), failing)).toThrow('no');
    expect(own.isTransaction).toBe(false);
    say(['and more']);
    expect(own.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 1 });
  });
});

describe('messages of before there were rules', () => {
  /** One a day, of each the time that stands on it. */
  function old(times: readonly number[]): void {
    const before = new DatabaseSync(file());
    migrate(before, MIGRATIONS.slice(0, 6));
    const add = before.prepare("INSERT INTO messages (id, author, time, text) VALUES (?, 'alice', ?, 'x')");
    for (const [i, time] of times.entries()) add.run(4_294_967_297 + i, time);
    before.prepare('UPDATE rooms SET last = ?').run(times.length);
    before.close();
    open();
  }
  const days = (...more: readonly number[]): number[] => more.map((day) => START + day * DAY);

  test('are as old as they say', () => {
    old(days(0, 10, 95, 99, 100));
    expect(retain({ age: 90 * DAY }, START + 100 * DAY)).toBe(3);
  });

  test('some of which were stamped by a clock that was wrong go no sooner, and all some time', () => {
    old([...days(0, 10), 1000, ...days(95, 40_000, 99, 100)]);
    expect(retain({ age: 90 * DAY }, START + 100 * DAY)).toBe(3);
    let first: number | undefined;
    for (let day = 1; day <= 92; day++) first = retain({ age: 90 * DAY }, START + (100 + day) * DAY, DAY) ?? first;
    expect(first).toBe(8);
  });

  test('do not go at once because the clock is wrong at the first start', () => {
    old(days(0, 10, 95, 99, 100));
    expect(retain({ age: 90 * DAY }, START + 20_000 * DAY)).toBe(3);
    expect(retain({ age: 90 * DAY }, START + 20_000 * DAY + DAY / 2, DAY / 2)).toBeUndefined();
  });
});

describe('a page', () => {
  /** A leaf of a table with two cells at its end. */
  function leaf(): Uint8Array {
    const page = new Uint8Array(512);
    const view = new DataView(page.buffer);
    page[0] = 13;
    view.setUint16(3, 2);
    view.setUint16(5, 400);
    view.setUint16(8, 450);
    view.setUint16(10, 400);
    return page;
  }

  test('has nothing between the places of its cells and its cells', () => {
    expect(gapOf(leaf())).toEqual({ from: 12, to: 400 });
    const inner = leaf();
    inner[0] = 5;
    new DataView(inner.buffer).setUint32(8, 7);
    new DataView(inner.buffer).setUint16(12, 450);
    new DataView(inner.buffer).setUint16(14, 400);
    expect(gapOf(inner)).toEqual({ from: 16, to: 400 });
  });

  test.each([
    ['of another kind', (page: Uint8Array) => page.set([1], 0)],
    ['with a cell before its cells', (page: Uint8Array) => page.set([0, 20], 8)],
    ['with a cell behind its end', (page: Uint8Array) => page.set([255, 255], 8)],
    ['with more cells than it has room for', (page: Uint8Array) => page.set([1, 0], 3)],
    ['whose cells begin behind its end', (page: Uint8Array) => page.set([2, 1], 5)],
  ])('%s is left alone', (_, damage) => {
    const page = leaf();
    damage(page);
    expect(gapOf(page)).toBeUndefined();
  });

  test('is of a tree where the page of pointers before it says so', () => {
    expect([2, 3, 821, 822, 823].map((page) => pointersOf(page, 4096))).toEqual([2, 2, 2, 822, 822]);
    // Root, free, overflow, overflow, inner.
    const pointers = new Uint8Array(4096);
    for (const [i, kind] of [1, 2, 3, 4, 5].entries()) pointers[i * 5] = kind;
    expect([3, 4, 5, 6, 7, 8].map((page) => isOfTree(pointers, 2, page))).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
  });
});
