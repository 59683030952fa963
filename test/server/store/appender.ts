/**
 * A process to be killed: appends without end, a handful in each moment, and says on standard output which are resolved.
 * `node appender.ts FOLDER DURABILITY RUN`
 */
import type { ClientId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';

/** Calls in one moment, which stand and fall together. */
const HANDFUL = 8;
/** Handfuls under way. */
const UNDER_WAY = 20;

const [folder = '', durability, run = ''] = process.argv.slice(2);
const store = await openSqliteStore({ folder, durability: durability === 'process' ? 'process' : 'full' });
let next = 0;

async function appendWithoutEnd(): Promise<void> {
  for (;;) {
    const n = next++;
    const handful = Array.from({ length: HANDFUL }, async (_, i) => {
      const text = `${run}:${n}:${i}`;
      const id = `${run}-${n}-${i}` as ClientId;
      const { seq } = await store.append({ room: LOBBY, from: 'alice' as UserName, text, time: 1 as UnixMs, id });
      process.stdout.write(`${seq} ${text}\n`);
    });
    await Promise.all(handful);
  }
}

await Promise.all(Array.from({ length: UNDER_WAY }, appendWithoutEnd));
