import { describe, expect, test } from 'vitest';
import { at, clientId, Drive, info, only, room, seq, user } from '../core/drive.ts';

/** In the lobby, where bob, carol and a guest have spoken, and we have. */
function online(): Drive {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  drive.hear('#lobby', 1, 'the build is green', 'bob');
  drive.hear('#lobby', 2, 'looks like the disk', 'carol');
  drive.hear('#lobby', 3, 'hello', '~dan');
  said(drive, 4, 'on it');
  drive.hear('#lobby', 5, 'thanks', 'carol');
  return drive;
}

function said(drive: Drive, place: number, text: string): void {
  const { id } = only(drive.enter(text), 'say');
  drive.get({ type: 'ack', id: id ?? clientId(''), to: room('#lobby'), seq: seq(place), time: at(place) });
}

const wrong = (drive: Drive): string | undefined =>
  drive.state.hint?.bad === true ? drive.state.hint.text : undefined;

describe('/reply', () => {
  test.each([
    ['/reply yes, it is', 5, 'yes, it is'],
    ['/reply bob yes, it is', 1, 'yes, it is'],
    ['/reply @Carol: welcome', 5, 'welcome'],
    ['/reply dan hello, dan', 3, 'hello, dan'],
    // Nobody of that name has written here.
    ['/reply erin is not here', 5, 'erin is not here'],
    ['/reply bob', 5, 'bob'],
  ])('%s answers message %s', (line, re, text) => {
    expect(only(online().enter(line), 'say')).toMatchObject({ to: '#lobby', re, text });
  });

  test('says what is missing', () => {
    const drive = online();
    drive.enter('/reply');
    expect(wrong(drive)).toBe('what? Write /reply bob yes, I saw it');
    const alone = new Drive();
    alone.login();
    alone.enter('/reply hello');
    expect(wrong(alone)).toBe('nobody else has written here');
  });

  test('passes over people who are left out, and completes who has written here', () => {
    const drive = online();
    drive.ignored(['carol']);
    expect(only(drive.enter('/reply hi'), 'say').re).toBe(3);
    drive.type('/reply ');
    drive.key('tab');
    expect(drive.state.completions).toEqual(['alice', '~dan', 'bob']);
  });
});

describe('/react', () => {
  test.each([
    ['/react 👍', 5, '👍'],
    ['/react ❤', 5, '❤️'],
    ['/react :tada: bob', 1, '🎉'],
    ['/react +1 carol', 5, '👍'],
    ['/react 👍🏽 ~dan', 3, '👍🏽'],
  ])('%s is for message %s', (line, place, emoji) => {
    expect(only(online().enter(line), 'react')).toMatchObject({ room: '#lobby', seq: place, emoji, on: true });
  });

  test('takes back what one has put there', () => {
    const drive = online();
    const reactions = [{ emoji: '👍', users: [user('bob'), user('alice')] }];
    const change = { room: room('#lobby'), rev: 1, seq: seq(5), by: user('alice'), time: at(1), reactions };
    drive.get({ type: 'changed', ...change });
    expect(only(drive.enter('/react 👍'), 'react').on).toBe(false);
  });

  test.each([
    ['/react', 'with what? Write /react 👍, or /react :tada: bob'],
    ['/react x', 'x is no emoji'],
    ['/react 👍👍', '👍👍 is no emoji'],
    ['/react 👍 erin', 'erin has not written here'],
  ])('%s is mended: %s', (line, words) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(wrong(drive)).toContain(words);
    expect(drive.input()).toBe(line);
  });

  test('knows all names of emoji once their table is here', () => {
    const drive = online();
    drive.event({ type: 'emoji', table: new Map([['rocket', '🚀']]) });
    expect(only(drive.enter('/react rocket'), 'react').emoji).toBe('🚀');
  });
});

describe('/correct', () => {
  test('replaces our newest message', () => {
    expect(only(online().enter('/correct on it, really'), 'edit')).toMatchObject({ seq: 4, text: 'on it, really' });
  });

  test('passes over what we have deleted', () => {
    const drive = online();
    said(drive, 6, 'wrong window');
    const change = { room: room('#lobby'), rev: 1, seq: seq(6), by: user('alice'), time: at(1) };
    drive.get({ type: 'changed', ...change, deleted: true });
    expect(only(drive.enter('/correct x'), 'edit').seq).toBe(4);
  });

  test('waits for a message that has not arrived', () => {
    const drive = online();
    drive.enter('a new one');
    drive.enter('/correct x');
    expect(wrong(drive)).toContain('still on its way');
  });

  test('says what is missing, and what is too long', () => {
    const drive = online();
    drive.enter('/correct');
    expect(wrong(drive)).toContain('to what?');
    drive.key('ctrl-u');
    drive.enter(`/correct ${'ä'.repeat(5000)}`);
    expect(wrong(drive)).toBe('too long: a message has at most 8192 bytes, and this one 10000');
    const alone = new Drive();
    alone.login();
    alone.enter('/correct x');
    expect(wrong(alone)).toBe('you have not written here');
  });

  test('needs a connection: an hour later nobody expects it', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'the line broke' });
    expect(drive.enter('/correct x')).toEqual([]);
    expect(wrong(drive)).toBe('there is no connection now: do it again when there is');
  });
});

describe('/delete', () => {
  test('asks, and once more deletes our newest message', () => {
    const drive = online();
    expect(drive.enter('/delete')).toEqual([]);
    expect(drive.state.hint?.text).toBe('delete "on it"? /delete once more does it');
    expect(only(drive.enter('/delete'), 'delete')).toMatchObject({ room: '#lobby', seq: 4 });
    // And not a third time by the same question.
    expect(drive.enter('/delete')).toEqual([]);
  });

  test('asks again for another message, and after a while', () => {
    const drive = online();
    drive.enter('/delete');
    said(drive, 6, `a long one: ${'more '.repeat(20)}`);
    expect(drive.enter('/delete')).toEqual([]);
    expect(drive.state.hint?.text).toBe(
      'delete "a long one: more more more more more mor..."? /delete once more does it',
    );
    drive.pass(30_000);
    expect(drive.enter('/delete')).toEqual([]);
    expect(only(drive.enter('/delete'), 'delete').seq).toBe(6);
  });

  test('does not take the word of another message', () => {
    const drive = online();
    drive.enter('/delete 3');
    expect(wrong(drive)).toContain('Alt-m d for another one');
  });
});
