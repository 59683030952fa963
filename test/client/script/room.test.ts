import { expect, test } from 'vitest';
import type { RoomName } from '../../../src/base/ids.ts';
import { noRoom, targetRoom } from '../../../src/client/script/room.ts';

const ROOMS = 'see which there are with /rooms in uchat';
const line = (typed: unknown): string => noRoom('#bob' as RoomName, typed).line;

test('where a word names no room, the same of a person is pointed to', () => {
  expect(line('bob')).toBe(`there is no room #bob; ${ROOMS}; what you have said with bob: uchat history @bob`);
});

test.each(['#bob', undefined, 'no name'])('%j can only have meant a room', (typed) => {
  expect(line(typed)).toBe(`there is no room #bob; ${ROOMS}`);
});

const LAN = { lan: { port: 2428, peers: [] } } as const;
const LINE = '#dev needs a server: the local network has one room, #lobby, for everybody';

test('on the local network there is one room, and what is typed for another says so', () => {
  for (const lobby of [undefined, 'lobby', '#Lobby'])
    expect(targetRoom(LAN, lobby)).toEqual({ ok: true, value: '#lobby' });
  expect(targetRoom(LAN, '#dev')).toEqual({ ok: false, error: { status: 2, line: LINE } });
  expect(targetRoom(LAN, 'dev')).toMatchObject({
    error: { line: `${LINE}; what you have said with dev: uchat history @dev` },
  });
  expect(targetRoom({ lan: undefined }, 'dev')).toEqual({ ok: true, value: '#dev' });
});
