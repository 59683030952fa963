import { expect, test } from 'vitest';
import type { UserName } from '../../../src/base/ids.ts';
import { announce } from '../../../src/server/core/announce.ts';
import { World } from './world.ts';

const OPERATORS = { operatorUid: 1001 };

test('an operator’s announcement reaches everybody, and waits for those who are offline', () => {
  const w = new World(OPERATORS);
  w.close(w.login('bob', 1002));
  const [alice, carol, guest] = [w.login('alice', 1001), w.login('carol', 1003), w.guest('gil')];
  const script = w.login('carol', 1003, { visible: false });
  w.tell(alice, { type: 'announce', id: 'a', text: 'down at six' });
  const time = w.now().wall;
  const frame = { type: 'mail', n: 1, kind: 'announcement', from: 'alice', body: 'down at six', time };
  expect(w.take(carol)).toEqual([{ ...frame, to: 'carol' }]);
  expect(w.take(guest)).toEqual([{ ...frame, to: '~gil', n: 0 }]);
  expect(w.take(script)).toEqual([]);
  expect(w.take(alice)).toEqual([
    { ...frame, to: 'alice' },
    { type: 'done', id: 'a', text: 'announced to everybody; accounts: 3, guests here: 1' },
  ]);
  expect(w.take(w.login('bob', 1002))).toEqual([{ ...frame, to: 'bob' }]);
  expect(w.audit).toEqual(['alice announce down at six']);
  expect(w.notices).toContainEqual({
    kind: 'audit',
    by: 'alice',
    action: 'announce',
    target: '',
    detail: 'down at six',
  });
});

test('nobody else may', () => {
  const w = new World(OPERATORS);
  const [bob, guest] = [w.login('bob', 1002), w.guest('alice')];
  for (const session of [bob, guest]) {
    w.tell(session, { type: 'announce', id: 'a', text: 'hi' });
    expect(w.take(session)).toMatchObject([{ type: 'error', code: 'not_operator', id: 'a', closes: false }]);
  }
  expect(w.audit).toEqual([]);
});

test('it reaches those, too, who block or are blocked', () => {
  const w = new World(OPERATORS);
  const [alice, bob] = [w.login('alice', 1001), w.login('bob', 1002)];
  w.tell(alice, { type: 'block', user: 'bob' });
  w.tell(bob, { type: 'block', user: 'alice' });
  w.take(bob);
  w.tell(alice, { type: 'announce', text: 'down at six' });
  expect(w.take(bob)).toMatchObject([{ type: 'mail', kind: 'announcement' }]);
});

test('what can’t be stored is announced to nobody', () => {
  const w = new World(OPERATORS);
  const [alice, bob] = [w.login('alice', 1001), w.login('bob', 1002)];
  w.disk = 'full';
  w.tell(alice, { type: 'announce', id: 'a', text: 'down at six' });
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'a' }]);
  expect(w.take(bob)).toEqual([]);
});

test('the server’s own console may announce without a session', () => {
  const w = new World();
  const bob = w.login('bob', 1002);
  announce(w.core, 'root' as UserName, 'down at six', w.now());
  w.tell(bob, { type: 'ping' });
  expect(w.take(bob)).toMatchObject([{ type: 'pong' }, { type: 'mail', from: 'root', body: 'down at six' }]);
});
