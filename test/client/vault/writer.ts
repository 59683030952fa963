/**
 * A process to be killed: appends and commits without end, and says on standard output what has returned.
 * `node writer.ts FOLDER RUN`
 */
import { writeSync } from 'node:fs';
import type { ClientId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { openVault } from '../../../src/client/vault/open.ts';
import type { SavedSession } from '../../../src/peer/vault.ts';

const [folder = '', run = '0'] = process.argv.slice(2);
const opened = openVault({ folder, server: { host: 'box.example', port: 2428 } });
if (!opened.ok) throw new Error(opened.error.text);
const vault = opened.value;
const [bob, time] = ['bob' as UserName, 1 as UnixMs];
const group = Buffer.alloc(16, 1).toString('base64url') as SavedSession['group'];
const device = Buffer.alloc(32, 1).toString('base64url') as SavedSession['device'];

for (let n = 0; ; n++) {
  const name = `${run}-${n}`;
  vault.log.append(bob, { id: name as ClientId, from: bob, text: `${name} ${'x'.repeat((n * 997) % 8000)}`, time });
  writeSync(1, `log ${name}\n`);
  const used = (Number(run) * 1_000_000 + n) as UnixMs;
  // A change of two parts, which must not come apart.
  vault.commit({
    putSession: [
      {
        group,
        own: bob,
        user: bob,
        device,
        state: Buffer.from(name.padEnd(5000)),
        welcome: undefined,
        used,
        retired: false,
      },
    ],
    putPin: { user: bob, device, since: used, verified: false, accepted: true },
  });
  writeSync(1, `commit ${used}\n`);
}
