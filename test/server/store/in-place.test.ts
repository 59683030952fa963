import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { newMessage } from './conformance.ts';

let folder: string;
const opened: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-place-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Store> {
  const store = await openSqliteStore({ folder, durability: 'process' });
  opened.push(store);
  return store;
}
const file = (end = ''): string => join(folder, `uchat.db${end}`);

test.each(['', '-wal'])(
  'a file uchat.db%s that is removed while the store runs: nothing more is stored',
  async (end) => {
    const store = await open();
    await store.append(newMessage('before'));
    rmSync(file(end));
    const refused = { name: 'StoreError', code: 'moved', message: expect.stringContaining(`${file(end)} was removed`) };
    await expect(store.append(newMessage('after'))).rejects.toMatchObject(refused);
    await expect(store.setTopic(LOBBY, 'after', newMessage('').from, newMessage('').time)).rejects.toMatchObject(
      refused,
    );
    // What is there can still be read.
    const page = await store.history(LOBBY, { kind: 'newest' }, 10, 10_000);
    expect(page.messages[0]).toMatchObject({ text: 'before' });
  },
);

test('a database that another one has taken the place of: nothing more is stored, also when it comes back', async () => {
  const store = await open();
  await store.append({ ...newMessage('before'), id: 'a' as never });
  renameSync(file(), file('.away'));
  writeFileSync(file(), '');
  await expect(store.append({ ...newMessage('after'), id: 'b' as never })).rejects.toMatchObject({ code: 'moved' });
  rmSync(file());
  renameSync(file('.away'), file());
  await expect(store.append(newMessage('later'))).rejects.toMatchObject({ code: 'moved' });
  await store.close();
  // Sent again to the next server, it is there once.
  const next = await open();
  await next.append({ ...newMessage('after'), id: 'b' as never });
  const page = await next.history(LOBBY, { kind: 'newest' }, 10, 10_000);
  expect(page.messages.filter(({ text }) => text === 'after')).toHaveLength(1);
});

test('a log whose database is gone is refused, and nothing of it is lost', async () => {
  const store = await open();
  await store.append(newMessage('a'));
  // As after a kill, with the database removed by hand.
  const { size } = statSync(file('-wal'));
  renameSync(file('-wal'), file('-wal.kept'));
  renameSync(file(), file('.kept'));
  await store.close();
  renameSync(file('-wal.kept'), file('-wal'));
  await expect(open()).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining('is missing, and its log'),
  });
  expect(statSync(file('-wal')).size).toBe(size);
  renameSync(file('.kept'), file());
  expect((await (await open()).rooms())[0]?.last).toBe(1);
});
