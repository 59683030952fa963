/**
 * The room that the database takes: given back while the server runs, and cleared of what was deleted.
 *
 * A page that is freed is filled with zeros (`secure_delete`), and so is a row. But two things stay. Where a page is split or
 * two are made one, pieces of rows that went to another page are left where the page has nothing; SQLite never reads them,
 * and never clears them. And the full-text index finds its pages by words, which stay there when nothing has them any more.
 * So when something was deleted, the index is made into one piece, and then the file is gone through page by page, and what
 * SQLite says to be nothing is filled with zeros. That needs no second copy of the data, and can be done in slices.
 *
 * It is written past SQLite. That is safe because the log is empty then and nobody else can write, the zeros go only where
 * a page says itself that it has nothing (and a page of pointers, that it is one of a tree), and SQLite is made to forget
 * what it holds of such pages.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { onBareFile } from './database.ts';
import { gapOf, INCREMENTAL, isOfTree, pointersOf, stretchOf } from './pages.ts';
import { asNumber } from './rows.ts';

/** Pages that are given back at a time: about a millisecond. */
const GIVEN_BACK_AT_A_TIME = 64;
/** Free pages that are kept for what comes: a part of all, and at least so many (4 MB). */
const KEPT_FREE_PART = 16;
const KEPT_FREE = 1024;
/** Pages that are looked through at a time: half a megabyte, about a millisecond where the kernel has it in memory. */
const LOOKED_THROUGH_AT_A_TIME = 128;
/** Pages of the index that the command to make it one piece merges itself; the others follow in slices. */
const MERGED_AT_FIRST = -16;
/** Milliseconds between the end of one pass and the beginning of the next; of a large file (bytes) more. */
const PAUSE_MS = 3600 * 1000;
const LARGE = 1024 ** 3;
const LARGE_PAUSE_MS = 24 * 3600 * 1000;
/** A row that no room has. */
const NO_ROW = 0;

/** none ──► merging ──► looking ──► none */
type Pass = { readonly kind: 'none' | 'merging' } | { readonly kind: 'looking'; readonly page: number };

function prepare(db: DatabaseSync) {
  return {
    isWanted: db.prepare("SELECT 1 FROM chores WHERE name = 'vacuum'"),
    isDone: db.prepare("DELETE FROM chores WHERE name = 'vacuum'"),
    free: db.prepare('PRAGMA freelist_count'),
    pages: db.prepare('PRAGMA page_count'),
    pageSize: db.prepare('PRAGMA page_size'),
    mode: db.prepare('PRAGMA auto_vacuum'),
    add: db.prepare("INSERT INTO search (rowid, author, text) VALUES (?, '', 'x')"),
    remove: db.prepare("INSERT INTO search (search, rowid, author, text) VALUES ('delete', ?, '', 'x')"),
    merge: db.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)"),
  } satisfies Record<string, StatementSync>;
}

const numberOf = (statement: StatementSync): number => asNumber(Object.values(statement.get() ?? {})[0]);

export class Space {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #now: () => number;
  readonly #do: ReturnType<typeof prepare>;
  readonly #pageSize: number;
  #pass: Pass = { kind: 'none' };
  /** When the next pass may begin, on the clock of `now`. */
  #nextAt = -Infinity;
  /** Something was deleted since the pass began. */
  #isErased = false;
  /**
   * The file that is open, whatever stands under its name later. It stays open: to close any descriptor of a file drops all
   * locks that the process has on it.
   */
  readonly #file: number | undefined;

  /** @param now milliseconds on a clock that is never set. */
  constructor(db: DatabaseSync, path: string, now: () => number) {
    this.#db = db;
    this.#path = path;
    this.#now = now;
    this.#do = prepare(db);
    this.#pageSize = numberOf(this.#do.pageSize);
    // In an older database nothing says which pages are of a tree.
    this.#file = numberOf(this.#do.mode) === INCREMENTAL ? openSync(path, 'r+') : undefined;
  }

  /** Something is being deleted. */
  erased(): void {
    this.#isErased = true;
  }

  /** Does a bit, outside of a transaction, when the index has nothing to do. @returns whether there is more. */
  step(): boolean {
    if (this.#file === undefined) return false;
    switch (this.#pass.kind) {
      case 'none':
        return this.#giveBack() || this.#begin();
      case 'merging':
        // What there was to merge is merged.
        this.#pass = { kind: 'looking', page: 2 };
        return true;
      case 'looking':
        return this.#look(this.#file, this.#pass.page);
    }
  }

  /** Once the database is closed. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #giveBack(): boolean {
    const kept = Math.max(KEPT_FREE, numberOf(this.#do.pages) / KEPT_FREE_PART);
    if (numberOf(this.#do.free) <= kept) return false;
    this.#db.exec(`PRAGMA incremental_vacuum(${GIVEN_BACK_AT_A_TIME})`);
    return true;
  }

  #begin(): boolean {
    if (this.#now() < this.#nextAt || this.#do.isWanted.get() === undefined) return false;
    this.#isErased = false;
    // An index of one piece counts as made into one, whatever is in it: so it gets another.
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#do.add.run(NO_ROW);
      this.#do.merge.run(MERGED_AT_FIRST);
      this.#do.remove.run(NO_ROW);
      this.#db.exec('COMMIT');
    } finally {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    }
    this.#pass = { kind: 'merging' };
    return true;
  }

  #look(file: number, from: number): boolean {
    const pointers = pointersOf(from, this.#pageSize);
    // Up to the next page of pointers, which says what the pages behind it are.
    const next = pointers + stretchOf(this.#pageSize);
    const first = Math.max(from, pointers + 1);
    const looked = onBareFile(this.#db, this.#path, () => {
      const end = Math.floor(fstatSync(file).size / this.#pageSize);
      const to = Math.min(first + LOOKED_THROUGH_AT_A_TIME, next, end + 1);
      return { isCleared: this.#clear(file, pointers, first, to), to, isEnd: to > end };
    });
    // While somebody else reads the database, as a backup does, or writes to it, it can't be done: then later.
    if (looked === undefined) throw new StoreError('failed', 'somebody else is at the log that is to be emptied');
    if (looked.isCleared) this.#db.exec('PRAGMA shrink_memory');
    if (looked.isEnd) this.#end();
    else this.#pass = { kind: 'looking', page: looked.to };
    // Also at the end: the index has freed pages.
    return true;
  }

  /** Of pages from `first` up to, but not with, `to`. @returns whether there was anything to clear. */
  #clear(file: number, at: number, first: number, to: number): boolean {
    if (to <= first) return false;
    const size = this.#pageSize;
    const pointers = read(file, size, at, 1);
    const pages = read(file, size, first, to - first);
    const zeros = new Uint8Array(size);
    let isCleared = false;
    for (let page = first; page < to; page += 1) {
      const content = pages.subarray((page - first) * size, (page - first + 1) * size);
      const gap = isOfTree(pointers, at, page) ? gapOf(content) : undefined;
      if (gap === undefined) continue;
      const nothing = zeros.subarray(0, gap.to - gap.from);
      if (Buffer.compare(content.subarray(gap.from, gap.to), nothing) === 0) continue;
      writeSync(file, nothing, 0, nothing.length, (page - 1) * size + gap.from);
      isCleared = true;
    }
    return isCleared;
  }

  #end(): void {
    // What was deleted meanwhile may have been copied to where it was looked already.
    if (!this.#isErased) this.#do.isDone.run();
    this.#pass = { kind: 'none' };
    const size = numberOf(this.#do.pages) * this.#pageSize;
    this.#nextAt = this.#now() + (size > LARGE ? LARGE_PAUSE_MS : PAUSE_MS);
  }
}

function read(file: number, pageSize: number, page: number, count: number): Buffer {
  const bytes = Buffer.alloc(pageSize * count);
  readSync(file, bytes, 0, bytes.length, (page - 1) * pageSize);
  return bytes;
}
