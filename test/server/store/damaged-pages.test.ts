/**
 * Pages of the database with something else in them, as a failing disk gives them back. SQLite keeps no checksums, so what
 * can be told is what no longer fits together: then it is said, and never is a wrong message read or the rest thrown away.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openDatabase } from '../../../src/server/store/sqlite/database.ts';
import { Engine } from '../../../src/server/store/sqlite/engine.ts';
import { toStoreError } from '../../../src/server/store/sqlite/errors.ts';
import type { Answer } from '../../../src/server/store/sqlite/wire.ts';
import { chanceOf } from '../../crash/seed.ts';

const PAGE = 4096;
const MESSAGES = 120;
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let parent: string;
let good: Buffer;

const textOf = (seq: number): string => `message ${seq} ${'z'.repeat((seq % 4) * 60)}`;
const indices = Array.from({ length: MESSAGES }, (_, i) => i + 1);

beforeAll(() => {
  parent = mkdtempSync(join(SCRATCH, 'uchat-pages-'));
  const db = openDatabase(parent, 'process');
  const engine = new Engine(db, parent);
  engine.run([
    {
      kind: 'appends',
      rooms: indices.map(() => LOBBY),
      authors: indices.map(() => 'alice' as UserName),
      texts: indices.map(textOf),
      times: indices.map(() => 1 as UnixMs),
      ids: indices.map((seq) => `id-${seq}` as ClientId),
      answers: [],
    },
  ]);
  while (engine.chore());
  db.close();
  good = readFileSync(join(parent, 'uchat.db'));
});
afterAll(() => rmSync(parent, { recursive: true }));

type Outcome = 'refused' | 'told' | 'whole';

/** What comes of a database with these bytes. Throws where something is wrong that nobody is told of. */
function use(bytes: Buffer): Outcome {
  const folder = mkdtempSync(join(parent, 'copy-'));
  const path = join(folder, 'uchat.db');
  writeFileSync(path, bytes, { mode: 0o600 });
  let db: ReturnType<typeof openDatabase> | undefined;
  try {
    db = openDatabase(folder, 'process');
    const engine = new Engine(db, folder);
    return read(engine);
  } catch (error) {
    expect(toStoreError(error, folder).code).toBe('damaged');
    if (db === undefined) expect(readFileSync(path).equals(bytes)).toBe(true);
    return 'refused';
  } finally {
    db?.close();
    rmSync(folder, { recursive: true });
  }
}

function read(engine: Engine): Outcome {
  let told = false;
  const ok = <K extends Answer['kind']>(
    answer: Answer | undefined,
    kind: K,
  ): Extract<Answer, { kind: K }> | undefined => {
    if (answer?.kind === 'refused') {
      expect(answer.code).toBe('damaged');
      told = true;
      return undefined;
    }
    expect(answer?.kind).toBe(kind);
    return answer as Extract<Answer, { kind: K }>;
  };
  ok(engine.run([{ kind: 'rooms' }])[0], 'rooms');
  for (let since = 0; since < MESSAGES; since += 40) {
    const page = { kind: 'since', seq: since as Seq } as const;
    const [answer] = engine.run([{ kind: 'history', room: LOBBY, page, limit: 40, maxBytes: 1_000_000 }]);
    for (const { seq, text } of ok(answer, 'history')?.page.messages ?? []) expect(text).toBe(textOf(seq));
  }
  const [placed] = engine.run([
    {
      kind: 'appends',
      rooms: [LOBBY],
      authors: ['bob' as UserName],
      texts: ['one more'],
      times: [2 as UnixMs],
      ids: ['more' as ClientId],
      answers: [],
    },
  ]);
  const seqs = ok(placed, 'appends')?.seqs;
  if (seqs !== undefined) expect(seqs).toEqual([MESSAGES + 1]);
  return told ? 'told' : 'whole';
}

test('a page of nothing, or of chance, is refused at the start or told by the calls that meet it', () => {
  const chance = chanceOf(7);
  const outcomes = new Map<Outcome, number>();
  const pages = good.length / PAGE;
  for (let page = 0; page < pages; page += 1) {
    for (const fill of ['nothing', 'chance'] as const) {
      const bytes = Buffer.from(good);
      for (let i = 0; i < PAGE; i += 1) bytes[page * PAGE + i] = fill === 'nothing' ? 0 : chance.below(256);
      const outcome = use(bytes);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  // The first page has what a database begins with.
  expect(outcomes.get('refused')).toBeGreaterThan(2);
  expect(outcomes.get('told')).toBeGreaterThan(2);
});

test('what begins with anything else is no database, and stays as it is', () => {
  for (const head of ['', 'SQLite format 2', 'GIF89a', '{"rooms":[]}']) {
    const bytes = Buffer.from(good);
    bytes.write(head.padEnd(16, '\0'), 0, 'latin1');
    expect(use(bytes)).toBe('refused');
  }
});

test('an empty file is a new store, since one that was killed at its very first moment has left it so', () => {
  const folder = mkdtempSync(join(parent, 'copy-'));
  writeFileSync(join(folder, 'uchat.db'), '', { mode: 0o600 });
  const db = openDatabase(folder, 'process');
  expect(new Engine(db, folder).run([{ kind: 'rooms' }])).toMatchObject([{ kind: 'rooms', rooms: [{ last: 0 }] }]);
  db.close();
});

test('a whole one is whole', () => {
  expect(use(good)).toBe('whole');
});
