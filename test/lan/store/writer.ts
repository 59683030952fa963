/** A process to be killed: stores without end, and says on standard output what has returned. `node writer.ts PATH` */
import { writeSync } from 'node:fs';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { openSqliteStore } from '../../../src/lan/store/sqlite.ts';

const opened = openSqliteStore(process.argv[2] ?? '');
if (!opened.ok) throw new Error(opened.error);
const store = opened.value;
const bytes = Buffer.alloc(32);
bytes.writeUInt32BE(1);
const device = bytes.toString('base64url') as DeviceId;
const group = Buffer.alloc(16, 1).toString('base64url') as GroupId;

for (let n = 1; ; n++) {
  const time = n as UnixMs;
  store.putMet({ device, user: 'bob' as UserName, name: 'bob', first: 1 as UnixMs, last: time, dealt: false });
  const entry = (part: string) => ({
    device,
    said: 'x'.repeat((n * 97) % 3000).padEnd(10),
    signature: Buffer.alloc(64, `${n}${part}`).toString('base64url'),
  });
  store.putEntries([entry('a'), entry('b')], []);
  store.putMail({
    from: device,
    id: `mail-${n}` as ClientId,
    sealed: { from: device, group, seq: n, message: 'c2VhbGVk' },
    time,
  });
  writeSync(1, `${n}\n`);
}
