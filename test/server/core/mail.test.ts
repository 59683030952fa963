import { expect, test } from 'vitest';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { MAIL_PAGE, MAILS, MAX_MAILBOX_MESSAGES } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { deviceOf, mailTo, sayDevice, sealedOf } from '../sealed.ts';
import { World } from './world.ts';

/** To the first device of somebody. */
const mail = (to: string, id: string) => mailTo(to, `${to.replace('~', '')}1`, id);
const ids = (frames: readonly ServerMessage[]): string[] =>
  frames.flatMap((frame) => (frame.type === 'mail' && frame.kind === 'sealed' ? [frame.id] : []));
const places = (frames: readonly ServerMessage[]): number[] =>
  frames.flatMap((frame) => (frame.type === 'mail' ? [frame.n] : []));
/** A session of bob's as his first device. */
const bobIn = (w: World): Session => w.device('bob', 1002, 'bob1');

/** Two with an account, of whom bob is away. */
function world(): { w: World; alice: Session } {
  const w = new World({ operatorUid: 1001 });
  w.close(bobIn(w));
  const alice = w.device('alice', 1001, 'alice1');
  return { w, alice };
}

test('mail reaches every session that is its device, and no other; its author hears that it is stored', () => {
  const { w, alice } = world();
  const [one, two, other] = [bobIn(w), bobIn(w), w.device('bob', 1002, 'bob2')];
  const [unknown, script] = [w.login('bob', 1002), w.login('bob', 1002, { visible: false })];
  w.tell(alice, mail('bob', 'm1'));
  const time = w.now().wall;
  const about = { from: 'alice', to: 'bob', device: deviceOf('bob1'), sealed: sealedOf('sealed-m1') };
  const frame = { type: 'mail', kind: 'sealed', n: 1, ...about, time, id: 'm1' };
  expect([one, two, other, unknown, script].map((session) => w.take(session))).toEqual([[frame], [frame], [], [], []]);
  expect(w.take(alice)).toEqual([{ type: 'mailed', id: 'm1', to: 'bob', time, kept: false }]);
});

test('mail to somebody who is offline waits, and comes in order with its own time at the next log-in', () => {
  const { w, alice } = world();
  const times = ['m1', 'm2', 'm3'].map((id) => {
    w.advance(1000);
    w.tell(alice, mail('bob', id));
    expect(w.expect(alice, 'mailed')).toMatchObject({ id, kept: true });
    return w.now().wall;
  });
  w.advance(1000);
  const bob = bobIn(w);
  expect(w.take(bob)).toMatchObject(times.map((time, i) => ({ type: 'mail', n: i + 1, id: `m${i + 1}`, time })));
});

test('what was received doesn’t come again; what wasn’t does', () => {
  const { w, alice } = world();
  for (const id of ['m1', 'm2', 'm3']) w.tell(alice, mail('bob', id));
  const bob = bobIn(w);
  w.tell(bob, { type: 'received', n: 2 });
  w.close(bob);
  expect(w.take(bobIn(w))).toMatchObject([{ type: 'mail', n: 3, id: 'm3' }]);
});

test('a session can’t forget what it wasn’t sent', () => {
  const { w, alice } = world();
  const script = w.login('bob', 1002, { visible: false });
  for (const id of ['m1', 'm2']) w.tell(alice, mail('bob', id));
  w.tell(script, { type: 'received', n: Number.MAX_SAFE_INTEGER });
  const bob = bobIn(w);
  expect(w.take(bob)).toMatchObject([{ n: 1 }, { n: 2 }]);
  w.tell(bob, { type: 'received', n: Number.MAX_SAFE_INTEGER });
  w.tell(alice, mail('bob', 'm3'));
  w.close(bob);
  expect(w.take(bobIn(w))).toMatchObject([{ n: 3 }]);
});

test('sent again, it is there once, with the time of the first', () => {
  const { w, alice } = world();
  w.tell(alice, mail('bob', 'm1'));
  const { time } = w.expect(alice, 'mailed');
  const bob = bobIn(w);
  expect(w.take(bob)).toHaveLength(1);
  w.tell(bob, { type: 'received', n: 1 });
  w.advance(5000);
  w.close(alice);
  const again = w.device('alice', 1001, 'alice1');
  w.tell(again, mail('bob', 'm1'));
  expect(w.take(again)).toEqual([{ type: 'mailed', id: 'm1', to: 'bob', time, kept: false }]);
  expect(ids(w.take(bob))).toEqual([]);
});

test('sent twice in one moment, it is there once', () => {
  const { w, alice } = world();
  w.disk = 'hold';
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, mail('bob', 'm1'));
  w.commit();
  w.commit();
  expect(w.take(alice)).toMatchObject([{ type: 'mailed' }, { type: 'mailed' }]);
  w.disk = 'good';
  expect(ids(w.take(bobIn(w)))).toHaveLength(1);
});

test('nobody gets a copy; an author seals one for each other device of theirs', () => {
  const { w, alice } = world();
  const second = w.device('alice', 1001, 'alice2');
  w.tell(alice, mail('bob', 'm1'));
  expect([w.take(second), w.take(alice)]).toMatchObject([[], [{ type: 'mailed', kept: true }]]);
  w.tell(alice, mailTo('alice', 'alice2', 'm2'));
  expect(w.take(alice)).toMatchObject([{ type: 'mailed', id: 'm2', kept: false }]);
  expect(w.take(second)).toMatchObject([{ type: 'mail', n: 1, from: 'alice', to: 'alice', id: 'm2' }]);
  w.close(second);
  w.tell(alice, mailTo('alice', 'alice2', 'm3'));
  expect(w.take(alice)).toMatchObject([{ type: 'mailed', id: 'm3', kept: true }]);
});

test('whether mail is kept is said of its device, not of its owner', () => {
  const { w, alice } = world();
  w.device('bob', 1002, 'bob2');
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, mailTo('bob', 'bob2', 'm2'));
  expect(w.take(alice)).toMatchObject([
    { id: 'm1', kept: true },
    { id: 'm2', kept: false },
  ]);
});

test('there is no mail for a device that isn’t there', () => {
  const { w, alice } = world();
  w.tell(alice, mailTo('bob', 'bob2', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_device', id: 'm1', closes: false }]);
  w.device('bob', 1002, 'bob2');
  w.tell(alice, mailTo('bob', 'bob2', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'mailed', id: 'm1', kept: false }]);
});

test('mail of other devices lies between, and nobody reads the store for it', () => {
  const { w, alice } = world();
  const [one, two] = [bobIn(w), w.device('bob', 1002, 'bob2')];
  w.disk = 'hold';
  for (let i = 1; i <= 6; i++) w.tell(alice, mailTo('bob', `bob${1 + (i % 2)}`, `m${i}`));
  for (let i = 1; i <= 6; i++) {
    expect(w.waiting).toBe(1);
    w.commit();
  }
  expect([w.waiting, places(w.take(one)), places(w.take(two))]).toEqual([0, [2, 4, 6], [1, 3, 5]]);
  w.tell(one, { type: 'received', n: 6 });
  w.disk = 'good';
  expect(places(w.take(w.device('bob', 1002, 'bob2')))).toEqual([1, 3, 5]);
  expect(places(w.take(bobIn(w)))).toEqual([]);
});

test('a session that hasn’t said which device it is gets announcements, and the rest when it says so', () => {
  const { w, alice } = world();
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, { type: 'announce', text: 'hear' });
  w.tell(alice, mail('bob', 'm3'));
  const bob = w.login('bob', 1002);
  expect(w.take(bob)).toMatchObject([{ type: 'mail', kind: 'announcement', n: 2, body: 'hear' }]);
  w.tell(alice, mail('bob', 'm4'));
  expect(w.take(bob)).toEqual([]);
  w.tell(bob, sayDevice('bob1'));
  const [answer, ...came] = w.take(bob);
  expect([answer?.type, places(came)]).toEqual(['device', [1, 3, 4]]);
  w.tell(bob, sayDevice('bob1'));
  expect(w.take(bob)).toMatchObject([{ type: 'device' }]);
});

test('to have shown an announcement says nothing of the mail before it that came later', () => {
  const { w, alice } = world();
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, { type: 'announce', text: 'hear' });
  const bob = w.login('bob', 1002);
  // The announcement is on the screen, and said to be, while the mail is on its way.
  w.tell(bob, sayDevice('bob1'));
  w.tell(bob, { type: 'received', n: 2 });
  w.close(bob);
  const again = bobIn(w);
  expect(ids(w.take(again))).toEqual(['m1']);
  w.tell(again, { type: 'received', n: 1 });
  w.close(again);
  expect(w.take(bobIn(w))).toEqual([]);
});

test('a device that is dropped is told so, and gets announcements from then on', () => {
  const { w, alice } = world();
  const first = bobIn(w);
  for (let i = 2; i <= 6; i++) w.device('bob', 1002, `bob${i}`);
  expect(w.take(first)).toMatchObject([{ type: 'error', code: 'no_such_device', closes: false }]);
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, { type: 'announce', text: 'hear' });
  expect(w.expect(alice, 'error').code).toBe('no_such_device');
  expect(w.take(first)).toMatchObject([{ type: 'mail', kind: 'announcement' }]);
});

test('a guest gets mail while here, and nothing is kept', () => {
  const { w, alice } = world();
  const guest = w.guest('gil');
  w.tell(guest, sayDevice('gil1'));
  w.take(guest);
  w.tell(alice, mail('~gil', 'm1'));
  expect(w.take(guest)).toMatchObject([{ type: 'mail', n: 0, from: 'alice', to: '~gil' }]);
  expect(w.take(alice)).toMatchObject([{ type: 'mailed', kept: false }]);
  w.tell(alice, mail('~gil', 'm1'));
  expect([w.take(guest), w.take(alice)]).toMatchObject([[], [{ type: 'mailed', id: 'm1', kept: false }]]);
  w.close(guest);
  w.tell(alice, mail('~gil', 'm2'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_user', id: 'm2', closes: false }]);
  const later = w.guest('gil');
  w.tell(alice, mail('~gil', 'm3'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_device', id: 'm3' }]);
  expect(w.take(later)).toEqual([]);
});

test('a guest who goes while the mail is on its way doesn’t have it', () => {
  const { w, alice } = world();
  const guest = w.guest('gil');
  w.tell(guest, sayDevice('gil1'));
  w.disk = 'hold';
  w.tell(alice, mail('~gil', 'm1'));
  w.close(guest);
  w.commit();
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_user', id: 'm1' }]);
});

test('nobody without an account has a mailbox', () => {
  const { w, alice } = world();
  w.tell(alice, mail('nobody', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_user', id: 'm1' }]);
});

test('whoever is blocked can’t write, whoever blocks is told why they can’t', () => {
  const { w, alice } = world();
  const bob = bobIn(w);
  w.tell(alice, { type: 'block', user: 'bob' });
  w.take(alice);
  w.take(bob);
  w.tell(bob, mail('alice', 'm1'));
  expect(w.take(bob)).toMatchObject([{ type: 'error', code: 'not_delivered', id: 'm1', closes: false }]);
  w.tell(alice, mail('bob', 'm2'));
  expect(w.expect(alice, 'error')).toMatchObject({ code: 'not_delivered', id: 'm2' });
  expect([w.take(alice), w.take(bob)]).toEqual([[], []]);
  w.tell(alice, { type: 'unblock', user: 'bob' });
  w.take(bob);
  w.tell(bob, mail('alice', 'm1'));
  expect(ids(w.take(alice))).toEqual(['m1']);
});

test('whether a mailbox’s owner is here is not for whom they block to know', () => {
  const { w, alice } = world();
  const bob = bobIn(w);
  w.tell(bob, mail('alice', 'm1'));
  w.tell(alice, { type: 'block', user: 'bob' });
  const guest = w.guest('gil');
  w.tell(guest, { type: 'block', user: 'bob' });
  w.take(bob);
  const ask = () => {
    for (const message of [mail('alice', 'm1'), mail('alice', 'm2'), mail('~gil', 'm3')]) w.tell(bob, message);
    return w.take(bob).map((frame) => (frame.type === 'error' ? frame.code : frame));
  };
  const here = ask();
  expect(here).toMatchObject([{ type: 'mailed', kept: true }, 'not_delivered', 'no_such_user']);
  w.close(alice);
  w.close(guest);
  expect(ask()).toEqual(here);
});

test('a full mailbox says so, and takes more when some was received', () => {
  const { w, alice } = world();
  for (let i = 0; i < MAX_MAILBOX_MESSAGES; i++) w.tell(alice, mail('bob', `m${i}`));
  expect(w.take(alice)).toHaveLength(MAX_MAILBOX_MESSAGES);
  w.tell(alice, mail('bob', 'more'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'mailbox_full', id: 'more' }]);
  const bob = bobIn(w);
  expect(ids(w.take(bob))).toHaveLength(MAX_MAILBOX_MESSAGES);
  w.tell(bob, { type: 'received', n: 1 });
  w.tell(alice, mail('bob', 'more'));
  expect(w.expect(alice, 'mailed').id).toBe('more');
});

test('nobody gets what is not stored, and its author is told', () => {
  const { w, alice } = world();
  const bob = bobIn(w);
  w.disk = 'full';
  w.tell(alice, mail('bob', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'm1', closes: false }]);
  expect(w.take(bob)).toEqual([]);
});

test('mail and what follows it keep their order, and the author may be gone when it is stored', () => {
  const { w, alice } = world();
  const bob = bobIn(w);
  w.disk = 'hold';
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, mail('bob', 'm2'));
  w.tell(alice, { type: 'bye' });
  expect(w.waiting).toBe(1);
  w.commit();
  w.commit();
  expect(w.take(alice).map(({ type }) => type)).toEqual(['mailed', 'mailed', 'bye']);
  w.disk = 'good';
  const again = w.device('alice', 1001, 'alice1');
  w.disk = 'hold';
  w.tell(again, mail('bob', 'm3'));
  w.close(again);
  w.commit();
  expect(ids(w.take(bob))).toEqual(['m1', 'm2', 'm3']);
});

test('what comes while the mailbox is read comes once, after what was there', () => {
  const { w, alice } = world();
  for (let i = 1; i <= 2 * MAIL_PAGE + 1; i++) w.tell(alice, mail('bob', `m${i}`));
  w.disk = 'hold';
  const bob = w.login('bob', 1002);
  w.tell(bob, sayDevice('bob1'));
  w.commit(2);
  w.tell(alice, mail('bob', 'late'));
  // The first page was read before it was stored.
  while (w.waiting > 0) w.commit();
  expect(places(w.take(bob))).toEqual(Array.from({ length: 2 * MAIL_PAGE + 2 }, (_, i) => i + 1));
});

test('to write mail is a sign of life, and is counted by itself', () => {
  const w = new World({ rateLimit: true });
  w.close(w.login('bob', 1002));
  const alice = w.login('alice', 1001);
  w.advance(10_000);
  expect(w.core.users.get('alice' as never)?.state).toBe('away');
  for (let i = 0; i < MAILS.burst; i++) w.tell(alice, mail('bob', `m${i}`));
  expect(w.core.users.get('alice' as never)?.state).toBe('online');
  w.take(alice);
  w.tell(alice, mail('bob', 'more'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'rate_limited', id: 'more' }]);
});
