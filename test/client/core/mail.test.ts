import { describe, expect, test } from 'vitest';
import { MAX_ASIDE } from '../../../src/client/core/mail.ts';
import { TELL_AFTER_MS } from '../../../src/client/core/mailbox.ts';
import { OWN_PLACES_FROM } from '../../../src/client/core/message-log.ts';
import { MAX_PERSON_TABS } from '../../../src/client/core/tabs.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { at, clientId, Drive, info, START, sent, types, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};

/** What is said once there is nothing more to wait for. */
function afterwards(drive: Drive): ClientMessage[] {
  drive.pass(TELL_AFTER_MS);
  return sent(drive.tick()).filter(({ type }) => type === 'received');
}

const received = (n: number): ClientMessage[] => [{ type: 'received', n: n as never }];

const gone = (drive: Drive): void => void drive.event({ type: 'linkDown', text: 'gone' });

const back = (drive: Drive): ClientMessage[] => {
  drive.event({ type: 'start' });
  drive.event({ type: 'linkUp' });
  return drive.welcome([info('#lobby'), info('#dev')]);
};

describe('a private message to us', () => {
  test('opens a tab for its writer in the background, marked as speaking to us, and rings', () => {
    const drive = online();
    drive.mail(1, 'psst');
    expect(drive.tabs()).toEqual(['#lobby', '#dev', 'bob']);
    expect(drive.active()).toBe('#lobby');
    expect(drive.person('bob')).toMatchObject({ unread: 1, mentioned: true });
    expect(drive.texts('bob')).toEqual(['psst']);
    expect(drive.effects.filter((effect) => effect.do === 'bell')).toHaveLength(1);
  });

  test('is told to be received only when it was looked at', () => {
    const drive = online();
    drive.mail(1, 'psst');
    expect(afterwards(drive)).toEqual([]);
    drive.key('alt-3');
    expect(drive.person('bob')).toMatchObject({ unread: 0, mentioned: false });
    expect(afterwards(drive)).toEqual(received(1));
    expect(afterwards(drive)).toEqual([]);
  });

  test('in the tab that is open is told soon, and several of them together', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'one');
    drive.mail(2, 'two');
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + TELL_AFTER_MS);
    expect(afterwards(drive)).toEqual(received(2));
  });

  test('that comes while nobody is at the keys is seen when somebody is back', () => {
    const drive = online();
    const is = (state: 'away' | 'online') =>
      drive.get({ type: 'presence', user: user('alice'), state, since: at(START + drive.mono) });
    drive.enter('/msg bob');
    is('away');
    drive.mail(1, 'one');
    expect(afterwards(drive)).toEqual([]);
    is('online');
    expect(afterwards(drive)).toEqual(received(1));
  });

  test('that nobody has looked at holds back what came after it: the server forgets up to a place', () => {
    const drive = online();
    drive.mail(1, 'from bob');
    drive.mail(2, 'from carol', 'carol');
    drive.mail(3, 'from bob again');
    drive.key('alt-4');
    expect(afterwards(drive)).toEqual([]);
    drive.key('alt-3');
    expect(afterwards(drive)).toEqual(received(3));
  });

  test('that comes again is not shown again, and is told again if that was lost', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'one');
    expect(afterwards(drive)).toEqual(received(1));
    gone(drive);
    back(drive);
    drive.mail(1, 'one');
    drive.mail(2, 'two');
    expect(drive.texts('bob')).toEqual(['one', 'two']);
    expect(afterwards(drive)).toEqual(received(2));
  });

  test('that comes again alone is told again', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'one');
    expect(afterwards(drive)).toEqual(received(1));
    gone(drive);
    back(drive);
    expect(afterwards(drive)).toEqual([]);
    drive.mail(1, 'one');
    expect(afterwards(drive)).toEqual(received(1));
    drive.announcement(2, 'restart at noon');
    expect(afterwards(drive)).toEqual(received(2));
    drive.announcement(2, 'restart at noon');
    expect(afterwards(drive)).toEqual(received(2));
  });

  test('that could not be opened before the connection was lost holds nothing back in the next, where it comes again', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.sealed(1);
    gone(drive);
    back(drive);
    drive.mail(2, 'two');
    expect(afterwards(drive)).toEqual(received(2));
  });

  test('that was seen is told before we leave', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'one');
    expect(types(drive.enter('/quit'))).toEqual(['received', 'bye']);
  });

  test('that waited for us has its own time, and the unread line above it even in the open tab', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'yesterday', 'bob', { time: at(START - 86_400_000) });
    expect(drive.messages('bob')[0]?.time).toBe(START - 86_400_000);
    expect(drive.person('bob').unreadFrom).toBe(OWN_PLACES_FROM + 1);
    expect(drive.effects.some((effect) => effect.do === 'bell')).toBe(false);
  });

  test('without a place, as guests get it, is shown, and nothing is told', () => {
    const drive = new Drive({ login: { method: 'guest', name: 'gast' } });
    drive.login([info('#lobby')], '~gast');
    drive.mail(0, 'hello', 'bob', { id: clientId('same') });
    drive.mail(0, 'hello', 'bob', { id: clientId('same') });
    drive.mail(0, 'hello', 'bob', { id: clientId('other') });
    expect(drive.texts('bob')).toEqual(['hello', 'hello']);
    drive.key('alt-2');
    expect(afterwards(drive)).toEqual([]);
  });

  test('of a server whose data were replaced is not taken for one that came before', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'old');
    drive.enter('/msg bob');
    drive.mail(7, 'old');
    gone(drive);
    drive.event({ type: 'start' });
    drive.event({ type: 'linkUp' });
    drive.welcome([info('#lobby', 0), info('#dev')]);
    drive.mail(1, 'new');
    expect(drive.texts('bob')).toEqual(['old', 'new']);
  });

  test('that is sealed, and not opened yet, is kept by the server, and so is what came after it', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.sealed(1);
    drive.sealed(2);
    drive.announcement(3, 'restart at noon');
    expect(afterwards(drive)).toEqual([]);
    const opened = (n: number) =>
      drive.tell({
        type: 'mail',
        n,
        id: clientId(`m${n}`),
        from: user('bob'),
        to: user('alice'),
        text: 'x',
        time: at(0),
      });
    opened(2);
    expect(afterwards(drive)).toEqual([]);
    opened(1);
    expect(afterwards(drive)).toEqual([...received(2), ...received(3)]);
  });

  test('that was sent before we had said which device this is comes after announcements of higher places', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.announcement(9, 'restart at noon');
    expect(afterwards(drive)).toEqual(received(9));
    drive.mail(5, 'one');
    expect(afterwards(drive)).toEqual(received(5));
    expect(drive.texts('bob')).toEqual(['one']);
  });

  test('that can never be opened counts as seen, and is told in the tab of its writer', () => {
    const drive = online();
    drive.sealed(1);
    drive.tell({ type: 'lostMail', n: 1, from: user('bob'), text: 'it is of a session that is no more' });
    expect(drive.notices('bob')).toEqual(["a message from bob can't be shown: it is of a session that is no more"]);
    expect(afterwards(drive)).toEqual(received(1));
    expect(drive.effects.filter((effect) => effect.do === 'bell')).toHaveLength(1);
  });

  test('of more people than there are tabs for closes one that has nothing unread, else it is told in the lobby', () => {
    const drive = online();
    drive.mail(1, 'first', 'u0');
    drive.key('alt-3');
    drive.key('alt-1');
    for (let i = 1; i <= MAX_PERSON_TABS; i++) drive.mail(i + 1, 'hi', `u${i}`);
    expect(drive.tabs()).not.toContain('u0');
    expect(drive.tabs()).toHaveLength(2 + MAX_PERSON_TABS);
    drive.mail(99, 'one too many', 'late');
    expect(drive.notices()).toEqual(['in private, from late: one too many']);
  });
});

describe('the tab of a person', () => {
  test('is closed by /leave, and what was not sent from it is told', () => {
    const drive = online();
    gone(drive);
    drive.enter('/msg bob hello');
    drive.enter('/leave');
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
    expect(drive.notices()).toEqual(['1 message to bob had not been sent: its tab was closed']);
    expect(drive.told('unmail')).toHaveLength(1);
  });

  test('stays through a reconnect, and asks the server for nothing', () => {
    const drive = online();
    drive.enter('/msg bob');
    gone(drive);
    const messages = back(drive);
    expect(drive.tabs()).toEqual(['#lobby', '#dev', 'bob']);
    expect(JSON.stringify(messages)).not.toContain('bob');
    expect(drive.key('pageup', 'alt-home').map(({ type }) => type)).not.toContain('history');
  });

  test('is emptied by /clear where the log on this device brings it back, and else not', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'keep me');
    drive.tell({ type: 'available', available: false, text: 'they are in your other uchat' });
    drive.enter('/clear');
    expect(drive.texts('bob')).toEqual(['keep me']);
    expect(drive.state.hint?.text).toBe('private messages would be lost by this: /leave closes the tab');
    drive.key('ctrl-u');
    drive.tell({ type: 'available', available: true, text: '' });
    drive.tell({ type: 'history', person: user('bob'), records: [], more: false });
    drive.enter('/clear');
    expect(drive.texts('bob')).toEqual([]);
    drive.key('pageup');
    const record = { at: 0, id: clientId('bob-1'), from: user('bob'), text: 'keep me', time: at(1) };
    drive.tell({ type: 'history', person: user('bob'), records: [record], more: false });
    expect(drive.texts('bob')).toEqual(['keep me']);
  });

  test('has no topic', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/topic hi');
    expect(drive.state.hint?.text).toBe('only rooms have a topic');
  });
});

describe('an announcement', () => {
  const announce = (drive: Drive, n: number) => drive.announcement(n, 'restart at noon');
  const shown = (drive: Drive, name: string) =>
    drive.tab(name).log.entries.filter(({ kind }) => kind === 'announcement');

  test('is shown in the tab that is open and in the lobby, rings, and is received at once', () => {
    const drive = online();
    drive.key('alt-2');
    announce(drive, 1);
    for (const name of ['#lobby', '#dev']) {
      expect(shown(drive, name)).toMatchObject([{ from: 'root', text: 'restart at noon' }]);
    }
    expect(drive.effects.filter((effect) => effect.do === 'bell')).toHaveLength(1);
    expect(afterwards(drive)).toEqual(received(1));
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
  });

  test('in the lobby stands there once; that comes again, not at all', () => {
    const drive = online();
    announce(drive, 1);
    announce(drive, 1);
    expect(shown(drive, '#lobby')).toHaveLength(1);
  });

  test('from somebody whom one ignores is shown all the same: it is an operator who speaks', () => {
    const drive = online();
    drive.ignored(['root']);
    announce(drive, 1);
    expect(shown(drive, '#lobby')).toHaveLength(1);
  });
});

describe('mail of somebody whom one ignores', () => {
  test('opens no tab, and comes when that ends', () => {
    const drive = online();
    drive.ignored([], [{ user: user('bob') }]);
    drive.mail(1, 'one');
    drive.mail(2, 'two');
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
    expect(drive.effects.some((effect) => effect.do === 'bell')).toBe(false);
    // It holds back nothing: who knows when that ends.
    expect(afterwards(drive)).toEqual(received(2));
    drive.ignored([]);
    expect(drive.texts('bob')).toEqual(['one', 'two']);
    expect(drive.person('bob').unread).toBe(2);
  });

  test('is held to a limit, the newest of it', () => {
    const drive = online();
    drive.ignored(['bob']);
    for (let n = 1; n <= MAX_ASIDE + 3; n++) drive.mail(n, `m${n}`);
    drive.ignored([]);
    expect(drive.texts('bob')).toHaveLength(MAX_ASIDE);
    expect(drive.texts('bob').at(-1)).toBe(`m${MAX_ASIDE + 3}`);
  });

  test('in a tab that is there is neither unread nor told of', () => {
    const drive = online();
    drive.mail(1, 'before');
    drive.ignored(['bob']);
    drive.mail(2, 'after');
    expect(drive.person('bob')).toMatchObject({ unread: 0, mentioned: false, unreadFrom: undefined });
    expect(afterwards(drive)).toEqual(received(2));
  });
});
