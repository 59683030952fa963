import { expect, test } from 'vitest';
import { Teller } from '../../../src/client/plain/teller.ts';
import { at, clientId, Drive, room, START, seq, user } from '../core/drive.ts';

const lobby = room('#lobby');

test('a message that comes late is told as it comes, once, and no gap is told between two places', () => {
  const drive = new Drive({ lines: true });
  const teller = new Teller();
  const lines = (): string[] =>
    teller.take(drive.state, START + drive.mono).map((line) => line.replace(/\d\d:\d\d /, ''));
  drive.lan();
  lines();
  const hear = (place: number): void => {
    const time = at(START + place * 6000);
    drive.get({
      type: 'message',
      to: lobby,
      seq: seq(place),
      from: user('bob'),
      text: `at ${place}`,
      time,
      id: clientId(`${place}`),
    });
  };
  for (let place = 100; place <= 2000; place += 100) {
    hear(place);
    expect(lines()).toEqual([`bob: at ${place}`]);
  }
  hear(150);
  expect(lines()).toEqual(['bob: at 150']);
  // Another one has its place, and it stands behind that.
  const moved = { type: 'message', to: lobby, from: user('bob'), time: at(START + 150 * 6000) } as const;
  drive.get({ ...moved, seq: seq(150), text: 'before', id: clientId('b') });
  drive.get({ ...moved, seq: seq(151), text: 'at 150', id: clientId('150') });
  expect(lines()).toEqual(['bob: before']);
  hear(1950);
  hear(9000);
  expect(lines()).toEqual(['bob: at 1950', 'bob: at 9000']);
  expect(lines()).toEqual([]);
});
