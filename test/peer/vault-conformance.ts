/** What every vault promises; each implementation runs it. */
import { describe, expect, test } from 'vitest';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../src/base/ids.ts';
import type { OwnPackage } from '../../src/crypto/e2ee-session.ts';
import {
  type KeptPackage,
  KNOWN_AMONG,
  type LogRecord,
  MAX_EARLY_CHANGES,
  MAX_OWN_NAMES,
  MAX_OWN_PACKAGES,
  type OutgoingMail,
  type Pin,
  type SavedSession,
  type Vault,
} from '../../src/peer/vault.ts';

export const user = (name: string): UserName => name as UserName;
export const BOB = user('bob');
export const ME = user('alice');
const CAROL = user('~carol');

/** 32 and 16 bytes, told apart by a number. */
export const device = (n: number): DeviceId => Buffer.alloc(32, n).toString('base64url') as DeviceId;
export const group = (n: number): GroupId => Buffer.alloc(16, n).toString('base64url') as GroupId;

export const record = (n: number, more: Partial<LogRecord> = {}): LogRecord => ({
  id: `id-${n}` as ClientId,
  from: n % 2 === 0 ? ME : BOB,
  text: `message ${n}`,
  time: (1_790_000_000_000 + n) as UnixMs,
  ...more,
});

export const session = (n: number, more: Partial<SavedSession> = {}): SavedSession => ({
  group: group(n),
  own: ME,
  user: BOB,
  device: device(1),
  state: Uint8Array.from({ length: 500 }, (_, i) => (i * n) & 0xff),
  welcome: undefined,
  used: n as UnixMs,
  retired: false,
  ...more,
});

export const ownPackage = (n: number, own = ME): KeptPackage => ({
  own,
  ref: `ref-${n}`,
  public: Uint8Array.of(1, n & 0xff),
  secret: Uint8Array.of(2, n & 0xff),
});

/** As it is found again. */
const unnamed = ({ ref, public: open, secret }: KeptPackage): OwnPackage => ({ ref, public: open, secret });

export const outgoing = (n: number, more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  type: 'mail',
  id: `mail-${n}` as ClientId,
  of: `message-${n}` as ClientId,
  own: ME,
  to: BOB,
  device: device(1),
  sealed: { from: device(9), group: group(n), seq: 1, message: 'bWVzc2FnZQ' },
  ...more,
});

const pin = (n: number, more: Partial<Pin> = {}): Pin => ({
  user: BOB,
  device: device(n),
  since: n as UnixMs,
  verified: false,
  accepted: true,
  ...more,
});

const places = (vault: Vault, before: number | undefined, limit: number): readonly number[] =>
  vault.log.page(BOB, before, limit).records.map(({ at }) => at);

/** @param open a vault with nothing in it; @param again the same vault after its program has ended, where it is kept. */
export function vaultConformance(open: () => Vault, again: (vault: Vault) => Vault): void {
  describe('pins', () => {
    test('are kept a user, oldest first, replaced and dropped', () => {
      let vault = open();
      expect(vault.pins(BOB)).toEqual([]);
      vault.commit({ putPin: pin(1) });
      vault.commit({ putPin: pin(2, { accepted: false }) });
      vault.commit({ putPin: pin(3, { user: CAROL, verified: true }) });
      vault.commit({ putPin: pin(1, { verified: true }) });
      vault = again(vault);
      expect(vault.pins(BOB)).toEqual([pin(1, { verified: true }), pin(2, { accepted: false })]);
      expect(vault.pins(CAROL)).toEqual([pin(3, { user: CAROL, verified: true })]);
      vault.commit({ dropPin: { user: BOB, device: device(1) } });
      vault = again(vault);
      expect(vault.pins(BOB)).toEqual([pin(2, { accepted: false })]);
    });
  });

  describe('sessions', () => {
    test('are found by group, and by device with the newest use first', () => {
      let vault = open();
      vault.commit({ putSession: [session(1)] });
      vault.commit({ putSession: [session(3, { welcome: Uint8Array.of(1, 2, 3) })] });
      vault.commit({ putSession: [session(2)] });
      vault.commit({ putSession: [session(4, { device: device(2) })] });
      vault.commit({ putSession: [session(5, { user: CAROL })] });
      vault = again(vault);
      expect(vault.session(group(3))).toEqual(session(3, { welcome: Uint8Array.of(1, 2, 3) }));
      expect(vault.session(group(7))).toBeUndefined();
      expect(vault.sessions(BOB, device(1)).map((it) => it.group)).toEqual([group(3), group(2), group(1)]);
      expect(vault.sessions(BOB, device(2))).toEqual([session(4, { device: device(2) })]);
    });

    test('are replaced as a whole, and dropped', () => {
      let vault = open();
      vault.commit({ putSession: [session(1, { welcome: Uint8Array.of(1) })] });
      const next = session(1, { state: new Uint8Array(9000).fill(3), used: 50 as UnixMs });
      vault.commit({ putSession: [next] });
      vault = again(vault);
      expect(vault.session(group(1))).toEqual(next);
      vault.commit({ dropSession: group(1) });
      vault = again(vault);
      expect([vault.session(group(1)), vault.sessions(BOB, device(1))]).toEqual([undefined, []]);
    });

    test('of which nothing more is sealed in some stay so, however they are put', () => {
      let vault = open();
      vault.commit({ putSession: [session(1), session(2)] });
      vault.commit({ retireSession: group(1) });
      vault.commit({ putSession: [session(1, { used: 9 as UnixMs })] });
      vault = again(vault);
      expect([vault.session(group(1)), vault.session(group(2))]).toEqual([
        session(1, { used: 9 as UnixMs, retired: true }),
        session(2),
      ]);
    });

    test('are kept for the name that we have in them', () => {
      let vault = open();
      vault.commit({ putSession: [session(1), session(2, { own: CAROL })] });
      vault = again(vault);
      expect(vault.sessions(BOB, device(1))).toEqual([session(2, { own: CAROL }), session(1)]);
    });

    test('are copies: who overwrites what was given, or got, changes nothing', () => {
      const vault = open();
      const given = session(1);
      vault.commit({ putSession: [given] });
      given.state.fill(0);
      vault.session(group(1))?.state.fill(0);
      vault.sessions(BOB, device(1))[0]?.state.fill(0);
      expect(vault.session(group(1))).toEqual(session(1));
    });
  });

  describe('packages', () => {
    test('are found by reference until they are dropped', () => {
      let vault = open();
      vault.commit({ addPackages: [ownPackage(1), ownPackage(2)] });
      vault = again(vault);
      expect(vault.package('ref-1')).toEqual(unnamed(ownPackage(1)));
      vault.commit({ dropPackage: 'ref-1' });
      vault = again(vault);
      expect([vault.package('ref-1'), vault.package('ref-2'), vault.package('x')]).toEqual([
        undefined,
        unnamed(ownPackage(2)),
        undefined,
      ]);
    });

    test('that are more than are kept push out the oldest', () => {
      const vault = open();
      vault.commit({ addPackages: Array.from({ length: MAX_OWN_PACKAGES }, (_, n) => ownPackage(n)) });
      vault.commit({ addPackages: [ownPackage(9000), ownPackage(9001)] });
      const found = ['ref-0', 'ref-1', 'ref-2', 'ref-9001'].map((ref) => vault.package(ref)?.ref);
      expect(found).toEqual([undefined, undefined, 'ref-2', 'ref-9001']);
    });
  });

  describe('packages of several names', () => {
    const names = Array.from({ length: MAX_OWN_NAMES + 3 }, (_, n) => user(`~guest${n}`));
    const found = (vault: Vault, refs: readonly number[]): readonly number[] =>
      refs.filter((n) => vault.package(`ref-${n}`) !== undefined);

    test('do not push out each other, however many one has', () => {
      const vault = open();
      vault.commit({ addPackages: [ownPackage(9000)] });
      vault.commit({ addPackages: Array.from({ length: MAX_OWN_PACKAGES + 1 }, (_, n) => ownPackage(n, BOB)) });
      expect(found(vault, [0, 1, 9000])).toEqual([1, 9000]);
    });

    test('are kept for so many names, and guests’ go first, but for those of the one who is here', () => {
      const vault = open();
      vault.commit({ addPackages: [ownPackage(9000)], published: { own: ME, at: 5 as UnixMs } });
      for (const [n, own] of names.entries())
        vault.commit({ addPackages: [ownPackage(n, own)], published: { own, at: 6 as UnixMs } });
      expect(found(vault, [0, 2, 3, 4, 5, names.length - 1, 9000])).toEqual([4, 5, names.length - 1, 9000]);
      expect(vault.published(ME)).toBe(5);
      expect(vault.published(user('~guest0'))).toBeUndefined();
    });

    test('are as old as was noted', () => {
      let vault = open();
      expect(vault.published(ME)).toBeUndefined();
      vault.commit({ addPackages: [ownPackage(1)], published: { own: ME, at: 5 as UnixMs } });
      vault.commit({ published: { own: ME, at: 7 as UnixMs } });
      vault = again(vault);
      expect([vault.published(ME), vault.published(BOB)]).toEqual([7, undefined]);
    });
  });

  test('mail that has begun is known until it has not, in its order', () => {
    let vault = open();
    const begun = [3, 1, 2].map((n) => ({ id: `id-${n}` as ClientId, own: ME, to: BOB }));
    for (const begin of begun) vault.commit({ begin });
    vault.commit({ begin: begun[0]! });
    vault = again(vault);
    expect(vault.begun()).toEqual(begun);
    vault.commit({ unbegin: 'id-1' as ClientId });
    vault = again(vault);
    expect(vault.begun().map(({ id }) => id)).toEqual(['id-3', 'id-2']);
  });

  test('changes by mail that were opened are known', () => {
    let vault = open();
    const id = (n: number) => `change-${n}` as ClientId;
    for (const n of [1, 2, 1]) vault.commit({ note: { from: BOB, id: id(n) } });
    vault = again(vault);
    expect([0, 1, 2].map((n) => vault.isNoted(BOB, id(n)))).toEqual([false, true, true]);
    expect(vault.isNoted(CAROL, id(1))).toBe(false);
  });

  describe('queued mail', () => {
    test('comes in the order in which it was queued, until it is done', () => {
      let vault = open();
      vault.commit({ queue: [outgoing(3), outgoing(1)] });
      vault.commit({ queue: [outgoing(2, { sealed: { ...outgoing(2).sealed, welcome: 'd2VsY29tZQ' } })] });
      vault = again(vault);
      expect(vault.queued().map(({ id }) => id)).toEqual(['mail-3', 'mail-1', 'mail-2']);
      expect(vault.queued()[2]?.sealed.welcome).toBe('d2VsY29tZQ');
      expect(vault.queued()[0]).toEqual(outgoing(3));
      vault.commit({ unqueue: outgoing(1).id });
      vault = again(vault);
      expect(vault.queued().map(({ id }) => id)).toEqual(['mail-3', 'mail-2']);
    });

    test('that is queued already keeps its place', () => {
      const vault = open();
      vault.commit({ queue: [outgoing(1), outgoing(2)] });
      vault.commit({ queue: [outgoing(1, { to: CAROL })] });
      expect(vault.queued()).toEqual([outgoing(1, { to: CAROL }), outgoing(2)]);
    });
  });

  test('a change is one: all that it names is there afterwards, or gone', () => {
    let vault = open();
    vault.commit({ putSession: [session(1)], addPackages: [ownPackage(1)], queue: [outgoing(1)], putPin: pin(1) });
    vault.commit({
      dropSession: group(1),
      putSession: [session(2)],
      dropPackage: 'ref-1',
      addPackages: [ownPackage(2)],
      unqueue: outgoing(1).id,
      queue: [outgoing(2)],
      dropPin: pin(1),
      putPin: pin(2),
    });
    vault = again(vault);
    expect([vault.session(group(1)), vault.package('ref-1')]).toEqual([undefined, undefined]);
    expect([vault.session(group(2)), vault.package('ref-2')]).toEqual([session(2), unnamed(ownPackage(2))]);
    expect([vault.queued(), vault.pins(BOB)]).toEqual([[outgoing(2)], [pin(2)]]);
  });

  describe('the log', () => {
    test('gives the newest, then what is before, oldest first, each with its place', () => {
      let vault = open();
      expect(vault.log.page(BOB, undefined, 10)).toEqual({ records: [], more: false, damaged: 0 });
      for (let n = 0; n < 7; n++) expect(vault.log.append(BOB, record(n))).toBe(true);
      vault = again(vault);
      expect(vault.log.page(BOB, undefined, 3)).toEqual({
        records: [4, 5, 6].map((at) => ({ ...record(at), at })),
        more: true,
        damaged: 0,
      });
      expect(places(vault, 4, 3)).toEqual([1, 2, 3]);
      expect(vault.log.page(BOB, 1, 3)).toEqual({ records: [{ ...record(0), at: 0 }], more: false, damaged: 0 });
      expect(vault.log.page(BOB, 3, 3).more).toBe(false);
      expect([places(vault, 0, 3), places(vault, 99, 2)]).toEqual([[], [5, 6]]);
    });

    test('holds any text that can be a message', () => {
      let vault = open();
      const texts = ['\0\u0001\n"\\', '\u{1f469}\u200d\u{1f4bb} äöü', 'x'.repeat(8192), '\u0001'.repeat(8192)];
      for (const [n, text] of texts.entries()) vault.log.append(BOB, record(n, { text }));
      vault = again(vault);
      expect(vault.log.page(BOB, undefined, 10).records.map(({ text }) => text)).toEqual(texts);
    });

    test('takes no message of the same author and id twice', () => {
      let vault = open();
      expect(vault.log.append(BOB, record(1))).toBe(true);
      expect(vault.log.append(BOB, record(1, { text: 'again' }))).toBe(false);
      vault = again(vault);
      expect(vault.log.append(BOB, record(1, { text: 'again' }))).toBe(false);
      expect(vault.log.append(BOB, record(1, { from: CAROL }))).toBe(true);
      expect(vault.log.append(CAROL, record(1))).toBe(true);
      expect(places(vault, undefined, 10)).toEqual([0, 1]);
    });

    test('finds a message among the newest', () => {
      let vault = open();
      for (let n = 0; n < 5; n++) vault.log.append(BOB, record(n));
      vault = again(vault);
      expect(vault.log.find(BOB, record(3).from, record(3).id)).toEqual(record(3));
      expect(vault.log.find(BOB, CAROL, record(3).id)).toBeUndefined();
      expect(vault.log.find(CAROL, record(3).from, record(3).id)).toBeUndefined();
      vault.log.append(BOB, record(5));
      expect(vault.log.find(BOB, record(5).from, record(5).id)).toEqual(record(5));
    });

    describe('of messages that become others', () => {
      const ref = (n: number) => ({ from: record(n).from, id: record(n).id });
      const edited = (text: string, time = 5) => ({ kind: 'edit', text, time: time as UnixMs }) as const;
      const reacted = (emoji: string, on = true) => ({ kind: 'react', emoji, on }) as const;
      const seen = (vault: Vault): readonly string[] =>
        vault.log.page(BOB, undefined, 100).records.map(({ text }) => text);

      test('gives them as they are by now, in their places, in pages and when they are looked for', () => {
        let vault = open();
        for (let n = 0; n < 4; n++) vault.log.append(BOB, record(n));
        expect(vault.log.change(BOB, ref(1), BOB, edited('better'))).toBe(true);
        expect(vault.log.change(BOB, ref(1), ME, reacted('👍'))).toBe(true);
        expect(vault.log.change(BOB, ref(2), ME, { kind: 'delete' })).toBe(true);
        vault = again(vault);
        const now = { ...record(1), text: 'better', edited: 5, reactions: [{ emoji: '👍', users: [ME] }] };
        const gone = { ...record(2), text: '', deleted: true };
        const page = vault.log.page(BOB, undefined, 10);
        expect(page.records).toEqual([record(0), now, gone, record(3)].map((one, at) => ({ ...one, at })));
        expect(page.damaged).toBe(0);
        expect(vault.log.find(BOB, BOB, record(1).id)).toEqual(now);
        expect(vault.log.find(BOB, ME, record(2).id)).toEqual(gone);
        // Others' logs are others'.
        vault.log.append(CAROL, record(1));
        expect(vault.log.page(CAROL, undefined, 1).records).toEqual([{ ...record(1), at: 0 }]);
      });

      test('lets only the author edit and delete, and what was deleted stays so', () => {
        const vault = open();
        vault.log.append(BOB, record(1));
        expect(vault.log.change(BOB, ref(1), ME, edited('never said'))).toBe(false);
        expect(vault.log.change(BOB, ref(1), ME, { kind: 'delete' })).toBe(false);
        expect(seen(vault)).toEqual(['message 1']);
        expect(vault.log.change(BOB, ref(1), BOB, { kind: 'delete' })).toBe(true);
        for (const change of [edited('again', 99), reacted('👍'), { kind: 'delete' } as const])
          expect(vault.log.change(BOB, ref(1), BOB, change)).toBe(false);
        expect(seen(vault)).toEqual(['']);
      });

      test('comes to the same whatever comes again, and in whatever order edits come', () => {
        const vault = open();
        vault.log.append(BOB, record(1));
        expect(vault.log.change(BOB, ref(1), BOB, edited('second', 2))).toBe(true);
        expect(vault.log.change(BOB, ref(1), BOB, edited('first', 1))).toBe(false);
        expect(vault.log.change(BOB, ref(1), BOB, edited('second', 2))).toBe(false);
        expect(vault.log.change(BOB, ref(1), ME, reacted('👍'))).toBe(true);
        expect(vault.log.change(BOB, ref(1), ME, reacted('👍'))).toBe(false);
        expect(vault.log.change(BOB, ref(1), ME, reacted('👍', false))).toBe(true);
        expect(vault.log.find(BOB, BOB, record(1).id)).toEqual({ ...record(1), text: 'second', edited: 2 });
      });

      test('keeps aside what comes before its message, so many changes a person', () => {
        let vault = open();
        for (let n = 1; n < 2 * MAX_EARLY_CHANGES + 4; n += 2)
          expect(vault.log.change(BOB, ref(n), BOB, edited(`later ${n}`))).toBe(false);
        const last = 2 * MAX_EARLY_CHANGES + 3;
        expect(vault.log.change(BOB, ref(last), BOB, { kind: 'delete' })).toBe(false);
        vault = again(vault);
        for (const n of [1, last - 2, last]) expect(vault.log.append(BOB, record(n))).toBe(true);
        expect(seen(vault)).toEqual(['message 1', `later ${last - 2}`, '']);
        expect(seen(again(vault))).toEqual(['message 1', `later ${last - 2}`, '']);
      });

      test('says where it is that one answers', () => {
        let vault = open();
        for (let n = 0; n < 3; n++) vault.log.append(BOB, record(n));
        vault.log.append(BOB, record(3, { re: ref(1) }));
        vault.log.append(BOB, record(4, { re: ref(77) }));
        vault = again(vault);
        const [one, other] = vault.log.page(BOB, undefined, 2).records;
        expect(one).toEqual({ ...record(3), re: ref(1), at: 3, reAt: 1 });
        expect(other).toEqual({ ...record(4), re: ref(77), at: 4 });
      });

      test('is forgotten with the log', () => {
        const vault = open();
        vault.log.append(BOB, record(1));
        vault.log.change(BOB, ref(1), BOB, edited('better'));
        vault.log.change(BOB, ref(3), BOB, edited('early'));
        vault.log.forget(BOB);
        for (const n of [1, 3]) vault.log.append(BOB, record(n));
        expect(seen(vault)).toEqual(['message 1', 'message 3']);
      });
    });

    test('is kept a person, and says who they are', () => {
      let vault = open();
      expect(vault.log.people()).toEqual([]);
      vault.log.append(CAROL, record(1));
      vault.log.append(BOB, record(2));
      vault = again(vault);
      expect(vault.log.people().toSorted()).toEqual([BOB, CAROL]);
      expect(vault.log.page(CAROL, undefined, 9).records).toEqual([{ ...record(1), at: 0 }]);
    });

    test('is forgotten, and begins anew', () => {
      let vault = open();
      for (let n = 0; n < 5; n++) vault.log.append(BOB, record(n));
      vault.log.append(CAROL, record(1));
      expect([vault.log.forget(BOB), vault.log.forget(BOB), vault.log.forget(ME)]).toEqual([5, 0, 0]);
      vault = again(vault);
      expect(vault.log.people()).toEqual([CAROL]);
      expect(vault.log.page(BOB, undefined, 9)).toEqual({ records: [], more: false, damaged: 0 });
      expect(vault.log.find(BOB, record(3).from, record(3).id)).toBeUndefined();
      expect(vault.log.append(BOB, record(3))).toBe(true);
      expect(places(vault, undefined, 9)).toEqual([0]);
    });

    test('can be put under a passphrase, which is asked for as it was set', async () => {
      const vault = open();
      expect(await vault.log.unlock('whatever')).toBe(true);
      await vault.log.setPassphrase('open sesame');
      expect([await vault.log.unlock('open barley'), await vault.log.unlock('open sesame')]).toEqual([false, true]);
      expect(vault.log.locked).toBe(false);
      expect(vault.log.append(BOB, record(1))).toBe(true);
      await vault.log.setPassphrase(undefined);
      expect(await vault.log.unlock('whatever')).toBe(true);
    });
  });
}

/** Longer than what is known of a log: for whoever can wait. */
export function knownAmong(vault: Vault): void {
  for (let n = 0; n <= KNOWN_AMONG; n++) vault.log.append(BOB, record(n));
  expect(vault.log.find(BOB, record(0).from, record(0).id)).toBeUndefined();
  expect(vault.log.find(BOB, record(1).from, record(1).id)).toEqual(record(1));
}
