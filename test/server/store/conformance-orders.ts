import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoomName, UnixMs, UserName } from '../../../src/base/ids.ts';
import {
  type AuditEntry,
  type Ban,
  MAX_AUDIT_ENTRIES,
  type Order,
  type Store,
} from '../../../src/server/store/store.ts';
import type { StorePlace } from './conformance.ts';

const root = 'root' as UserName;
const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const DEV = '#dev' as RoomName;
const at = (ms: number): UnixMs => ms as UnixMs;
const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  time: at(1000),
  by: root,
  action,
  target: '',
  detail: '',
  ...more,
});
const ban = (target: string, more: Partial<Ban> = {}): Ban => ({
  target,
  by: root,
  time: at(1000),
  reason: '',
  ...more,
});

/** What every store must do about keeping order: called by the test of each implementation. */
export function describeOrders(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of orders`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
      await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(1) });
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const order = (wanted: Order, more: Partial<AuditEntry> = {}): Promise<boolean> =>
      store.carryOut(wanted, entry(wanted.kind, more));
    const actions = async (): Promise<string[]> => (await store.auditLog(100)).map(({ action }) => action);

    describe('operators', () => {
      test('are accounts, made and unmade, and last', async () => {
        expect(await order({ kind: 'op', user: alice })).toBe(true);
        expect(await order({ kind: 'op', user: bob })).toBe(false);
        await store.register({ name: bob, password: 'x', time: at(1) });
        expect(await order({ kind: 'op', user: bob })).toBe(true);
        await reopen();
        expect(await store.operators()).toEqual([alice, bob]);
        expect(await order({ kind: 'deop', user: alice })).toBe(true);
        expect(await order({ kind: 'deop', user: alice })).toBe(false);
        expect(await store.operators()).toEqual([bob]);
        expect(await actions()).toEqual(['op', 'op', 'deop']);
      });

      test('made twice are one', async () => {
        await order({ kind: 'op', user: alice });
        expect(await order({ kind: 'op', user: alice })).toBe(true);
        expect(await store.operators()).toEqual([alice]);
      });

      test('stay so under another name, and nobody inherits it with a name', async () => {
        await order({ kind: 'op', user: alice });
        await store.saveAccount({ name: bob, uid: 1001, lastSeen: at(2) });
        expect(await store.operators()).toEqual([bob]);
        await store.saveAccount({ name: bob, uid: 1002, lastSeen: at(3) });
        expect(await store.operators()).toEqual([]);
        await store.saveAccount({ name: alice, uid: 1001, lastSeen: at(4) });
        expect(await store.operators()).toEqual([]);
      });
    });

    describe('bans', () => {
      test('last, in the order in which they were made, each target once', async () => {
        await order({ kind: 'ban', ban: ban('~bob', { until: at(9000), reason: 'spam; \u{1f4a9}' }) });
        await order({ kind: 'ban', ban: ban('2001:db8::/64', { time: at(1001) }) });
        await order({ kind: 'ban', ban: ban('uid 1009', { time: at(1002) }) });
        await order({ kind: 'ban', ban: ban('uid 1009', { time: at(1003), reason: 'again' }) });
        await reopen();
        expect(await store.bans()).toEqual([
          ban('~bob', { until: at(9000), reason: 'spam; \u{1f4a9}' }),
          ban('2001:db8::/64', { time: at(1001) }),
          ban('uid 1009', { time: at(1003), reason: 'again' }),
        ]);
      });

      test('that have ended are dropped when there is another', async () => {
        await order({ kind: 'ban', ban: ban('~bob', { until: at(2000) }) });
        await order({ kind: 'ban', ban: ban('~carol') }, { time: at(2000) });
        expect((await store.bans()).map(({ target }) => target)).toEqual(['~carol']);
      });

      test('end by an order, which is none where there is no such ban', async () => {
        await order({ kind: 'ban', ban: ban('~bob') });
        expect(await order({ kind: 'unban', target: '~carol' })).toBe(false);
        expect(await order({ kind: 'unban', target: '~bob' })).toBe(true);
        expect(await store.bans()).toEqual([]);
        expect(await actions()).toEqual(['ban', 'unban']);
      });
    });

    describe('rooms', () => {
      test('are open and fast, until they are not', async () => {
        await store.createRoom(DEV, at(1));
        expect(await store.rooms()).toMatchObject([
          { slow: 0, closed: false },
          { slow: 0, closed: false },
        ]);
        expect(await order({ kind: 'slow', room: DEV, every: 10_000 })).toBe(true);
        expect(await order({ kind: 'close', room: DEV })).toBe(true);
        await reopen();
        expect(await store.rooms()).toMatchObject([{ closed: false }, { name: DEV, slow: 10_000, closed: true }]);
        expect(await order({ kind: 'slow', room: DEV, every: 0 })).toBe(true);
        expect(await order({ kind: 'reopen', room: DEV })).toBe(true);
        expect(await store.rooms()).toMatchObject([{}, { name: DEV, slow: 0, closed: false }]);
      });

      test('that are closed have no members, and keep what was said', async () => {
        await store.createRoom(DEV, at(1));
        await store.addMember(DEV, alice, at(1));
        await store.append({ room: DEV, from: alice, text: 'x', time: at(1) });
        await order({ kind: 'close', room: DEV });
        expect(await store.memberships()).toEqual([]);
        const page = await store.history(DEV, { kind: 'newest' }, 10, 1_000_000);
        expect(page.messages).toHaveLength(1);
      });

      test('that are not there take no order', async () => {
        for (const kind of ['close', 'reopen'] as const) expect(await order({ kind, room: DEV })).toBe(false);
        expect(await order({ kind: 'slow', room: DEV, every: 1 })).toBe(false);
        expect(await actions()).toEqual([]);
      });
    });

    describe('the audit log', () => {
      test('has every order as it was given, the newest last', async () => {
        const first = entry('kick', { target: 'bob', detail: 'too loud\n\u202e' });
        await store.carryOut({ kind: 'kick', user: bob }, first);
        const second = entry('announce', { time: at(2000), by: alice, detail: 'restart at noon' });
        await store.carryOut({ kind: 'note' }, second);
        await reopen();
        expect(await store.auditLog(10)).toEqual([first, second]);
        expect(await store.auditLog(1)).toEqual([second]);
      });

      test('keeps the newest hundred thousand', async () => {
        const last = MAX_AUDIT_ENTRIES + 20;
        const all = Array.from({ length: last }, (_, i) =>
          store.carryOut({ kind: 'note' }, entry('note', { time: at(i + 1) })),
        );
        await Promise.all(all);
        const kept = await store.auditLog(last);
        expect(kept.length).toBe(MAX_AUDIT_ENTRIES);
        expect([kept[0]?.time, kept.at(-1)?.time]).toEqual([21, last]);
      }, 30_000);
    });
  });
}
