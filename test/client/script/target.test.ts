import { expect, test } from 'vitest';
import { targetOf } from '../../../src/client/script/target.ts';

test.each([
  ['bob', 'bob'],
  ['@bob', 'bob'],
  ['~bob', '~bob'],
  ['dev', 'dev'],
])('%s is the person %s', (typed, person) => {
  expect(targetOf(typed)).toEqual({ ok: true, value: { kind: 'person', person } });
});

test.each([
  ['lobby', '#lobby'],
  ['Lobby', '#lobby'],
  ['#Dev', '#dev'],
])('%s is the room %s', (typed, room) => {
  expect(targetOf(typed)).toEqual({ ok: true, value: { kind: 'room', room } });
});

test.each(['', 'a b', '#', '#a b', '~', '@', 'ümlaut', '-x'])('%j is neither, and says what would be', (typed) => {
  expect(targetOf(typed)).toMatchObject({ ok: false, error: { status: 2, line: expect.stringContaining('TARGET') } });
});
