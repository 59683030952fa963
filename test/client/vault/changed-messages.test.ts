import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { ClientId, UnixMs } from '../../../src/base/ids.ts';
import { APPLICATION_ID, MIGRATIONS, migrate } from '../../../src/client/vault/database.ts';
import { HEAD_BYTES, LogFile } from '../../../src/client/vault/log-file.ts';
import { FrameReader } from '../../../src/client/vault/log-frames.ts';
import { openVaultReader } from '../../../src/client/vault/open.ts';
import { Sessions } from '../../../src/client/vault/sessions.ts';
import { CHANGEABLE_AMONG, MAX_NOTED } from '../../../src/peer/vault.ts';
import { BOB, ME, record, session } from '../../peer/vault-conformance.ts';
import { SERVER, useHome } from './folder.ts';

const home = useHome();
const SEAL = { key: new Uint8Array(32).fill(1), file: new Uint8Array(32).fill(2) };
const path = (): string => join(home.folder, 'some.log');
const logFile = (): LogFile => new LogFile(path(), BOB, SEAL);
const ref = (n: number) => ({ from: record(n).from, id: record(n).id });

/** What whoever has the key finds in the file, record by record. */
async function opened(): Promise<string> {
  const { openSync, closeSync } = await import('node:fs');
  const file = openSync(path(), 'r');
  const reader = new FrameReader(file, SEAL, HEAD_BYTES);
  let all = '';
  let edge = { end: statSync(path()).size, place: Number.POSITIVE_INFINITY };
  for (let frame = reader.search(edge.end, edge.place); frame !== undefined; frame = reader.before(edge)) {
    all += Buffer.from(reader.open(frame) ?? []).toString();
    edge = { end: frame.start, place: frame.place };
  }
  closeSync(file);
  return all;
}

describe('a message that was deleted', () => {
  test('is not in the file any more for whoever has the key, and all else stays where it is', async () => {
    const log = logFile();
    for (let n = 0; n < 5; n++) log.append(record(n, { text: `secret ${n}` }));
    const size = statSync(path()).size;
    expect(await opened()).toContain('secret 2');
    log.blank(ME, record(2).id);
    expect(statSync(path()).size).toBe(size);
    const found = await opened();
    expect(found).not.toContain('secret 2');
    expect(found).toContain('secret 1');
    expect(logFile().page(undefined, 10)).toMatchObject({
      records: [{ at: 0 }, { at: 1 }, { at: 2, text: '', deleted: true }, { at: 3, text: 'secret 3' }, { at: 4 }],
      damaged: 0,
    });
    expect(logFile().append(record(2))).toBe(false);
  });

  test.each([[1], [8192]])('fits where it was with a text of %d characters', (length) => {
    const log = logFile();
    log.append(record(1, { text: 'x'.repeat(length) }));
    const before = readFileSync(path()).length;
    log.blank(BOB, record(1).id);
    expect(readFileSync(path()).length).toBe(before);
    expect(logFile().page(undefined, 1).records).toMatchObject([{ text: '', deleted: true }]);
  });

  test('is found among the newest five thousand, and no further', () => {
    const log = logFile();
    // One file, written at once: an append for each would wait for the disk.
    for (let n = 0; n < 3; n++) log.append(record(n));
    expect(log.find(ME, record(0).id, CHANGEABLE_AMONG)).toBeDefined();
    expect(log.find(ME, record(0).id, 2)).toBeDefined();
    expect(logFile().find(ME, record(0).id, 2)).toBeDefined();
    expect(logFile().find(ME, 'nobody' as ClientId, CHANGEABLE_AMONG)).toBeUndefined();
  });

  test('leaves no later text of it beside the log', () => {
    const vault = home.open();
    vault.log.append(BOB, record(1));
    vault.log.change(BOB, ref(1), BOB, { kind: 'edit', text: 'a later secret', time: 9 as UnixMs });
    vault.log.change(BOB, ref(1), ME, { kind: 'react', emoji: '👍', on: true });
    vault.log.change(BOB, ref(1), BOB, { kind: 'delete' });
    vault.close();
    const database = home.files().find((name) => name.endsWith('.db') || name.endsWith('.sqlite'));
    const db = new DatabaseSync(join(home.folder, database ?? ''));
    expect(db.prepare('SELECT count(*) AS count FROM changes').get()).toEqual({ count: 0 });
    db.close();
  });
});

test('what a message has become is nowhere to be read, nor whose it is', () => {
  const vault = home.open();
  vault.log.append(BOB, record(1));
  vault.log.change(BOB, ref(1), BOB, { kind: 'edit', text: 'tomorrow I brew', time: 9 as UnixMs });
  vault.log.change(BOB, ref(2), ME, { kind: 'react', emoji: '🍺', on: true });
  vault.close();
  for (const said of ['brew', '🍺', record(1).id]) expect(home.holding(said), said).toEqual([]);
});

test('whoever reads beside the program that has the vault reads messages as they are by now', () => {
  const vault = home.open();
  for (const n of [1, 3]) vault.log.append(BOB, record(n));
  vault.log.change(BOB, ref(1), BOB, { kind: 'edit', text: 'better', time: 9 as UnixMs });
  vault.log.change(BOB, ref(3), BOB, { kind: 'delete' });
  const reader = openVaultReader({ folder: home.folder, server: SERVER });
  if (!reader.ok) throw new Error(reader.error.text);
  expect(reader.value.log.page(BOB, undefined, 5).records.map(({ text }) => text)).toEqual(['better', '']);
  reader.value.close();
});

test('so many changes are known to have been opened, the newest', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS);
  expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: APPLICATION_ID });
  const sessions = new Sessions(db);
  sessions.commit({ putSession: [session(1)] });
  const id = (n: number) => `change-${n}` as ClientId;
  for (let n = 0; n <= MAX_NOTED; n++) sessions.commit({ note: { from: BOB, id: id(n) } });
  expect([0, 1, MAX_NOTED].map((n) => sessions.isNoted(BOB, id(n)))).toEqual([false, true, true]);
  db.close();
});
