import { describe, expect, test } from 'vitest';
import { at, Drive, only, START, user } from '../core/drive.ts';

/** The guest ~bob is here, and carol, who has an account, is not. */
function online(): Drive {
  const drive = new Drive();
  const { id } = only(drive.login(), 'who');
  const since = at(START);
  const users = [
    { name: user('alice'), state: 'online', since },
    { name: user('~bob'), state: 'online', since },
    { name: user('carol'), state: 'offline', since },
    { name: user('~carol'), state: 'away', since },
  ] as const;
  drive.get({ type: 'users', ...(id === undefined ? {} : { id }), users: [...users], more: false });
  return drive;
}

describe('a guest named without the sign', () => {
  test('is asked for no private chat under another name: the right one is told, and no tab opens', () => {
    const drive = online();
    drive.enter('/private bob');
    expect(drive.state.hint?.text).toBe('bob is not here; the guest ~bob is: /private ~bob');
    drive.key('ctrl-u');
    drive.enter('/private carol --plain');
    expect(drive.state.hint?.text).toBe('carol is not here; the guest ~carol is: /private ~carol --plain');
    expect(drive.tabs()).toEqual(['#lobby']);
    drive.key('ctrl-u');
    drive.enter('/private ~bob');
    expect(drive.tabs()).toEqual(['#lobby', '=~bob']);
  });

  test('gets no message under another name', () => {
    const drive = online();
    drive.enter('/msg bob hello');
    expect(drive.state.hint?.text).toBe(
      'only the guest ~bob is here: /msg ~bob, or /msg @bob for somebody who is away',
    );
    expect(drive.tabs()).toEqual(['#lobby']);
  });

  test('while somebody of that name has an account, it is theirs; and who writes @ means just that', () => {
    const drive = online();
    drive.enter('/msg carol hello');
    drive.enter('/msg @bob hello');
    expect(drive.tabs()).toEqual(['#lobby', 'carol', 'bob']);
  });

  test('is told by /who', () => {
    const drive = online();
    drive.enter('/who bob');
    expect(drive.state.hint?.text).toBe('bob is not here, and was not of late; the guest ~bob is here');
  });
});
