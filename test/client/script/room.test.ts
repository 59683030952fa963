import { expect, test } from 'vitest';
import type { RoomName } from '../../../src/base/ids.ts';
import { noRoom } from '../../../src/client/script/room.ts';

const ROOMS = 'see which there are with /rooms in uchat';
const line = (typed: unknown): string => noRoom('#bob' as RoomName, typed).line;

test('where a word names no room, the same of a person is pointed to', () => {
  expect(line('bob')).toBe(`there is no room #bob; ${ROOMS}; what you have said with bob: uchat history @bob`);
});

test.each(['#bob', undefined, 'no name'])('%j can only have meant a room', (typed) => {
  expect(line(typed)).toBe(`there is no room #bob; ${ROOMS}`);
});
