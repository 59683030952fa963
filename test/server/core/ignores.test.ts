import { expect, test } from 'vitest';
import { type UserName, unixMs } from '../../../src/base/ids.ts';
import { Ignores } from '../../../src/server/core/ignores.ts';

const [alice, bob, carol] = ['alice', 'bob', 'carol'] as [UserName, UserName, UserName];

test('a block is known from both ends, and is news once', () => {
  const ignores = new Ignores([]);
  expect(ignores.block(alice, bob)).toBe(true);
  expect(ignores.block(alice, bob)).toBe(false);
  expect([[...ignores.blockedBy(alice)], [...ignores.blockersOf(bob)]]).toEqual([[bob], [alice]]);
  expect([ignores.blockedBy(bob).size, ignores.blockersOf(alice).size]).toEqual([0, 0]);
  expect(ignores.unblock(alice, bob)).toBe(true);
  expect(ignores.unblock(alice, bob)).toBe(false);
  expect(ignores.blockersOf(bob).size).toBe(0);
});

test('mutes end at their time, one after the other', () => {
  const ignores = new Ignores([]);
  ignores.mute(alice, bob, unixMs(100));
  ignores.mute(alice, carol, undefined);
  ignores.mute(alice, 'dave' as UserName, unixMs(50));
  expect(ignores.nextMuteEnd(alice)).toBe(50);
  expect(ignores.endMutes(alice, unixMs(49))).toBe(false);
  expect(ignores.endMutes(alice, unixMs(50))).toBe(true);
  expect(ignores.nextMuteEnd(alice)).toBe(100);
  ignores.endMutes(alice, unixMs(1000));
  expect([...ignores.mutedBy(alice)]).toEqual([[carol, undefined]]);
  expect(ignores.nextMuteEnd(alice)).toBeUndefined();
});

test('what is stored is there again', () => {
  const ignores = new Ignores([
    { user: alice, kind: 'block', target: bob },
    { user: alice, kind: 'mute', target: carol, until: unixMs(9) },
  ]);
  expect([...ignores.blockersOf(bob)]).toEqual([alice]);
  expect([...ignores.mutedBy(alice)]).toEqual([[carol, 9]]);
});

test('whoever is forgotten ignores nobody, and is still ignored', () => {
  const ignores = new Ignores([]);
  ignores.block(alice, bob);
  ignores.mute(alice, bob, undefined);
  ignores.block(carol, alice);
  ignores.forget(alice);
  expect([ignores.blockersOf(bob).size, ignores.mutedBy(alice).size]).toEqual([0, 0]);
  expect([...ignores.blockersOf(alice)]).toEqual([carol]);
  ignores.mute(carol, alice, undefined);
  ignores.forgive(alice);
  expect([ignores.blockersOf(alice).size, ignores.mutedBy(carol).size]).toEqual([0, 0]);
});

test('a new name keeps what the old one had, both ways', () => {
  const ignores = new Ignores([]);
  const alicia = 'alicia' as UserName;
  ignores.block(alice, bob);
  ignores.mute(alice, carol, unixMs(5));
  ignores.block(bob, alice);
  ignores.mute(carol, alice, unixMs(7));
  ignores.rename(alice, alicia);
  expect([[...ignores.blockedBy(alicia)], [...ignores.mutedBy(alicia)]]).toEqual([[bob], [[carol, 5]]]);
  expect([[...ignores.blockersOf(alicia)], [...ignores.mutedBy(carol)]]).toEqual([[bob], [[alicia, 7]]]);
  expect([ignores.blockedBy(alice).size, ignores.blockersOf(alice).size]).toEqual([0, 0]);
});
