/** A process that opens a vault when it is told to, and says who it is: `node starter.ts FOLDER HOST`. */
import { once } from 'node:events';
import type { ClientId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { openVault } from '../../../src/client/vault/open.ts';

const [folder = '', host = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const opened = openVault({ folder, server: { host, port: 2428 } });
if (!opened.ok) throw new Error(opened.error.text);
const { identity, log } = opened.value;
const bob = 'bob' as UserName;
log.append(bob, { id: 'a' as ClientId, from: bob, text: 'hello', time: 1 as UnixMs });
process.stdout.write(`${identity.device} ${log.locked ? 'locked' : 'unlocked'}\n`);
process.exit(0);
