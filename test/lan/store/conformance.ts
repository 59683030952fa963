/** What every store of a hub promises; each implementation runs it. */
import { describe, expect, test } from 'vitest';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../../src/base/ids.ts';
import { MAX_HEARD } from '../../../src/lan/limits.ts';
import { keyOfEntry } from '../../../src/lan/lobby/entry-key.ts';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import { MAX_KNOWN_MAIL } from '../../../src/lan/store/bounds.ts';
import type { LanStore, Met, StoredMail } from '../../../src/lan/store/store.ts';
import { MAX_PACKAGES } from '../../../src/protocol/limits.ts';

/** 32 bytes, told apart by a number. */
export const device = (n: number): DeviceId => {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(n);
  return bytes.toString('base64url') as DeviceId;
};

export const met = (n: number, more: Partial<Met> = {}): Met => ({
  device: device(n),
  user: `bob-${n}` as UserName,
  name: 'bob',
  first: (1_790_000_000_000 + n) as UnixMs,
  last: (1_790_000_000_000 + n) as UnixMs,
  dealt: false,
  ...more,
});

export const entry = (n: number): SignedEntry => ({
  device: device(n % 3),
  said: JSON.stringify({ id: `id-${n}`, text: `said ${n}` }),
  signature: Buffer.alloc(64, `${n}/`).toString('base64url'),
});

export const mail = (n: number, more: Partial<StoredMail> = {}): Omit<StoredMail, 'n'> => ({
  from: device(1),
  id: `mail-${n}` as ClientId,
  sealed: {
    from: device(1),
    group: Buffer.alloc(16, n).toString('base64url') as GroupId,
    seq: n,
    message: 'c2VhbGVk',
  },
  time: (1_790_000_000_000 + n) as UnixMs,
  ...more,
});

const keyPackage = (n: number): string => Buffer.from(`package ${n}`).toString('base64url');

/** @param again the same store after its program has ended, where it outlives it; else the same. */
export function storeConformance(open: () => LanStore, again: (store: LanStore) => LanStore): void {
  describe('people', () => {
    test('who was met is found again by what was last said of them', () => {
      const store = open();
      for (const n of [1, 2, 3]) store.putMet(met(n));
      const later = met(2, { name: 'robert', last: 1_790_000_009_000 as UnixMs, dealt: true });
      store.putMet(later);
      store.dropMet(device(3));
      store.dropMet(device(4));
      expect(again(store).met()).toEqual([met(1), later]);
    });

    test('two keys never have one name', () => {
      const store = open();
      store.putMet(met(1));
      expect(() => store.putMet(met(2, { user: met(1).user }))).toThrow();
      expect(store.met()).toEqual([met(1)]);
      store.dropMet(device(1));
      store.putMet(met(2, { user: met(1).user }));
      expect(store.met()).toHaveLength(1);
    });
  });

  describe('the lobby', () => {
    test('entries are as they came, in the order in which they came; the same once more is nothing', () => {
      const store = open();
      store.putEntries([entry(1), entry(2)], []);
      store.putEntries([entry(2), entry(3)], []);
      expect(again(store).entries()).toEqual([entry(1), entry(2), entry(3)]);
    });

    test('what is dropped is gone, in the same step in which others come', () => {
      const store = open();
      store.putEntries([entry(1), entry(2)], []);
      store.putEntries([entry(3)], [keyOfEntry(entry(1)), keyOfEntry(entry(9))]);
      store.putEntries([], []);
      expect(again(store).entries()).toEqual([entry(2), entry(3)]);
    });

    test('what came and is dropped at once never was', () => {
      const store = open();
      store.putEntries([entry(1)], [keyOfEntry(entry(1))]);
      expect(store.entries()).toEqual([]);
    });
  });

  describe('the mailbox', () => {
    test('mail has a place, and the same mail has the same one', () => {
      const store = open();
      const places = [mail(1), mail(2), mail(1), mail(1, { from: device(2) })].map((one) => store.putMail(one));
      expect(places).toEqual([
        { n: 1, isNew: true },
        { n: 2, isNew: true },
        { n: 1, isNew: false },
        { n: 3, isNew: true },
      ]);
      expect(again(store).mail()).toEqual([
        { ...mail(1), n: 1 },
        { ...mail(2), n: 2 },
        { ...mail(1, { from: device(2) }), n: 3 },
      ]);
    });

    test('what was shown is gone, and known when it comes once more', () => {
      const store = open();
      for (const n of [1, 2, 3]) store.putMail(mail(n));
      store.dropMail(2);
      expect(store.mail()).toEqual([{ ...mail(3), n: 3 }]);
      const later = again(store);
      expect(later.putMail(mail(1))).toEqual({ n: 1, isNew: false });
      expect(later.putMail(mail(3))).toEqual({ n: 3, isNew: false });
      expect(later.mail()).toHaveLength(1);
    });

    test('no place is given twice, also when all mail is gone', () => {
      const store = open();
      store.putMail(mail(1));
      store.dropMail(1);
      const later = again(store);
      expect(later.putMail(mail(2)).n).toBeGreaterThan(1);
    });

    test('a welcome comes along', () => {
      const store = open();
      const first = mail(1, { sealed: { ...mail(1).sealed, welcome: 'd2VsY29tZQ' } });
      store.putMail(first);
      expect(again(store).mail()).toEqual([{ ...first, n: 1 }]);
    });

    test('of what was shown the newest ids are known, and no more', () => {
      const store = open();
      for (let n = 1; n <= MAX_KNOWN_MAIL + 1; n++) {
        store.putMail(mail(n));
        // In steps, as it is shown.
        if (n % 1000 === 0) store.dropMail(n);
      }
      store.dropMail(MAX_KNOWN_MAIL + 1);
      expect(store.putMail(mail(2))).toEqual({ n: 2, isNew: false });
      expect(store.putMail(mail(1))).toEqual({ n: MAX_KNOWN_MAIL + 2, isNew: true });
    });
  });

  describe('key packages', () => {
    test('of ours: the oldest first, each once', () => {
      const store = open();
      store.putPackages([keyPackage(1), keyPackage(2)]);
      store.putPackages([keyPackage(2), keyPackage(3)]);
      expect(store.takePackage()).toBe(keyPackage(1));
      const later = again(store);
      expect(later.packages()).toEqual([keyPackage(2), keyPackage(3)]);
      expect([later.takePackage(), later.takePackage(), later.takePackage()]).toEqual([
        keyPackage(2),
        keyPackage(3),
        undefined,
      ]);
      expect(again(later).packages()).toEqual([]);
    });

    test('of ours: the oldest go where there are too many', () => {
      const store = open();
      const all = Array.from({ length: MAX_PACKAGES + 2 }, (_, n) => keyPackage(n));
      store.putPackages(all.slice(0, 60));
      store.putPackages(all.slice(60));
      expect(store.packages()).toEqual(all.slice(2));
    });

    test('of others: one each, the newest; it can be looked at, and taken once', () => {
      const store = open();
      store.putSpare(device(1), keyPackage(1));
      store.putSpare(device(1), keyPackage(2));
      const later = again(store);
      expect(later.spare(device(2))).toBeUndefined();
      expect(later.takeSpare(device(2))).toBeUndefined();
      expect([later.spare(device(1)), later.takeSpare(device(1))]).toEqual([keyPackage(2), keyPackage(2)]);
      expect(again(later).spare(device(1))).toBeUndefined();
    });

    test('of others: of as many as can be heard, and whose came longest ago goes first', () => {
      const store = open();
      for (let n = 0; n < MAX_HEARD; n++) store.putSpare(device(n), keyPackage(n));
      store.putSpare(device(0), keyPackage(5000));
      store.putSpare(device(MAX_HEARD), keyPackage(MAX_HEARD));
      expect(store.spare(device(1))).toBeUndefined();
      expect(store.spare(device(0))).toBe(keyPackage(5000));
      expect(store.spare(device(2))).toBe(keyPackage(2));
    });
  });

  test('whom we block and mute is found again, and replaced as a whole', () => {
    const store = open();
    expect(store.ignored()).toEqual({ blocked: [], muted: [] });
    const until = 1_790_000_000_000 as UnixMs;
    store.putIgnored({ blocked: [device(2), device(1)], muted: [{ device: device(1) }, { device: device(3), until }] });
    const later = again(store);
    expect(later.ignored()).toEqual({
      blocked: [device(2), device(1)],
      muted: [{ device: device(1) }, { device: device(3), until }],
    });
    later.putIgnored({ blocked: [], muted: [{ device: device(4) }] });
    expect(again(later).ignored()).toEqual({ blocked: [], muted: [{ device: device(4) }] });
  });

  test('closing twice is no fault', () => {
    const store = open();
    store.close();
    store.close();
  });
}
