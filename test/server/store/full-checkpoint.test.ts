/** A disk that is full when the log is to be written into the database. */
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClientId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openDatabase } from '../../../src/server/store/sqlite/database.ts';
import { Engine } from '../../../src/server/store/sqlite/engine.ts';
import { toStoreError } from '../../../src/server/store/sqlite/errors.ts';
import type { Step } from '../../../src/server/store/sqlite/wire.ts';
import { mayMount, mountMemory } from './mounted.ts';

const MESSAGES = 100;
const alice = 'alice' as UserName;

const append = (n: number): Step => ({
  kind: 'appends',
  rooms: [LOBBY],
  authors: [alice],
  texts: [`${n} ${'x'.repeat(5000)}`],
  times: [1 as UnixMs],
  ids: [`id-${n}` as ClientId],
  answers: [],
});

const remove = (seq: number): Step => ({
  kind: 'change',
  change: {
    room: LOBBY,
    seq: seq as Seq,
    by: alice,
    time: 2 as UnixMs,
    what: { kind: 'delete' },
    may: { kind: 'own', after: 0 as Seq },
  },
  limits: { emoji: 10, reactions: 10 },
  audit: { time: 2 as UnixMs, by: alice, action: 'delete', target: LOBBY, detail: '' },
});

function chores(engine: Engine): void {
  while (engine.chore());
}

describe.runIf(mayMount())('a full disk', () => {
  test('leaves all in the log, where it is read from, and it is written back when there is room', () => {
    const disk = mountMemory('6m');
    const ballast = join(disk.path, 'ballast');
    try {
      const folder = join(disk.path, 'data');
      mkdirSync(folder);
      const log = join(folder, 'uchat.db-wal');
      let db = openDatabase(folder, 'full');
      let engine = new Engine(db, folder);
      for (let n = 1; n <= MESSAGES; n += 1)
        expect(engine.run([append(n)])).toMatchObject([{ kind: 'appends', seqs: [n] }]);
      chores(engine);
      // After a deletion the log is emptied at the next rest.
      expect(engine.run([remove(1)])).toMatchObject([{ kind: 'change', came: { kind: 'changed' } }]);
      try {
        writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
      } catch {
        truncateSync(ballast, statSync(ballast).size - 64 * 1024);
      }
      const size = statSync(log).size;
      let thrown: unknown;
      try {
        chores(engine);
      } catch (error) {
        thrown = error;
      }
      expect(toStoreError(thrown, folder).code).toBe('disk_full');
      expect(statSync(log).size).toBeGreaterThanOrEqual(size);
      const texts = (): string[] => {
        const page = { kind: 'since', seq: 0 as Seq } as const;
        const [answer] = engine.run([{ kind: 'history', room: LOBBY, page, limit: 500, maxBytes: 10_000_000 }]);
        return answer?.kind === 'history' ? answer.page.messages.map(({ text }) => text.split(' ')[0] ?? '') : [];
      };
      const all = ['', ...Array.from({ length: MESSAGES - 1 }, (_, i) => `${i + 2}`)];
      expect(texts()).toEqual(all);
      // So it is after a death, too: the next one finds the log.
      db.close();
      db = openDatabase(folder, 'full');
      engine = new Engine(db, folder);
      expect(texts()).toEqual(all);
      rmSync(ballast);
      expect(engine.run([append(MESSAGES + 1), remove(2)])).toMatchObject([
        { seqs: [MESSAGES + 1] },
        { kind: 'change' },
      ]);
      chores(engine);
      expect(statSync(log).size).toBe(0);
      expect(texts()).toEqual(['', '', ...all.slice(2), `${MESSAGES + 1}`]);
      db.close();
    } finally {
      disk.unmount();
    }
  });
});
