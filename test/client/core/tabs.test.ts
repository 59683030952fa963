import { describe, expect, test } from 'vitest';
import { at, clientId, Drive, info, only, room, START, user } from './drive.ts';

const three = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev'), info('#ops')]);
  return drive;
};
const gone = (drive: Drive, name: string): void => {
  drive.get({ type: 'left', room: room(name), user: user('alice'), time: at(START) });
};

describe('tabs', () => {
  test('Alt and a number goes to a tab; a number without one says so', () => {
    const drive = three();
    drive.key('alt-3');
    expect(drive.active()).toBe('#ops');
    drive.key('alt-7');
    expect(drive.active()).toBe('#ops');
    expect(drive.state.hint?.text).toBe('there is no tab 7');
  });

  test('next and previous go round', () => {
    const drive = three();
    drive.key('ctrl-p');
    expect(drive.active()).toBe('#ops');
    drive.key('ctrl-n', 'ctrl-n');
    expect(drive.active()).toBe('#dev');
  });

  test('Alt-A goes before anything else to who asks for a private chat: a request ends after two minutes', () => {
    const drive = three();
    drive.hear('#dev', 1, 'hm');
    drive.hear('#ops', 1, 'alice?');
    drive.asks('carol');
    drive.key('alt-a');
    expect(drive.active()).toBe('=carol');
    drive.key('alt-a');
    expect(drive.active()).toBe('#ops');
  });

  test('Alt-A goes to where somebody names us first, then to what is unread, then says that nothing is', () => {
    const drive = three();
    drive.hear('#dev', 1, 'hm');
    drive.hear('#ops', 1, 'alice?');
    drive.key('alt-a');
    expect(drive.active()).toBe('#ops');
    drive.key('alt-a');
    expect(drive.active()).toBe('#dev');
    drive.key('alt-a');
    expect(drive.active()).toBe('#dev');
    expect(drive.state.hint?.text).toBe('nothing new in the other tabs');
  });

  test('a room joined in another terminal gets a tab, and we stay where we are', () => {
    const drive = three();
    const messages = drive.get({ type: 'room', room: info('#new', 0, 'fresh') });
    expect(drive.active()).toBe('#lobby');
    expect(drive.tab('#new').topic).toBe('fresh');
    expect(only(messages, 'members').room).toBe('#new');
  });

  test('a room left in another terminal loses its tab; from its tab one comes to the one before it', () => {
    const drive = three();
    drive.key('alt-2');
    gone(drive, '#ops');
    expect(drive.active()).toBe('#dev');
    gone(drive, '#dev');
    expect(drive.active()).toBe('#lobby');
  });

  test('closing a tab before the open one does not move us', () => {
    const drive = three();
    drive.key('alt-3');
    gone(drive, '#dev');
    expect(drive.active()).toBe('#ops');
  });

  test('what was still to be sent to a room that is closed is owned up to', () => {
    const drive = three();
    drive.key('alt-2');
    drive.enter('too late');
    gone(drive, '#dev');
    expect(drive.notices()).toEqual(['1 message to #dev had not been sent: you are no longer in it']);
  });

  test('the lobby is never closed', () => {
    const drive = three();
    gone(drive, '#lobby');
    expect(drive.state.tabs).toHaveLength(3);
  });

  test('a line cut in one tab can be pasted in the next', () => {
    const drive = three();
    drive.type('wrong room');
    drive.key('ctrl-u', 'alt-2', 'ctrl-y');
    expect(drive.input()).toBe('wrong room');
  });
});

describe('who is in a room', () => {
  const list = (drive: Drive, names: string[], more: boolean, id: string | undefined) =>
    drive.get({
      type: 'members',
      ...(id === undefined ? {} : { id: clientId(id) }),
      room: room('#dev'),
      members: names.map(user),
      more,
    });

  test('the list comes in several frames, and who joins or leaves meanwhile is not lost', () => {
    const drive = new Drive();
    const { id } = only(drive.login([info('#lobby'), info('#dev')]), 'members');
    list(drive, ['alice', 'bob'], true, id);
    expect(drive.tab('#dev').members).toBeUndefined();
    drive.get({ type: 'joined', room: room('#dev'), user: user('dave'), time: at(START) });
    drive.get({ type: 'left', room: room('#dev'), user: user('bob'), time: at(START) });
    list(drive, ['carol'], false, id);
    expect([...(drive.tab('#dev').members ?? [])].toSorted()).toEqual(['alice', 'carol', 'dave']);
    expect(drive.events('#dev')).toEqual(['+ dave joined', '- bob left']);
  });

  test('whoever is in the list already does not join twice, and we are not told of ourselves', () => {
    const drive = new Drive();
    const { id } = only(drive.login([info('#lobby'), info('#dev')]), 'members');
    list(drive, ['alice', 'bob'], false, id);
    drive.get({ type: 'joined', room: room('#dev'), user: user('bob'), time: at(START) });
    drive.get({ type: 'joined', room: room('#dev'), user: user('alice'), time: at(START) });
    expect(drive.events('#dev')).toEqual([]);
  });

  test('a list that nobody asked for is not taken', () => {
    const drive = new Drive();
    drive.login([info('#lobby'), info('#dev')]);
    list(drive, ['mallory'], false, 'other');
    expect(drive.tab('#dev').members).toBeUndefined();
  });
});
