/** A data folder in which there is something of everything that a server keeps. */
import { generateKeyPairSync } from 'node:crypto';
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { deviceFingerprint } from '../../../src/server/login/device-key.ts';
import { ownServerKey } from '../../../src/server/login/server-key.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import type { AuditEntry, NewChange, Store } from '../../../src/server/store/store.ts';
import { deviceOf, packagesOf, sealedOf } from '../sealed.ts';

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndA';
const at = (ms: number): UnixMs => (1_790_000_000_000 + ms) as UnixMs;
const [alice, bob, carol] = ['alice', 'bob', 'carol'] as UserName[] as [UserName, UserName, UserName];
const [LOBBY, DEV] = ['#lobby', '#dev'] as RoomName[] as [RoomName, RoomName];
const entry = (action: string): AuditEntry => ({ time: at(50), by: alice, action, target: 'bob', detail: '' });

async function talk(store: Store): Promise<void> {
  await store.setTopic(DEV, 'what is built', alice, at(2));
  for (let n = 1; n <= 60; n++) {
    const [room, from] = n % 3 === 0 ? ([DEV, bob] as const) : ([LOBBY, alice] as const);
    const id = `m-${n}` as ClientId;
    const text = n === 4 ? 'what will be deleted' : `message ${n}: grüße, 世界 ${n % 7 === 0 ? '👍' : ''}`;
    await store.append({ room, from, text, time: at(n), id, ...(n === 30 ? { re: 2 as Seq } : {}) });
  }
  // In the index before it is changed, and after.
  await store.search({ rooms: [LOBBY, DEV], phrases: ['grüße'], prefix: false, limit: 5, maxBytes: 10_000 });
  const change = (seq: number, what: NewChange['what']) =>
    store.change(
      { room: LOBBY, seq: seq as Seq, by: alice, time: at(100 + seq), what, may: { kind: 'any' } },
      { emoji: 20, reactions: 100 },
      entry('delete'),
    );
  await change(1, { kind: 'edit', text: 'edited since' });
  await change(3, { kind: 'delete' });
  await change(5, { kind: 'react', emoji: '👍', on: true });
  await store.append({ room: LOBBY, from: carol, text: 'not in the index yet', time: at(200) });
}

async function people(store: Store): Promise<void> {
  await store.saveAccount({ uid: 1001, name: alice, lastSeen: at(5) });
  await store.saveAccount({ uid: 1002, name: 'bobby' as UserName, lastSeen: at(6) });
  await store.addMember(DEV, 'bobby' as UserName, at(6));
  await store.saveAccount({ uid: 1002, name: bob, lastSeen: at(7) });
  await store.register({ name: carol, password: HASH, time: at(8) });
  await store.addMember(DEV, alice, at(9));
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const deviceKey = { key, fingerprint: deviceFingerprint(publicKey), label: 'laptop', added: at(9), lastUsed: at(9) };
  await store.addDeviceKey(carol, deviceKey, 5);
  const lockout = { failures: 2, locks: 1, lockedFor: 60_000, lockedUntil: at(70), lastFailure: at(10) };
  await store.saveLockout({ account: 'nobody', source: 'uid 1009', ...lockout });
  await store.addInvite({
    code: 'ABCD-EFGH-JKMN-PQRS'.replaceAll('-', ''),
    by: alice,
    made: at(11),
    expires: at(99_999),
  });
  await store.saveIgnore({ user: alice, kind: 'block', target: '~dave' as UserName }, at(12));
  await store.saveIgnore({ user: alice, kind: 'mute', target: bob, until: at(99_999) }, at(12));
  await store.carryOut({ kind: 'op', user: bob }, entry('op'));
  const ban = { target: 'uid 1066', by: alice, time: at(13), reason: 'spam' };
  await store.carryOut({ kind: 'ban', ban }, entry('ban'));
  await store.carryOut({ kind: 'slow', room: DEV, every: 5000 }, entry('slow'));
}

async function mail(store: Store): Promise<void> {
  const device = deviceOf('bob1');
  const limits = { devices: 5, packages: 100 };
  await store.putDevice({ user: bob, device, packages: packagesOf('bob1', 3), time: at(20) }, limits, []);
  for (const n of [1, 2, 3])
    await store.sendMail(
      { from: alice, to: bob, device, sealed: sealedOf(`sealed-${n}`), time: at(20 + n), id: `p-${n}` as ClientId },
      'keep',
      { messages: 100, bytes: 100_000 },
    );
  await store.received(bob, 1 as Seq, device);
  await store.announce({ from: alice, body: 'down at six', time: at(30) }, entry('announce'), 100);
}

/** @returns what clients know the server by. */
export async function fill(folder: string): Promise<string> {
  const store = await openSqliteStore({ folder, durability: 'process' });
  try {
    await store.createRoom(DEV, at(1));
    await people(store);
    await talk(store);
    await mail(store);
  } finally {
    await store.close();
  }
  const key = ownServerKey(folder);
  if (!key.ok) throw new Error(key.error.text);
  return key.value.fingerprint;
}
