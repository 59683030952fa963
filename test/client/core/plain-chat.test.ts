import { describe, expect, test } from 'vitest';
import { Drive, deviceId, KEYS, user } from './drive.ts';

function near(plainChat: boolean): Drive {
  const drive = new Drive({ plainChat });
  drive.lan();
  drive.get({ type: 'presence', user: user('bob'), state: 'online', since: drive.env.now, device: deviceId(KEYS[0]) });
  return drive;
}

describe('a private chat in plain text on the local network', () => {
  test('is what /private asks for with --plain-chat, and is marked', () => {
    const drive = near(true);
    drive.enter('/private bob');
    expect(drive.told('ask')).toMatchObject([{ to: 'bob', plain: true }]);
    expect(drive.chat('bob').plain).toBe(true);
  });

  test('an encrypted one can be asked for by its word', () => {
    const drive = near(true);
    drive.enter('/private bob --encrypted');
    expect(drive.told('ask')).toMatchObject([{ to: 'bob', plain: false }]);
  });

  test('is not asked for without it', () => {
    const drive = near(false);
    drive.enter('/private bob --plain');
    expect(drive.told('ask')).toEqual([]);
    expect(drive.state.hint?.text).toMatch(/takes --plain-chat on both sides/);
    drive.key('ctrl-u');
    drive.enter('/private bob');
    expect(drive.told('ask')).toMatchObject([{ to: 'bob', plain: false }]);
  });

  test('asked for by somebody, it is refused by itself, and told once', () => {
    const drive = near(false);
    drive.asks('bob', { plain: true, chat: 'one' });
    drive.asks('bob', { plain: true, chat: 'two' });
    expect(drive.told('reject')).toMatchObject([{ chat: 'one' }, { chat: 'two' }]);
    expect(drive.tabs()).toEqual(['#lobby']);
    expect(drive.notices()).toEqual([
      'bob wants to talk in plain text, which takes --plain-chat on both sides: not taken',
    ]);
  });

  test('whoever asked in vain is told what it takes', () => {
    const drive = near(true);
    drive.enter('/private bob');
    const { chat } = drive.chat('bob');
    drive.chatIs('bob', { kind: 'ended', text: 'bob said no' }, { chat, plain: true });
    expect(drive.notices('=bob')).toContain('it was asked for in plain text, which takes --plain-chat on both sides');
    expect(drive.told('ask')).toHaveLength(1);
  });

  test('with it, a request is answered in words, as with a server', () => {
    const drive = near(true);
    drive.asks('bob', { plain: true });
    drive.enter('/go =bob');
    drive.enter('/accept bob');
    expect(drive.told('accept')).toEqual([]);
    drive.key('ctrl-u');
    drive.enter('/accept bob --plain');
    expect(drive.told('accept')).toHaveLength(1);
  });

  test('an encrypted request is answered as ever, without a choice about the address', () => {
    const drive = near(true);
    drive.asks('bob');
    drive.enter('/go =bob');
    drive.pass(2000);
    drive.type('o');
    expect(drive.input()).toBe('o');
    expect(drive.told('accept')).toEqual([]);
    drive.key('ctrl-u');
    drive.enter('/accept --hide');
    expect(drive.state.hint?.text).toMatch(/seen by everybody/);
    drive.key('ctrl-u');
    drive.type('a');
    expect(drive.told('accept')).toMatchObject([{ hideAddress: false }]);
  });
});

describe('with a server', () => {
  test('plain text is asked for by its word, and with --plain-chat without one', () => {
    for (const plainChat of [false, true]) {
      const drive = new Drive({ plainChat });
      drive.login();
      drive.enter('/private bob');
      drive.enter('/private carol --plain');
      expect(drive.told('ask').map(({ plain }) => plain)).toEqual([plainChat, true]);
    }
  });

  test('a request in plain text is the person’s to answer', () => {
    const drive = new Drive();
    drive.login();
    drive.asks('bob', { plain: true });
    expect(drive.told('reject')).toEqual([]);
    expect(drive.tabs()).toEqual(['#lobby', '=bob']);
  });
});

describe('mail to somebody who is not heard', () => {
  const away = (drive: Drive): void => {
    const [mail] = drive.told('mail');
    if (mail === undefined) throw new Error('nothing was mailed');
    drive.tell({ type: 'notMailed', id: mail.id, to: user('bob'), code: 'peer_away', text: 'away', wait: true });
  };

  test('waits here, and one line says so', () => {
    const drive = near(false);
    drive.enter('/msg bob hello');
    away(drive);
    away(drive);
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'waiting' } }]);
    expect(drive.notices('bob')).toEqual([
      'bob is not heard: what you write waits here, encrypted, and goes when bob is heard again  (/discard forgets it)',
    ]);
  });
});
