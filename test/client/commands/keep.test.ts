import { describe, expect, test } from 'vitest';
import { at, Drive, info, only, room, START, seq } from '../core/drive.ts';

const DAY = 86_400_000;
const DEV = room('#dev');

function online(operator = false): Drive {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  drive.state.operator = operator;
  drive.key('alt-2');
  return drive;
}

describe('/keep', () => {
  test('alone asks, and says what is kept here and since when', () => {
    const drive = online();
    const { id } = only(drive.enter('/keep'), 'keep');
    const answer = { type: 'kept', ...(id ? { id } : {}), room: DEV, first: seq(500) } as const;
    drive.get({ ...answer, keep: { age: 90 * DAY }, own: false, since: at(START) });
    expect(drive.notices('#dev')).toEqual([
      "messages of #dev are kept for 90 days (the server's rule); the oldest one that is there is from 2027-01-15 08:00",
    ]);
  });

  test.each([
    [
      { keep: {}, own: false, first: seq(1), since: at(START) },
      'are kept forever (as long as the server has no other rule)',
    ],
    [{ keep: {}, own: true, first: seq(1), since: at(START) }, 'are kept forever (by a rule of its own)'],
    [{ keep: {}, own: true, first: seq(1), since: at(START) }, 'the first that was ever said'],
    [
      { keep: { age: DAY, bytes: 1e9 }, own: true, first: seq(9) },
      'for 1 day, and up to 1 GB (by a rule of its own); there are none now',
    ],
  ])('%j', (kept, says) => {
    const drive = online();
    const { id } = only(drive.enter('/keep #dev'), 'keep');
    drive.get({ type: 'kept', ...(id ? { id } : {}), room: DEV, ...kept });
    expect(drive.notices('#dev')[0]).toContain(says);
  });

  test.each([
    ['/keep 90d', { room: '#dev', keep: { age: 90 * DAY } }],
    ['/keep #lobby 12w 1GB', { room: '#lobby', keep: { age: 84 * DAY, bytes: 1e9 } }],
    ['/keep #dev forever', { room: '#dev', keep: {} }],
    ['/keep default', { room: '#dev', default: true }],
    ['/retention 90d', { room: '#dev', keep: { age: 90 * DAY } }],
  ])('%s is an order', (line, message) => {
    expect(only(online(true).enter(line), 'keep')).toMatchObject(message);
  });

  test('what is no rule stays in the line, with how to write it', () => {
    const drive = online(true);
    expect(drive.enter('/keep 90')).toEqual([]);
    expect(drive.state.hint?.text).toContain('write 90d');
    expect(drive.input()).toBe('/keep 90');
  });

  test('whoever is in the room is told of an order, and whoever gave it by the answer alone', () => {
    const drive = online(true);
    const kept = { type: 'kept', room: DEV, keep: { age: 30 * DAY }, own: true, first: seq(1) } as const;
    drive.get(kept);
    expect(drive.notices('#dev')).toEqual(['messages here are kept for 30 days now']);
    const { id } = only(drive.enter('/keep 30d'), 'keep');
    drive.get(kept);
    drive.get({ type: 'done', ...(id ? { id } : {}), text: 'messages of #dev are kept for 30 days now' });
    expect(drive.notices('#dev')).toHaveLength(2);
  });
});
