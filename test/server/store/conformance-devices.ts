import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceId, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { deviceOf, packagesOf } from '../sealed.ts';
import type { StorePlace } from './conformance.ts';

const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const at = (ms: number): UnixMs => ms as UnixMs;
const account = (uid: number, name: UserName): Parameters<Store['saveAccount']>[0] => ({ uid, name, lastSeen: at(1) });
const LIMITS = { devices: 3, packages: 10 };
const [one, two, three, four] = [deviceOf('1'), deviceOf('2'), deviceOf('3'), deviceOf('4')];

/** What every store must do about devices and their key packages: called by the test of each implementation. */
export function describeDevices(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of devices`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
      await store.saveAccount(account(1001, alice));
      await store.saveAccount(account(1002, bob));
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const put = (device: DeviceId, packages: readonly string[] = [], time = 1, here: readonly DeviceId[] = []) =>
      store.putDevice({ user: alice, device, packages, time: at(time) }, LIMITS, here);
    const list = async (user = alice) => (await store.devices(user, [])).map(({ device }) => device);

    test('keeps them, and gives out each key package once, the oldest first, over a reopening', async () => {
      expect(await put(one, packagesOf('a', 2))).toEqual({ packages: 2 });
      expect(await put(one, packagesOf('a', 2, 2))).toEqual({ packages: 4 });
      expect(await store.devices(alice, [])).toEqual([{ device: one, left: 4 }]);
      expect(await store.devices(alice, [one])).toEqual([{ device: one, package: 'a-package-0', left: 3 }]);
      await reopen();
      const claimed = [];
      for (let i = 0; i < 4; i++) claimed.push((await store.devices(alice, [one]))[0]);
      expect(claimed).toEqual([
        { device: one, package: 'a-package-1', left: 2 },
        { device: one, package: 'a-package-2', left: 1 },
        { device: one, package: 'a-package-3', left: 0 },
        { device: one, left: 0 },
      ]);
    });

    test('gives a package of each device that is asked for, and of nobody else’s', async () => {
      await put(one, ['a']);
      await put(two, ['b']);
      await store.putDevice({ user: bob, device: three, packages: ['c'], time: at(1) }, LIMITS, []);
      expect(await store.devices(alice, [two, two, three, four])).toEqual([
        { device: one, left: 1 },
        { device: two, package: 'b', left: 0 },
      ]);
      expect(await store.devices(bob, [])).toEqual([{ device: three, left: 1 }]);
    });

    test('never gives one package to two who claim at once', async () => {
      await put(one, packagesOf('a', 10));
      const came = await Promise.all(Array.from({ length: 30 }, () => store.devices(alice, [one])));
      const claimed = came.flatMap(([device]) => (device?.package === undefined ? [] : [device.package]));
      expect(claimed).toEqual(packagesOf('a', 10));
    });

    test('drops the oldest packages of too many, and adds none twice', async () => {
      expect(await put(one, packagesOf('a', 8))).toEqual({ packages: 8 });
      expect(await put(one, ['a-package-0', 'x', 'x'])).toEqual({ packages: 9 });
      expect(await put(one, packagesOf('b', 5))).toEqual({ packages: 10 });
      expect((await store.devices(alice, [one]))[0]).toEqual({ device: one, package: 'a-package-4', left: 9 });
      expect(await put(two, packagesOf('c', 14))).toEqual({ packages: 10 });
    });

    test('drops the device that was unused for the longest time where there are too many, with its packages', async () => {
      await put(one, ['a'], 1);
      await put(two, ['b'], 2);
      await put(three, ['c'], 3);
      await put(one, [], 4);
      expect(await put(four, ['d'], 5)).toEqual({ packages: 1, dropped: two });
      expect(await list()).toEqual([one, three, four]);
      expect(await put(two, [], 6)).toEqual({ packages: 0, dropped: three });
    });

    test('spares devices that are here, while there are others', async () => {
      await put(one, [], 1);
      await put(two, [], 2);
      await put(three, [], 3);
      expect(await put(four, [], 4, [one, two])).toMatchObject({ dropped: three });
      expect(await put(three, [], 5, [one, two, four])).toMatchObject({ dropped: one });
    });

    test('knows the same device of two accounts as two', async () => {
      await put(one, ['a']);
      expect(await store.putDevice({ user: bob, device: one, packages: [], time: at(1) }, LIMITS, [])).toEqual({
        packages: 0,
      });
      expect(await store.devices(bob, [one])).toEqual([{ device: one, left: 0 }]);
    });

    test('takes none of nobody', async () => {
      const added = { user: 'nobody' as UserName, device: one, packages: [], time: at(1) };
      await expect(store.putDevice(added, LIMITS, [])).rejects.toMatchObject({ code: 'failed' });
      expect(await store.devices('nobody' as UserName, [one])).toEqual([]);
    });

    test('lets them follow their owner to a new name, and nobody inherits them', async () => {
      await put(one, ['a']);
      await store.saveAccount(account(1001, 'alicia' as UserName));
      await store.saveAccount(account(1009, alice));
      expect([await list('alicia' as UserName), await list()]).toEqual([[one], []]);
    });

    test('forgets them with a registered account whose name the host gives to somebody', async () => {
      const carol = 'carol' as UserName;
      await store.register({ name: carol, password: 'hash', time: at(1) });
      await store.putDevice({ user: carol, device: one, packages: ['a'], time: at(1) }, LIMITS, []);
      await store.saveAccount(account(1003, carol));
      expect(await list(carol)).toEqual([]);
    });
  });
}
