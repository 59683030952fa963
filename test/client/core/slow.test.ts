import { expect, test } from 'vitest';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { at, Drive, info, only, room, START, sent, seq, types } from './drive.ts';

const SLOW = { ...info('#dev'), slow: 10_000 };
const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), SLOW]);
  const { inner } = drive.state;
  inner.requests.clear();
  drive.key('alt-2');
  return drive;
};
const ack = (drive: Drive, id: string | undefined, place: number, name = '#dev'): ClientMessage[] =>
  drive.get({ type: 'ack', id: id as never, to: room(name), seq: seq(place), time: at(START) });
const says = (messages: readonly ClientMessage[]) => messages.filter(({ type }) => type === 'say');

/** Lets time pass until something is said, and answers every ping meanwhile. */
function wait(drive: Drive): ClientMessage[] {
  for (let i = 0; i < 20; i++) {
    drive.mono = Math.max(drive.mono, nextWake(drive.state) ?? 0);
    const said = says(sent(drive.tick()));
    if (said.length > 0) return said;
    drive.get({ type: 'pong', n: drive.state.inner.ping.n });
  }
  throw new Error('nothing was said');
}

test('to a room that is slow our messages go one by one, in its time, in order', () => {
  const drive = online();
  const { id } = only(drive.enter('one'), 'say');
  expect(drive.enter('two')).toEqual([]);
  expect(drive.enter('three')).toEqual([]);
  expect(says(ack(drive, id, 1))).toEqual([]);
  const from = drive.mono;
  const [two] = wait(drive);
  expect(two).toMatchObject({ text: 'two' });
  expect(drive.mono).toBe(from + 10_000);
  ack(drive, two !== undefined && 'id' in two ? two.id : undefined, 2);
  expect(wait(drive)).toMatchObject([{ text: 'three' }]);
});

test('other rooms are not held up by it', () => {
  const drive = online();
  ack(drive, only(drive.enter('one'), 'say').id, 1);
  drive.enter('two');
  drive.key('alt-1');
  expect(only(drive.enter('quick'), 'say')).toMatchObject({ to: '#lobby', text: 'quick' });
});

test('an operator does not wait', () => {
  const drive = online();
  drive.state.operator = true;
  expect(types(drive.enter('one'))).toEqual(['say']);
  expect(types(drive.enter('two'))).toEqual(['say']);
});

test('what the server refuses for it is sent again by itself, and says so', () => {
  const drive = online();
  const { id } = only(drive.enter('one'), 'say');
  const text = '#dev is in slow mode: you may write again in 7 s';
  drive.get({ type: 'error', ...(id ? { id } : {}), code: 'slow_mode', text, closes: false });
  expect(drive.tab('#dev').pending).toMatchObject([{ state: { kind: 'waiting' } }]);
  expect(drive.state.hint).toEqual({ text: `${text}: it is sent again by itself, nothing is lost`, bad: false });
  expect(wait(drive)).toMatchObject([{ id, text: 'one' }]);
});

test('its members are told when that changes, and whoever ordered it by the answer alone', () => {
  const drive = online();
  drive.get({ type: 'room', room: { ...info('#dev'), slow: 60_000 } });
  drive.get({ type: 'room', room: info('#dev') });
  expect(drive.notices('#dev')).toEqual(['everybody may write here once in 1 min now', 'slow mode is over here']);
  const { id } = only(drive.enter('/slow 30s'), 'slow');
  drive.get({ type: 'room', room: { ...info('#dev'), slow: 30_000 } });
  drive.get({ type: 'done', ...(id ? { id } : {}), text: 'everybody may write to #dev once in 30 s' });
  expect(drive.notices('#dev')).toHaveLength(3);
  expect(drive.tab('#dev').slow).toBe(30_000);
});
