/**
 * The write-ahead log, cut off at every page and inside of pages, or with a byte of it changed, as a failing disk or a hand
 * leaves it. What is lost may only be its end: all up to one commit is there, and nothing of those after it.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openDatabase } from '../../../src/server/store/sqlite/database.ts';
import { Engine } from '../../../src/server/store/sqlite/engine.ts';
import type { Answer, Step } from '../../../src/server/store/sqlite/wire.ts';

/** SQLite's file format, 4.1: the log's header, and that of each page in it. */
const LOG_HEADER = 32;
const PAGE = 24 + 4096;
const BATCHES = 12;
/** In memory where there is such a place: hundreds of stores are opened, and each flushes. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What a reader sees: texts by their places, and how many changes there were. */
interface Sight {
  readonly texts: readonly string[];
  readonly rev: number;
}

let parent: string;
let log: Buffer;
/** After each batch, oldest first; the first is the empty store. */
const sights: Sight[] = [];

const alice = 'alice' as UserName;

function appends(...texts: readonly string[]): Step {
  return {
    kind: 'appends',
    rooms: texts.map(() => LOBBY),
    authors: texts.map(() => alice),
    texts: [...texts],
    times: texts.map(() => 1 as UnixMs),
    ids: texts.map((text) => text.slice(0, 20).replaceAll(' ', '-') as ClientId),
    answers: [],
  };
}

function edit(seq: number, text: string): Step {
  return {
    kind: 'change',
    change: {
      room: LOBBY,
      seq: seq as Seq,
      by: alice,
      time: 2 as UnixMs,
      what: { kind: 'edit', text },
      may: { kind: 'own', after: 0 as Seq },
    },
    limits: { emoji: 10, reactions: 10 },
    audit: { time: 2 as UnixMs, by: alice, action: 'delete', target: LOBBY, detail: '' },
  };
}

/** The n-th batch: messages, some of them long, and now and then a change of an earlier one. */
const batch = (n: number): Step[] => [
  appends(...Array.from({ length: 1 + (n % 3) }, (_, i) => `word${n}x${i} ${'y'.repeat((n % 5) * 500)}`)),
  ...(n % 4 === 3 ? [edit(n - 1, `mended${n}`)] : []),
];

function sight(engine: Engine): Sight {
  const [rooms, page] = engine.run([
    { kind: 'rooms' },
    { kind: 'history', room: LOBBY, page: { kind: 'since', seq: 0 as Seq }, limit: 200, maxBytes: 1_000_000 },
  ]);
  if (rooms?.kind !== 'rooms' || page?.kind !== 'history')
    throw new Error(`the store can't be read: ${JSON.stringify([rooms, page])}`);
  const [lobby] = rooms.rooms;
  const { messages } = page.page;
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => i + 1));
  expect(lobby?.last).toBe(messages.length);
  return { texts: messages.map(({ text }) => text), rev: lobby?.rev ?? 0 };
}

/** Opens a copy of the data with this log, as a server does after its death, and does something with it. */
function withLog<T>(bytes: Buffer, work: (engine: Engine) => T): T {
  const folder = mkdtempSync(join(parent, 'copy-'));
  copyFileSync(join(parent, 'uchat.db'), join(folder, 'uchat.db'));
  writeFileSync(join(folder, 'uchat.db-wal'), bytes);
  const db = openDatabase(folder, 'full');
  try {
    return work(new Engine(db, folder));
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

const indexOf = (seen: Sight): number => sights.findIndex((one) => JSON.stringify(one) === JSON.stringify(seen));

beforeAll(() => {
  parent = mkdtempSync(join(SCRATCH, 'uchat-cut-'));
  const folder = join(parent, 'data');
  mkdirSync(folder);
  // What a new store is made of is in the database itself; the messages are in the log alone.
  openDatabase(folder, 'full').close();
  const db = openDatabase(folder, 'full');
  const engine = new Engine(db, folder);
  sights.push(sight(engine));
  for (let n = 0; n < BATCHES; n += 1) {
    const answers: readonly Answer[] = engine.run(batch(n));
    expect(answers.map(({ kind }) => kind)).not.toContain('refused');
    sights.push(sight(engine));
  }
  // As a kill leaves it: nobody has closed it.
  copyFileSync(join(folder, 'uchat.db'), join(parent, 'uchat.db'));
  log = readFileSync(join(folder, 'uchat.db-wal'));
  db.close();
});
afterAll(() => rmSync(parent, { recursive: true }));

test('cut off anywhere, it has all up to one commit, and the more of it is left the later that is', () => {
  const ends = [0, LOG_HEADER - 1, LOG_HEADER];
  for (let end = LOG_HEADER + PAGE; end <= log.length; end += PAGE) ends.push(end - PAGE + 23, end - 1000, end);
  let before = 0;
  const seen = new Set<number>();
  for (const end of ends) {
    const at = withLog(log.subarray(0, end), (engine) => indexOf(sight(engine)));
    expect(at).toBeGreaterThanOrEqual(before);
    before = at;
    seen.add(at);
  }
  // Each commit was the last one once, and the whole log has them all.
  expect(seen.size).toBe(BATCHES + 1);
  expect(before).toBe(BATCHES);
});

test('with a byte changed anywhere, it has all up to a commit before it', () => {
  for (let at = LOG_HEADER + 1; at < log.length; at += Math.floor(PAGE * 1.7)) {
    const bytes = Buffer.from(log);
    bytes[at] = (bytes[at] ?? 0) ^ 0x40;
    const intact = withLog(log.subarray(0, at), (engine) => indexOf(sight(engine)));
    expect(withLog(bytes, (engine) => indexOf(sight(engine)))).toBe(intact);
  }
});

test('cut off, the store goes on: the places that are free are given anew, ids that are lost are new, and searches fit', () => {
  const half = LOG_HEADER + PAGE * Math.floor((log.length - LOG_HEADER) / PAGE / 2);
  withLog(log.subarray(0, half), (engine) => {
    const { texts } = sight(engine);
    expect(texts.length).toBeGreaterThan(5);
    // What is left is known by its id, and what was lost can be said again under its own.
    const known = engine.run([appends(texts[0] ?? '')]);
    expect(known).toMatchObject([{ kind: 'appends', others: [{ came: { seq: 1, fresh: false } }] }]);
    const lost = sights.at(-1)?.texts.at(-1) ?? '';
    expect(engine.run([appends(lost)])).toMatchObject([{ kind: 'appends', seqs: [texts.length + 1] }]);
    let goals: readonly { readonly room: typeof LOBBY; readonly upTo?: number }[] = [{ room: LOBBY }];
    while (goals.length > 0) {
      const [answer] = engine.run([{ kind: 'index', goals }]);
      goals = answer?.kind === 'index' ? answer.left : [];
    }
    const find = (word: string) =>
      engine.run([
        {
          kind: 'find',
          room: LOBBY,
          match: `"${word}"`,
          from: null,
          before: null,
          limit: 10,
          within: 1000,
          stretch: null,
        },
      ]);
    const [word = ''] = lost.split(' ');
    expect(find(word)).toMatchObject([{ kind: 'find', hits: [{ n: 2 ** 32 + texts.length + 1 }] }]);
    expect(sight(engine).texts).toEqual([...texts, lost]);
  });
});

test('without the index of the log, or with one that belongs to another log, nothing is missing', () => {
  const folder = mkdtempSync(join(parent, 'copy-'));
  copyFileSync(join(parent, 'uchat.db'), join(folder, 'uchat.db'));
  writeFileSync(join(folder, 'uchat.db-wal'), log);
  writeFileSync(join(folder, 'uchat.db-shm'), Buffer.alloc(32_768, 7));
  const db = openDatabase(folder, 'full');
  expect(indexOf(sight(new Engine(db, folder)))).toBe(BATCHES);
  db.close();
  expect(statSync(join(folder, 'uchat.db')).size).toBeGreaterThan(0);
});

test('a database that has lost its end is refused or read in part, and never read wrongly', () => {
  const folder = mkdtempSync(join(parent, 'copy-'));
  const path = join(folder, 'uchat.db');
  copyFileSync(join(parent, 'uchat.db'), path);
  truncateSync(path, 4096 * 3);
  const use = (): Sight => {
    const db = openDatabase(folder, 'full');
    try {
      return sight(new Engine(db, folder));
    } finally {
      db.close();
    }
  };
  expect(use).toThrow();
  expect(readFileSync(path)).toEqual(readFileSync(join(parent, 'uchat.db')).subarray(0, 4096 * 3));
});
