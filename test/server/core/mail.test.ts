import { expect, test } from 'vitest';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { MAIL_PAGE, MAX_MAILBOX_MESSAGES, WRITES } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const mail = (to: string, id: string, body = `body of ${id}`) => ({ type: 'mail', id, to, body });
const bodies = (frames: readonly ServerMessage[]): string[] =>
  frames.flatMap((frame) => (frame.type === 'mail' ? [frame.body] : []));

/** Two with an account, of whom bob is away. */
function world(): { w: World; alice: Session } {
  const w = new World();
  w.close(w.login('bob', 1002));
  const alice = w.login('alice', 1001);
  return { w, alice };
}

test('mail to somebody who is here reaches every session of theirs, and its author hears that it is stored', () => {
  const { w, alice } = world();
  const [one, two, script] = [w.login('bob', 1002), w.login('bob', 1002), w.login('bob', 1002, { visible: false })];
  w.tell(alice, mail('bob', 'm1', 'psst'));
  const time = w.now().wall;
  const frame = { type: 'mail', n: 1, kind: 'text', from: 'alice', to: 'bob', body: 'psst', time, id: 'm1' };
  expect([w.take(one), w.take(two), w.take(script)]).toEqual([[frame], [frame], []]);
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
  const bob = w.login('bob', 1002);
  expect(w.take(bob)).toMatchObject(times.map((time, i) => ({ type: 'mail', n: i + 1, id: `m${i + 1}`, time })));
});

test('what was received doesn’t come again; what wasn’t does', () => {
  const { w, alice } = world();
  for (const id of ['m1', 'm2', 'm3']) w.tell(alice, mail('bob', id));
  const bob = w.login('bob', 1002);
  w.tell(bob, { type: 'received', n: 2 });
  w.close(bob);
  expect(w.take(w.login('bob', 1002))).toMatchObject([{ type: 'mail', n: 3, id: 'm3' }]);
});

test('a session can’t forget what it wasn’t sent', () => {
  const { w, alice } = world();
  const script = w.login('bob', 1002, { visible: false });
  for (const id of ['m1', 'm2']) w.tell(alice, mail('bob', id));
  w.tell(script, { type: 'received', n: Number.MAX_SAFE_INTEGER });
  const bob = w.login('bob', 1002);
  expect(w.take(bob)).toMatchObject([{ n: 1 }, { n: 2 }]);
  w.tell(bob, { type: 'received', n: Number.MAX_SAFE_INTEGER });
  w.tell(alice, mail('bob', 'm3'));
  w.close(bob);
  expect(w.take(w.login('bob', 1002))).toMatchObject([{ n: 3 }]);
});

test('sent again, it is there once, with the time of the first', () => {
  const { w, alice } = world();
  w.tell(alice, mail('bob', 'm1'));
  const { time } = w.expect(alice, 'mailed');
  const bob = w.login('bob', 1002);
  expect(w.take(bob)).toHaveLength(1);
  w.tell(bob, { type: 'received', n: 1 });
  w.advance(5000);
  w.close(alice);
  const again = w.login('alice', 1001);
  w.tell(again, mail('bob', 'm1'));
  expect(w.take(again)).toEqual([{ type: 'mailed', id: 'm1', to: 'bob', time, kept: false }]);
  expect(bodies(w.take(bob))).toEqual([]);
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
  expect(bodies(w.take(w.login('bob', 1002)))).toHaveLength(1);
});

test('the author’s other sessions get a copy', () => {
  const { w, alice } = world();
  const second = w.login('alice', 1001);
  w.tell(alice, mail('bob', 'm1'));
  expect(w.take(second)).toMatchObject([{ type: 'mail', n: 0, from: 'alice', to: 'bob', id: 'm1' }]);
  expect(w.take(alice)).toMatchObject([{ type: 'mailed' }]);
});

test('mail to oneself is mail like any other', () => {
  const { w, alice } = world();
  const second = w.login('alice', 1001);
  w.tell(alice, mail('alice', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'mail', n: 1 }, { type: 'mailed' }]);
  expect(w.take(second)).toMatchObject([{ type: 'mail', n: 1 }]);
});

test('a guest gets mail while here, and nothing is kept', () => {
  const { w, alice } = world();
  const guest = w.guest('gil');
  w.tell(alice, mail('~gil', 'm1'));
  expect(w.take(guest)).toMatchObject([{ type: 'mail', n: 0, from: 'alice', to: '~gil' }]);
  expect(w.take(alice)).toMatchObject([{ type: 'mailed', kept: false }]);
  w.tell(alice, mail('~gil', 'm1'));
  expect([w.take(guest), w.take(alice)]).toMatchObject([[], [{ type: 'mailed', id: 'm1', kept: false }]]);
  w.close(guest);
  w.tell(alice, mail('~gil', 'm2'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'no_such_user', id: 'm2', closes: false }]);
  expect(w.take(w.guest('gil'))).toEqual([]);
});

test('a guest who goes while the mail is on its way doesn’t have it', () => {
  const { w, alice } = world();
  const guest = w.guest('gil');
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
  const bob = w.login('bob', 1002);
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
  expect(bodies(w.take(alice))).toEqual(['body of m1']);
});

test('whether a mailbox’s owner is here is not for whom they block to know', () => {
  const { w, alice } = world();
  const bob = w.login('bob', 1002);
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
  const bob = w.login('bob', 1002);
  expect(bodies(w.take(bob))).toHaveLength(MAX_MAILBOX_MESSAGES);
  w.tell(bob, { type: 'received', n: 1 });
  w.tell(alice, mail('bob', 'more'));
  expect(w.expect(alice, 'mailed').id).toBe('more');
});

test('nobody gets what is not stored, and its author is told', () => {
  const { w, alice } = world();
  const bob = w.login('bob', 1002);
  w.disk = 'full';
  w.tell(alice, mail('bob', 'm1'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'm1', closes: false }]);
  expect(w.take(bob)).toEqual([]);
});

test('mail and what follows it keep their order, and the author may be gone when it is stored', () => {
  const { w, alice } = world();
  const bob = w.login('bob', 1002);
  w.disk = 'hold';
  w.tell(alice, mail('bob', 'm1'));
  w.tell(alice, mail('bob', 'm2'));
  w.tell(alice, { type: 'bye' });
  expect(w.waiting).toBe(1);
  w.commit();
  w.commit();
  expect(w.take(alice).map(({ type }) => type)).toEqual(['mailed', 'mailed', 'bye']);
  w.disk = 'good';
  const again = w.login('alice', 1001);
  w.disk = 'hold';
  w.tell(again, mail('bob', 'm3'));
  w.close(again);
  w.commit();
  expect(bodies(w.take(bob))).toEqual(['body of m1', 'body of m2', 'body of m3']);
});

test('what comes while the mailbox is read comes once, after what was there', () => {
  const { w, alice } = world();
  for (let i = 1; i <= 2 * MAIL_PAGE + 1; i++) w.tell(alice, mail('bob', `m${i}`));
  w.disk = 'hold';
  const bob = w.login('bob', 1002);
  w.tell(alice, mail('bob', 'late'));
  // The first page was read before it was stored.
  while (w.waiting > 0) w.commit();
  const got = w.take(bob);
  expect(got.map((frame) => (frame.type === 'mail' ? frame.n : 0))).toEqual(
    Array.from({ length: 2 * MAIL_PAGE + 2 }, (_, i) => i + 1),
  );
});

test('to write mail is a sign of life, and is counted as writing', () => {
  const w = new World({ rateLimit: true });
  w.close(w.login('bob', 1002));
  const alice = w.login('alice', 1001);
  w.advance(10_000);
  expect(w.core.users.get('alice' as never)?.state).toBe('away');
  for (let i = 0; i < WRITES.burst; i++) w.tell(alice, mail('bob', `m${i}`));
  expect(w.core.users.get('alice' as never)?.state).toBe('online');
  w.take(alice);
  w.tell(alice, mail('bob', 'more'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'rate_limited', id: 'more' }]);
});
