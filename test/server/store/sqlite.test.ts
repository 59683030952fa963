import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import { describeStore, type StorePlace } from './conformance.ts';
import { describeChanges } from './conformance-changes.ts';
import { describeDevices } from './conformance-devices.ts';
import { describeKeep } from './conformance-keep.ts';
import { describeLogins } from './conformance-logins.ts';
import { describeMail } from './conformance-mail.ts';
import { describeOrders } from './conformance-orders.ts';
import { describeSearch, describeWords } from './conformance-search.ts';

// Random histories are hundreds of commits, each of which waits for a disk that others may keep busy.
vi.setConfig({ testTimeout: 30_000 });

async function makePlace(durability: 'full' | 'process'): Promise<StorePlace> {
  const parent = await mkdtemp(join(tmpdir(), 'uchat-store-'));
  return {
    open: () => openSqliteStore({ folder: join(parent, 'data'), durability }),
    remove: () => rm(parent, { recursive: true }),
  };
}

describeStore('SQLite, synced at each commit', () => makePlace('full'));
describeStore('SQLite, left to the kernel', () => makePlace('process'));
describeChanges('SQLite', () => makePlace('process'));
describeKeep('SQLite', () => makePlace('process'));
describeLogins('SQLite', () => makePlace('process'));
describeDevices('SQLite', () => makePlace('process'));
describeMail('SQLite', () => makePlace('process'));
describeOrders('SQLite', () => makePlace('process'));
describeSearch('SQLite', () => makePlace('process'));
describeWords('SQLite', () => makePlace('process'));
