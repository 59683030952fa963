import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyOfEntry } from '../../../src/lan/lobby/entry-key.ts';
import { LanStoreError } from '../../../src/lan/store/fault.ts';
import { openSqliteStore } from '../../../src/lan/store/sqlite.ts';
import type { LanStore } from '../../../src/lan/store/store.ts';
import { device, entry, mail, met, storeConformance } from './conformance.ts';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

let folder = '';
let opened: LanStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-lan-'));
});
afterEach(() => {
  for (const store of opened) store.close();
  opened = [];
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, 'lan.db');
function open(): LanStore {
  const store = openSqliteStore(path());
  if (!store.ok) throw new Error(store.error);
  opened.push(store.value);
  return store.value;
}
const fault = (): string | undefined => {
  const store = openSqliteStore(path());
  if (store.ok) store.value.close();
  return store.ok ? undefined : store.error;
};
function again(store: LanStore): LanStore {
  store.close();
  return open();
}

storeConformance(open, again);

test('its files are for their owner only, also where the file was not', () => {
  const store = open();
  store.putEntries([entry(1)], []);
  const modes = () => readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8));
  expect(modes().length).toBeGreaterThan(1);
  expect(new Set(modes())).toEqual(new Set(['600']));
  store.close();
  chmodSync(path(), 0o644);
  open();
  expect(new Set(modes())).toEqual(new Set(['600']));
});

test('what was dropped is in no file once the program has ended', () => {
  const store = open();
  const words = 'nobody-reads-this-any-more';
  const gone = { ...entry(1), said: JSON.stringify({ text: words }) };
  store.putEntries([gone, entry(2)], []);
  store.putEntries([], [keyOfEntry(gone)]);
  store.close();
  expect(readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(words))).toEqual([]);
  expect(open().entries()).toEqual([entry(2)]);
});

test('a file of a newer version, of another program, or of nobody is told as such, and stays as it is', () => {
  open().close();
  const db = new DatabaseSync(path());
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(fault()).toBe(
    `${path()} was written by a newer uchat (data version 99, this one knows 1): install the newer uchat`,
  );
  rmSync(path());

  const other = new DatabaseSync(path());
  other.exec('CREATE TABLE theirs (x)');
  other.close();
  expect(fault()).toBe(`${path()} is a database of another program: move it away`);
  rmSync(path());

  writeFileSync(path(), 'not a database at all, but long enough to be looked at as one');
  expect(fault()).toMatch(/^the file is damaged: move away [^\n]*lan\.db[^\n]*$/);
  expect(readFileSync(path(), 'utf8')).toMatch(/^not a database/);
});

test('a page that is overwritten is noticed when the file is opened', () => {
  const store = open();
  store.putEntries(
    Array.from({ length: 300 }, (_, n) => entry(n)),
    [],
  );
  store.close();
  const bytes = readFileSync(path());
  bytes.fill(0x5a, 5 * 4096, bytes.length);
  writeFileSync(path(), bytes);
  expect(fault()).toMatch(/^[^\n]*damaged: move away [^\n]*lan\.db[^\n]*$/);
});

test('a value that nobody of ours has written is an error, and not an entry', () => {
  const store = open();
  store.putEntries([entry(1)], []);
  store.putMail(mail(1));
  store.close();
  const db = new DatabaseSync(path());
  db.exec(`UPDATE entries SET device = 'nobody'; UPDATE mail SET sealed = '{}'`);
  db.close();
  const later = open();
  expect(() => later.entries()).toThrow(LanStoreError);
  expect(() => later.mail()).toThrow(/damaged/);
});

test('a store that is closed says so', () => {
  const store = open();
  store.close();
  expect(() => store.putMet(met(1))).toThrow(/closed/);
});

test('a folder that is not there is an error in one line', () => {
  const store = openSqliteStore(join(folder, 'none', 'lan.db'));
  expect(store).toEqual({ ok: false, error: expect.stringMatching(/^could not use [^\n]*none\/lan\.db [^\n]*$/) });
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('what has returned is there after kill -9, nothing by halves, and nobody is in the way', async () => {
  const child = spawn(process.execPath, [WRITER, path()], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    said += chunk;
    if (said.split('\n').length > 60) child.kill('SIGKILL');
  });
  expect((await once(child, 'close'))[1]).toBe('SIGKILL');
  const last = Number(said.split('\n').at(-2));
  const store = open();
  const mails = store.mail();
  expect(mails.length).toBeGreaterThanOrEqual(last);
  expect(mails.map(({ id }) => id)).toEqual(mails.map((_, i) => mail(i + 1).id));
  // Two entries a step: never one of them.
  expect(store.entries().length % 2).toBe(0);
  expect(store.entries().length).toBeGreaterThanOrEqual(2 * last);
  expect(store.met()).toMatchObject([{ device: device(1) }]);
});
