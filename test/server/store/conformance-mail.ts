import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import {
  type AuditEntry,
  type Ignore,
  type KeptMail,
  type NewMail,
  SENT_MAIL_KEPT,
  SENT_MAIL_MS,
  type Store,
} from '../../../src/server/store/store.ts';
import { deviceOf, sealedOf } from '../sealed.ts';
import type { StorePlace } from './conformance.ts';
import { ModelMail } from './model-mail.ts';

const alice = 'alice' as UserName;
const bob = 'bob' as UserName;
const guest = '~carol' as UserName;
const at = (ms: number): UnixMs => ms as UnixMs;
const seq = (n: number): Seq => n as Seq;
const START = seq(0);
/** More than any test here fills. */
const LIMITS = { messages: 500, bytes: 1_000_000 };
const PLENTY = 1_000_000;

const account = (uid: number, name: UserName): Parameters<Store['saveAccount']>[0] => ({ uid, name, lastSeen: at(1) });
const newMail = (id: string, more: Partial<NewMail> = {}): NewMail => ({
  from: bob,
  to: alice,
  device: deviceOf('alice1'),
  sealed: sealedOf(`sealed-${id}`),
  time: at(10),
  id: id as ClientId,
  ...more,
});
const entryOf = (detail: string, time: UnixMs): AuditEntry => ({
  time,
  by: bob,
  action: 'announce',
  target: '',
  detail,
});
/** What was announced, or is inside. */
const words = (mail: readonly KeptMail[]): string[] =>
  mail.map((one) => (one.kind === 'sealed' ? one.sealed.message : one.body));
/** Bytes of a sealed message without its text. */
const HEAD = JSON.stringify(sealedOf('')).length;
const places = (mail: readonly KeptMail[]): number[] => mail.map(({ n }) => n);

/** What every store must do about mail, and about those whom people ignore: called by the test of each implementation. */
export function describeMail(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store of mail`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
      await store.saveAccount(account(1001, alice));
      await store.saveAccount(account(1002, bob));
      await put(alice, 'alice1');
      await put(bob, 'bob1');
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const put = (user: UserName, device: string, time = at(1)) =>
      store.putDevice({ user, device: deviceOf(device), packages: [], time }, { devices: 5, packages: 5 }, []);
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await place.open();
    };
    const send = (id: string, more: Partial<NewMail> = {}, limits = LIMITS) =>
      store.sendMail(newMail(id, more), 'keep', limits);
    const box = (user: UserName, since: Seq = START, limit = 100, bytes = PLENTY) =>
      store.mailbox(user, deviceOf(`${user}1`), since, limit, bytes);

    describe('a mailbox', () => {
      test('keeps mail in the order in which it came, over a reopening', async () => {
        expect(await Promise.all([send('a'), send('b'), send('c', { from: guest })])).toEqual([
          { kind: 'kept', n: 1 },
          { kind: 'kept', n: 2 },
          { kind: 'kept', n: 3 },
        ]);
        await reopen();
        const { mail, more, last } = await box(alice);
        expect(mail[0]).toEqual({
          n: 1,
          kind: 'sealed',
          from: bob,
          device: deviceOf('alice1'),
          sealed: sealedOf('sealed-a'),
          time: 10,
          id: 'a',
        });
        expect([words(mail), mail[2]?.from, more, last]).toEqual([
          ['sealed-a', 'sealed-b', 'sealed-c'],
          guest,
          false,
          3,
        ]);
        expect(await box(bob)).toEqual({ mail: [], more: false, last: 0 });
      });

      test('keeps what is sealed as it came', async () => {
        const whole = sealedOf('x'.repeat(16_384), { seq: 2 ** 40, welcome: 'w'.repeat(8192) });
        await Promise.all([send('a', { sealed: whole }), send('b', { sealed: sealedOf('-_') })]);
        expect((await box(alice)).mail).toMatchObject([{ sealed: whole }, { sealed: sealedOf('-_') }]);
      });

      test('is one row of places for all devices, of which each gets its own', async () => {
        await put(alice, 'alice2');
        const second = { device: deviceOf('alice2') };
        await Promise.all([send('a'), send('b', second), send('c'), send('d', second)]);
        const { mail, last } = await store.mailbox(alice, second.device, START, 100, PLENTY);
        expect([places((await box(alice)).mail), places(mail), last]).toEqual([[1, 3], [2, 4], 4]);
        expect((await store.mailbox(alice, undefined, START, 100, PLENTY)).mail).toEqual([]);
        expect((await store.mailbox(alice, second.device, START, 1, PLENTY)).more).toBe(true);
        await store.received(alice, seq(3), second.device);
        await store.received(alice, seq(4));
        expect(places((await store.mailbox(alice, second.device, START, 100, PLENTY)).mail)).toEqual([4]);
        expect(places((await box(alice)).mail)).toEqual([1, 3]);
      });

      test('takes nothing for a device that isn’t its owner’s', async () => {
        expect(await send('a', { device: deviceOf('bob1') })).toEqual({ kind: 'no_device' });
        expect(await send('a')).toEqual({ kind: 'kept', n: 1 });
      });

      test('loses the mail of a device that is dropped, and no other', async () => {
        await put(alice, 'alice2', at(2));
        await send('a');
        await send('b', { device: deviceOf('alice2') });
        const drop = { user: alice, device: deviceOf('alice3'), packages: [], time: at(3) };
        expect(await store.putDevice(drop, { devices: 2, packages: 5 }, [])).toMatchObject({
          dropped: deviceOf('alice1'),
        });
        await put(alice, 'alice1', at(4));
        expect((await box(alice)).mail).toEqual([]);
        expect(places((await store.mailbox(alice, deviceOf('alice2'), START, 100, PLENTY)).mail)).toEqual([2]);
      });

      test('forgets what was received, and never gives a place twice', async () => {
        await Promise.all([send('a'), send('b'), send('c')]);
        await store.received(alice, seq(2), deviceOf('alice1'));
        expect(places((await box(alice)).mail)).toEqual([3]);
        await store.received(alice, seq(3), deviceOf('alice1'));
        await store.received(alice, seq(3), deviceOf('alice1'));
        await reopen();
        expect(await box(alice)).toEqual({ mail: [], more: false, last: 3 });
        expect(await send('d')).toEqual({ kind: 'kept', n: 4 });
      });

      test('is read by page, of so many and of so many bytes', async () => {
        for (let i = 1; i <= 5; i++) await send(`${i}`, { sealed: sealedOf('x'.repeat(10)) });
        const page = async (after: number, limit: number, bytes: number) => {
          const { mail, more } = await box(alice, seq(after), limit, bytes);
          return [places(mail), more];
        };
        expect(await page(0, 2, PLENTY)).toEqual([[1, 2], true]);
        expect(await page(2, 3, PLENTY)).toEqual([[3, 4, 5], false]);
        expect(await page(0, 100, 2 * (HEAD + 10))).toEqual([[1, 2], true]);
        expect(await page(0, 100, 1)).toEqual([[1], true]);
        expect(await page(5, 100, PLENTY)).toEqual([[], false]);
      });

      test('is full at so many messages, until some are received', async () => {
        const limits = { messages: 2, bytes: PLENTY };
        await send('a', {}, limits);
        await send('b', {}, limits);
        expect(await send('c', {}, limits)).toEqual({ kind: 'full' });
        await put(alice, 'alice2');
        expect(await send('d', { device: deviceOf('alice2') }, limits)).toEqual({ kind: 'kept', n: 3 });
        await store.received(alice, seq(1), deviceOf('alice1'));
        expect(await send('c', {}, limits)).toEqual({ kind: 'kept', n: 4 });
      });

      test('is full at so many bytes of JSON, until some are received', async () => {
        const limits = { messages: 10, bytes: 2 * HEAD + 10 };
        const of = (length: number) => ({ sealed: sealedOf('x'.repeat(length)) });
        expect(await send('a', of(6), limits)).toEqual({ kind: 'kept', n: 1 });
        expect(await send('b', of(5), limits)).toEqual({ kind: 'full' });
        expect(await send('c', of(4), limits)).toEqual({ kind: 'kept', n: 2 });
        await store.received(alice, seq(1), deviceOf('alice1'));
        expect(await send('d', of(6), limits)).toEqual({ kind: 'kept', n: 3 });
        const more = { to: bob, device: deviceOf('bob1'), ...of(HEAD + 11) };
        expect(await send('e', more, limits)).toEqual({ kind: 'full' });
      });

      test('of nobody takes nothing, and no other mail fails with it', async () => {
        const [lost, kept] = await Promise.allSettled([send('a', { to: 'nobody' as UserName }), send('b')]);
        expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'failed' } });
        expect(kept).toMatchObject({ status: 'fulfilled', value: { kind: 'kept', n: 1 } });
        expect(await box('nobody' as UserName)).toEqual({ mail: [], more: false, last: 0 });
        await store.received('nobody' as UserName, seq(9));
      });

      test('follows its owner to a new name, and is not inherited', async () => {
        await send('a');
        await store.saveAccount(account(1001, 'alicia' as UserName));
        await store.saveAccount(account(1009, alice));
        const renamed = await store.mailbox('alicia' as UserName, deviceOf('alice1'), START, 100, PLENTY);
        expect(places(renamed.mail)).toEqual([1]);
        expect((await box(alice)).mail).toEqual([]);
      });
    });

    describe('mail that is sent again', () => {
      test('is kept once, and says when the first one came', async () => {
        await send('a', { time: at(10) });
        const known = { kind: 'known', to: alice, time: 10 };
        expect(await send('a', { time: at(20) })).toEqual(known);
        await store.received(alice, seq(1), deviceOf('alice1'));
        await reopen();
        expect(await send('a', { time: at(30), to: bob })).toEqual(known);
        expect(await store.sendMail(newMail('a'), 'refuse', LIMITS)).toEqual(known);
        expect((await box(alice)).mail).toEqual([]);
      });

      test('in the same moment is kept once', async () => {
        expect((await Promise.all([send('a'), send('a')])).map(({ kind }) => kind)).toEqual(['kept', 'known']);
      });

      test('by somebody else with the same id is other mail', async () => {
        await send('a');
        expect(await send('a', { from: guest })).toEqual({ kind: 'kept', n: 2 });
      });

      test('is known only where it came somewhere', async () => {
        const nothing = { messages: 0, bytes: 0 };
        expect(await send('a', {}, nothing)).toEqual({ kind: 'full' });
        expect(await store.sendMail(newMail('a'), 'refuse', LIMITS)).toEqual({ kind: 'refused' });
        expect(await send('a')).toEqual({ kind: 'kept', n: 1 });
      });

      test('to a guest leaves its id only', async () => {
        const mail = newMail('a', { to: guest });
        expect(await store.sendMail(mail, 'pass', LIMITS)).toEqual({ kind: 'passed' });
        expect(await store.sendMail(mail, 'pass', LIMITS)).toEqual({ kind: 'known', to: guest, time: 10 });
        expect(await box(guest)).toEqual({ mail: [], more: false, last: 0 });
      });

      test('long after, and after many others, is new', async () => {
        const others = (time: number) =>
          Promise.all(
            Array.from({ length: SENT_MAIL_KEPT }, (_, i) =>
              store.sendMail(newMail(`b${i}`, { to: guest, time: at(time) }), 'pass', LIMITS),
            ),
          );
        await send('a', { time: at(10) });
        await others(10 + SENT_MAIL_MS);
        expect(await send('a', { time: at(10 + SENT_MAIL_MS) })).toMatchObject({ kind: 'known' });
        expect(await send('c', { time: at(11 + SENT_MAIL_MS) })).toEqual({ kind: 'kept', n: 2 });
        expect(await send('d', { time: at(11 + SENT_MAIL_MS) })).toEqual({ kind: 'kept', n: 3 });
        expect(await send('a', { time: at(12 + SENT_MAIL_MS) })).toEqual({ kind: 'kept', n: 4 });
      });

      test('is known where the clock was wrong when it came, and was set right since', async () => {
        await send('a', { time: at(10) });
        expect(await send('b', { time: at(10 + 2 * SENT_MAIL_MS) })).toEqual({ kind: 'kept', n: 2 });
        expect(await send('c', { time: at(11 + 2 * SENT_MAIL_MS) })).toEqual({ kind: 'kept', n: 3 });
        expect(await send('a', { time: at(12 + 2 * SENT_MAIL_MS) })).toMatchObject({ kind: 'known' });
      });
    });

    describe('an announcement', () => {
      const announce = (body: string, keep = 10) =>
        store.announce({ from: bob, body, time: at(50) }, entryOf(body, at(50)), keep);

      test('is in every mailbox, in its place, and does not count', async () => {
        await send('a', {}, { messages: 1, bytes: PLENTY });
        expect(await announce('down at six')).toEqual([
          { user: alice, n: 2 },
          { user: bob, n: 1 },
        ]);
        await store.received(alice, seq(1), deviceOf('alice1'));
        expect(await send('b', {}, { messages: 1, bytes: PLENTY })).toEqual({ kind: 'kept', n: 3 });
        await reopen();
        expect(await store.auditLog(10)).toEqual([entryOf('down at six', at(50))]);
        const announced = { kind: 'announcement', from: bob, body: 'down at six', time: 50 };
        expect((await box(bob)).mail).toEqual([{ ...announced, n: 1 }]);
        expect((await box(alice)).mail).toMatchObject([
          { ...announced, n: 2 },
          { kind: 'sealed', n: 3 },
        ]);
      });

      test('is received in one mailbox, and stays in the others', async () => {
        await announce('x');
        await store.received(alice, seq(1));
        expect([places((await box(alice)).mail), places((await box(bob)).mail)]).toEqual([[], [1]]);
      });

      test('makes room for newer ones', async () => {
        await send('a');
        for (const body of ['1', '2', '3', '4']) await announce(body, 2);
        expect(words((await box(alice)).mail)).toEqual(['sealed-a', '3', '4']);
        expect(places((await box(alice)).mail)).toEqual([1, 4, 5]);
      });

      test('does not reach accounts that come later', async () => {
        await announce('x');
        await store.saveAccount(account(1003, 'dave' as UserName));
        expect((await box('dave' as UserName)).mail).toEqual([]);
        expect(await announce('y')).toContainEqual({ user: 'dave', n: 1 });
      });
    });

    describe('those whom people ignore', () => {
      const ignore = (more: Partial<Ignore> = {}): Ignore => ({ user: alice, kind: 'block', target: bob, ...more });

      test('last, each once, until they are removed', async () => {
        await store.saveIgnore(ignore(), at(1));
        await store.saveIgnore(ignore(), at(2));
        await store.saveIgnore(ignore({ kind: 'mute', until: at(500) }), at(2));
        await store.saveIgnore(ignore({ kind: 'mute', until: at(900) }), at(3));
        await store.saveIgnore(ignore({ user: bob, target: guest }), at(3));
        await reopen();
        expect(await store.ignores()).toEqual([
          ignore(),
          ignore({ kind: 'mute', until: at(900) }),
          ignore({ user: bob, target: guest }),
        ]);
        await store.removeIgnore(alice, 'block', bob);
        await store.removeIgnore(alice, 'block', bob);
        await store.removeIgnore('nobody' as UserName, 'block', bob);
        expect(await store.ignores()).toHaveLength(2);
      });

      test('are forgotten when they have ended, with the next one', async () => {
        await store.saveIgnore(ignore({ kind: 'mute', until: at(500) }), at(1));
        await store.saveIgnore(ignore({ user: bob, target: alice, kind: 'mute', until: at(500) }), at(1));
        await store.saveIgnore(ignore({ target: guest }), at(500));
        expect(await store.ignores()).toEqual([
          ignore({ target: guest }),
          ignore({ user: bob, target: alice, kind: 'mute', until: at(500) }),
        ]);
      });

      test('belong to an account', async () => {
        await expect(store.saveIgnore(ignore({ user: guest }), at(1))).rejects.toMatchObject({ code: 'failed' });
      });

      test('keep their place when either is renamed, and nobody inherits it', async () => {
        await store.saveIgnore(ignore(), at(1));
        await store.saveAccount(account(1001, 'alicia' as UserName));
        await store.saveAccount(account(1002, 'robert' as UserName));
        expect(await store.ignores()).toEqual([ignore({ user: 'alicia' as UserName, target: 'robert' as UserName })]);
        await store.saveAccount(account(1009, 'robert' as UserName));
        expect(await store.ignores()).toEqual([]);
      });
    });

    test('random devices, claims, mail, repeated ids, receipts, announcements and reopenings leave what a simple model says', async () => {
      const user = fc.constantFrom(alice, bob);
      const step = fc.oneof(
        {
          weight: 12,
          arbitrary: fc.record({
            step: fc.constant('send' as const),
            to: user,
            from: user,
            device: fc.constantFrom('1', '2', '3'),
            id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
          }),
        },
        {
          weight: 4,
          arbitrary: fc.record({
            step: fc.constant('received' as const),
            to: user,
            device: fc.constantFrom(undefined, '1', '2'),
            n: fc.nat(12),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({
            step: fc.constant('device' as const),
            to: user,
            device: fc.constantFrom('1', '2', '3'),
            here: fc.subarray(['1', '2', '3']),
            packages: fc.array(fc.constantFrom('p', 'q', 'r', 's', 't'), { maxLength: 4 }),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({
            step: fc.constant('claim' as const),
            to: user,
            claim: fc.array(fc.constantFrom('1', '2', '3'), { maxLength: 4 }),
          }),
        },
        { weight: 2, arbitrary: fc.record({ step: fc.constant('announce' as const), from: user }) },
        { weight: 1, arbitrary: fc.record({ step: fc.constant('reopen' as const) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
          const own = await makePlace();
          let it = await own.open();
          const model = new ModelMail();
          try {
            await it.saveAccount(account(1001, alice));
            await it.saveAccount(account(1002, bob));
            for (const [i, one] of steps.entries()) {
              if (one.step === 'reopen') {
                await it.close();
                it = await own.open();
              } else if (one.step === 'received') {
                const device = one.device === undefined ? undefined : deviceOf(one.device);
                await it.received(one.to, seq(one.n), device);
                model.received(one.to, seq(one.n), device);
              } else if (one.step === 'device') {
                const added = { user: one.to, device: deviceOf(one.device), packages: one.packages, time: at(i) };
                const about = [added, { devices: 2, packages: 3 }, one.here.map(deviceOf)] as const;
                expect(await it.putDevice(...about)).toEqual(model.putDevice(...about));
              } else if (one.step === 'claim') {
                const claim = one.claim.map(deviceOf);
                expect(await it.devices(one.to, claim)).toEqual(model.devices(one.to, claim));
              } else if (one.step === 'announce') {
                const announcement = { from: one.from, body: `all ${i}`, time: at(i) };
                expect(await it.announce(announcement, entryOf(announcement.body, at(i)), 1000)).toEqual(
                  model.announce(announcement, [alice, bob]),
                );
              } else {
                const about = { from: one.from, to: one.to, device: deviceOf(one.device), time: at(i) };
                const mail = newMail(one.id, about);
                const limits = { messages: 5, bytes: 4 * HEAD };
                expect(await it.sendMail(mail, 'keep', limits)).toEqual(model.send(mail, 'keep', limits));
              }
            }
            for (const name of [alice, bob])
              for (const device of [undefined, ...['1', '2', '3'].map(deviceOf)])
                expect(await it.mailbox(name, device, START, 100, PLENTY)).toEqual(model.page(name, device, START));
          } finally {
            await it.close();
            await own.remove();
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
