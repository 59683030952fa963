import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { newMessage } from './conformance.ts';
import { type Mounted, mayMount, mountMemory } from './mounted.ts';

describe.runIf(mayMount())('on a disk', () => {
  let disk: Mounted;
  let folder: string;
  beforeEach(() => {
    disk = mountMemory('3m');
    folder = join(disk.path, 'data');
  });
  afterEach(() => disk.unmount());
  const open = () => openSqliteStore({ folder, durability: 'full' });

  test('that is full, appends are refused as disk_full, take no place, and work again once there is room', async () => {
    const ballast = join(disk.path, 'ballast');
    await writeFile(ballast, Buffer.alloc(1024 * 1024));
    const store = await open();
    const stored: number[] = [];
    const refusals: unknown[] = [];
    for (let i = 0; i < 100 && refusals.length < 3; i++) {
      const calls = Array.from({ length: 20 }, (_, n) => store.append(newMessage(`${i}-${n} ${'x'.repeat(4000)}`)));
      const results = await Promise.allSettled(calls);
      for (const result of results) if (result.status === 'fulfilled') stored.push(result.value.seq);
      const refused = results.filter((result) => result.status === 'rejected');
      // All of a batch, or nothing.
      expect([0, 20]).toContain(refused.length);
      if (refused[0] !== undefined) refusals.push(refused[0].reason);
    }
    expect(refusals).toHaveLength(3);
    for (const reason of refusals) expect(reason).toMatchObject({ name: 'StoreError', code: 'disk_full' });
    // Reading goes on.
    expect((await store.rooms())[0]?.last).toBe(stored.length);

    await rm(ballast);
    const placed = await store.append(newMessage('there is room again'));
    expect(placed.seq).toBe(stored.length + 1);
    await store.close();

    const again = await open();
    const page = await again.history(LOBBY, { kind: 'newest' }, 1, 10_000);
    expect(page.messages).toMatchObject([{ seq: placed.seq, text: 'there is room again' }]);
    await again.close();
  });

  test('that is full, a new store is refused as disk_full, and opens once there is room', async () => {
    const ballast = join(disk.path, 'ballast');
    await writeFile(ballast, Buffer.alloc(3 * 1024 * 1024 - 24 * 1024));
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', code: 'disk_full' });
    await rm(ballast);
    const store = await open();
    await store.close();
  });

  test('that has become read-only, a store is refused as read_only', async () => {
    const store = await open();
    await store.append(newMessage('a'));
    await store.close();
    disk.remount('ro');
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', code: 'read_only' });
    disk.remount('rw');
    const again = await open();
    expect((await again.rooms())[0]?.last).toBe(1);
    await again.close();
  });

  test('that is read-only, no folder is made, and that is said as read_only', async () => {
    disk.remount('ro');
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', code: 'read_only' });
  });

  test('that is full, a call that needs no room for itself is stored or refused, and the store lives on', async () => {
    const store = await open();
    const ballast = join(disk.path, 'ballast');
    await writeFile(ballast, Buffer.alloc(8 * 1024 * 1024)).catch(() => {});
    const result = await Promise.allSettled([store.setTopic(LOBBY, 'full', newMessage('').from, 1 as UnixMs)]);
    if (result[0].status === 'rejected') expect(result[0].reason).toMatchObject({ code: 'disk_full' });
    await rm(ballast);
    await store.setTopic(LOBBY, 'room', newMessage('').from, 2 as UnixMs);
    expect(await store.rooms()).toMatchObject([{ topic: 'room' }]);
    await store.close();
  });
});
