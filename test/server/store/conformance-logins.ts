import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoomName, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { DeviceKey, Invite, LockoutRow, Store } from '../../../src/server/store/store.ts';
import type { StorePlace } from './conformance.ts';

const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const at = (ms: number): UnixMs => ms as UnixMs;
const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndA';
const DEV = '#dev' as RoomName;

const deviceKey = (key: string, more: Partial<DeviceKey> = {}): DeviceKey => ({
  key,
  fingerprint: `SHA256:${key}`,
  label: 'laptop',
  added: at(1),
  lastUsed: at(1),
  ...more,
});
const lockout = (more: Partial<LockoutRow> = {}): LockoutRow => ({
  account: 'alice',
  source: 'uid 1001',
  failures: 2,
  locks: 1,
  lockedFor: 60_000,
  lockedUntil: at(70_000),
  lastFailure: at(10_000),
  ...more,
});
const invite = (code: string, expires = 1000): Invite => ({ code, by: bob, made: at(1), expires: at(expires) });

/** What every store must do about logging in: called by the test of each implementation. */
export function describeLogins(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of log-ins`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const register = (user: UserName, more: { time?: UnixMs; invite?: string } = {}) =>
      store.register({ name: user, password: HASH, time: at(5), ...more });

    test('a registered account lasts, and is no Unix user', async () => {
      expect(await register(alice)).toBe('done');
      await reopen();
      expect(await store.accountByName(alice)).toEqual({ name: alice, password: HASH, lastSeen: 5 });
      expect(await store.accounts()).toEqual([{ name: alice, lastSeen: 5 }]);
    });

    test('a name is registered once, also in one moment, and never over a Unix user', async () => {
      await store.saveAccount({ name: bob, uid: 1002, lastSeen: at(1) });
      expect(await Promise.all([register(alice), register(alice), register(bob)])).toEqual([
        'done',
        'name_taken',
        'name_taken',
      ]);
      expect(await store.accountByName(bob)).toEqual({ name: bob, uid: 1002, lastSeen: 1 });
      expect((await store.accounts()).map(({ name }) => name)).toEqual([alice, bob]);
    });

    test('a name that nobody has has no account', async () => {
      expect(await store.accountByName(alice)).toBeUndefined();
      expect(await store.accountByName('Alice' as UserName)).toBeUndefined();
    });

    test('a password is set and changed, of a Unix user too, and hashed anew only while it is the same', async () => {
      await store.saveAccount({ name: bob, uid: 1002, lastSeen: at(1) });
      await store.setPassword(bob, HASH);
      expect(await store.accountByName(bob)).toEqual({ name: bob, uid: 1002, password: HASH, lastSeen: 1 });
      await store.saveAccount({ name: bob, uid: 1002, lastSeen: at(9) });
      expect(await store.accountByName(bob)).toEqual({ name: bob, uid: 1002, password: HASH, lastSeen: 9 });
      await store.rehashPassword(bob, 'another', 'new');
      expect((await store.accountByName(bob))?.password).toBe(HASH);
      await store.rehashPassword(bob, HASH, 'new');
      expect((await store.accountByName(bob))?.password).toBe('new');
      await expect(store.setPassword(alice, HASH)).rejects.toMatchObject({ name: 'StoreError', code: 'failed' });
    });

    test('when somebody was seen moves', async () => {
      await register(alice);
      await store.seen(alice, at(77));
      await store.seen(bob, at(77));
      expect((await store.accountByName(alice))?.lastSeen).toBe(77);
    });

    test('a Unix user who gets a registered name gets nothing with it', async () => {
      await register(alice);
      await store.addDeviceKey(alice, deviceKey('k1'), 9);
      await store.createRoom(DEV, at(1));
      await store.addMember(DEV, alice, at(2));
      await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(8) });
      expect(await store.accountByName(alice)).toEqual({ name: alice, uid: 1001, lastSeen: 8 });
      expect(await store.deviceKeys(alice)).toEqual([]);
      expect(await store.memberships()).toEqual([]);
    });

    test('a Unix user who is renamed keeps password and keys; who gets the name has neither', async () => {
      const alicia = 'alicia' as UserName;
      await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(1) });
      await store.setPassword(alice, HASH);
      await store.addDeviceKey(alice, deviceKey('k1'), 9);
      await store.saveAccount({ name: alicia, uid: 1001, lastSeen: at(2) });
      await store.saveAccount({ name: alice, uid: 1009, lastSeen: at(3) });
      expect((await store.accountByName(alicia))?.password).toBe(HASH);
      expect(await store.deviceKeys(alicia)).toEqual([deviceKey('k1')]);
      expect((await store.accountByName(alice))?.password).toBeUndefined();
      expect(await store.deviceKeys(alice)).toEqual([]);
    });

    test('device keys last, in their order, each once, up to the limit', async () => {
      await register(alice);
      expect(
        await Promise.all([
          store.addDeviceKey(alice, deviceKey('k2'), 2),
          store.addDeviceKey(alice, deviceKey('k1', { label: 'phone' }), 2),
          store.addDeviceKey(alice, deviceKey('k2', { label: 'again' }), 2),
          store.addDeviceKey(alice, deviceKey('k3'), 2),
        ]),
      ).toEqual(['added', 'added', 'known', 'full']);
      await store.deviceKeyUsed(alice, 'k1', at(42));
      await reopen();
      expect(await store.deviceKeys(alice)).toEqual([
        deviceKey('k2'),
        deviceKey('k1', { label: 'phone', lastUsed: at(42) }),
      ]);
    });

    test('device keys are removed by their fingerprint, and only from their account', async () => {
      await register(alice);
      await register(bob);
      await store.addDeviceKey(alice, deviceKey('k1'), 9);
      await store.addDeviceKey(bob, deviceKey('k1'), 9);
      expect(await store.removeDeviceKey(alice, 'SHA256:k1')).toBe(true);
      expect(await store.removeDeviceKey(alice, 'SHA256:k1')).toBe(false);
      expect(await store.deviceKeys(alice)).toEqual([]);
      expect(await store.deviceKeys(bob)).toHaveLength(1);
      const nobody = 'nobody' as UserName;
      await expect(store.addDeviceKey(nobody, deviceKey('k1'), 9)).rejects.toMatchObject({ code: 'failed' });
      expect(await store.deviceKeys(nobody)).toEqual([]);
    });

    test('lock-outs last, one for an account and a source, whether there is such an account or not', async () => {
      await store.saveLockout(lockout());
      await store.saveLockout(lockout({ source: '10.0.0.7' }));
      await store.saveLockout(lockout({ account: 'nobody' }));
      await store.saveLockout(lockout({ failures: 0, locks: 2 }));
      await store.removeLockout('alice', '10.0.0.7');
      await store.removeLockout('alice', '10.0.0.8');
      await reopen();
      const rows = await store.lockouts();
      expect(rows).toHaveLength(2);
      expect(rows).toEqual(
        expect.arrayContaining([lockout({ failures: 0, locks: 2 }), lockout({ account: 'nobody' })]),
      );
    });

    test('an invitation lets one person in, once, and none when the name is taken', async () => {
      await store.addInvite(invite('AAAA'));
      await store.addInvite(invite('BBBB'));
      await register(bob);
      expect(await register(bob, { invite: 'AAAA' })).toBe('name_taken');
      const carol = 'carol' as UserName;
      expect(await Promise.all([register(alice, { invite: 'AAAA' }), register(carol, { invite: 'AAAA' })])).toEqual([
        'done',
        'no_such_invite',
      ]);
      expect(await store.accountByName(carol)).toBeUndefined();
      await reopen();
      expect(await store.invites()).toEqual([invite('BBBB')]);
      await store.removeInvite('BBBB');
      expect(await store.invites()).toEqual([]);
    });

    test('an invitation that has expired lets nobody in', async () => {
      await store.addInvite(invite('AAAA', 1000));
      expect(await register(alice, { invite: 'AAAA', time: at(1000) })).toBe('no_such_invite');
      expect(await register(alice, { invite: 'AAAA', time: at(999) })).toBe('done');
    });
  });
}
