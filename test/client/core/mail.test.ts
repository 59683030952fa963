import { describe, expect, test } from 'vitest';
import { MAX_ASIDE, TELL_AFTER_MS } from '../../../src/client/core/mail.ts';
import { MAX_PERSON_TABS } from '../../../src/client/core/tabs.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import { at, Drive, info, only, START, sent, types, user } from './drive.ts';

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

/** The server has taken our mail. */
const mailed = (drive: Drive, id: string, kept = false, to = 'bob'): ClientMessage[] =>
  drive.get({ type: 'mailed', id: id as never, to: user(to), time: at(START + drive.mono), kept });

const refuse = (drive: Drive, id: string, code: ErrorCode, text: string): ClientMessage[] =>
  drive.get({ type: 'error', id: id as never, code, text, closes: false });

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
    expect(drive.person('bob').unreadFrom).toBe(1);
    expect(drive.effects.some((effect) => effect.do === 'bell')).toBe(false);
  });

  test('without a place, as guests get it, is shown, and nothing is told', () => {
    const drive = new Drive({ login: { method: 'guest', name: 'gast' } });
    drive.login([info('#lobby')], '~gast');
    drive.mail(0, 'hello', 'bob', { id: 'same' as never });
    drive.mail(0, 'hello', 'bob', { id: 'same' as never });
    drive.mail(0, 'hello', 'bob', { id: 'other' as never });
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

describe('a private message of ours', () => {
  test('/msg opens the tab, shows it as being sent, and it stands where it was acknowledged', () => {
    const drive = online();
    const mail = only(drive.enter('/msg bob are you there?'), 'mail');
    expect(mail).toMatchObject({ to: 'bob', body: 'are you there?' });
    expect(drive.active()).toBe('bob');
    expect(drive.person('bob').pending).toMatchObject([{ text: 'are you there?', state: { kind: 'sending' } }]);
    mailed(drive, mail.id);
    expect(drive.person('bob').pending).toEqual([]);
    expect(drive.messages('bob')).toMatchObject([{ from: 'alice', text: 'are you there?' }]);
    expect(drive.notices('bob')).toEqual([]);
  });

  test('what is typed in the tab goes there', () => {
    const drive = online();
    drive.enter('/msg bob');
    expect(only(drive.enter('and so on'), 'mail')).toMatchObject({ to: 'bob', body: 'and so on' });
  });

  test('that is kept says so, once until one arrives', () => {
    const drive = online();
    for (const kept of [true, true, false, true]) {
      const { id } = only(drive.enter('/msg bob hello'), 'mail');
      mailed(drive, id, kept);
    }
    expect(drive.texts('bob')).toHaveLength(4);
    expect(drive.notices('bob')).toEqual(Array(2).fill('bob is not here: what you write is kept until bob is back'));
  });

  test('waits without a connection, and goes under the same id as often as it takes', () => {
    const drive = online();
    const { id } = only(drive.enter('/msg bob hello'), 'mail');
    gone(drive);
    drive.enter('/msg carol and you');
    expect(drive.person('bob').pending[0]?.state.kind).toBe('waiting');
    const again = back(drive).filter(({ type }) => type === 'mail');
    expect(again).toMatchObject([
      { id, to: 'bob', body: 'hello' },
      { to: 'carol', body: 'and you' },
    ]);
    mailed(drive, id);
    mailed(drive, id);
    expect(drive.texts('bob')).toEqual(['hello']);
  });

  test('of which another connection of ours brings a copy is the same message', () => {
    const drive = online();
    const { id } = only(drive.enter('/msg bob hello'), 'mail');
    gone(drive);
    back(drive);
    drive.mail(0, 'hello', 'alice', { to: user('bob'), id });
    expect(drive.person('bob').pending).toEqual([]);
    mailed(drive, id);
    expect(drive.texts('bob')).toEqual(['hello']);
  });

  test('from another terminal is shown in the tab of whom it is for, and is not unread', () => {
    const drive = online();
    drive.mail(0, 'from my desk', 'alice', { to: user('bob'), id: 'x' as never });
    expect(drive.messages('bob')).toMatchObject([{ from: 'alice', text: 'from my desk' }]);
    expect(drive.person('bob')).toMatchObject({ unread: 0, mentioned: false });
  });

  test.each([
    ['not_delivered', 'bob takes no messages from you'],
    ['mailbox_full', 'the mailbox of bob is full; try again later'],
    ['no_such_user', 'nobody here is called bob'],
  ] as const)('%s is shown at the message, and the chat goes on', (code, text) => {
    const drive = online();
    const { id } = only(drive.enter('/msg bob hello'), 'mail');
    refuse(drive, id, code, text);
    expect(drive.person('bob').pending).toMatchObject([{ text: 'hello', state: { kind: 'refused', text } }]);
    expect(only(drive.enter('/retry'), 'mail')).toMatchObject({ to: 'bob', body: 'hello' });
    expect(only(drive.enter('more'), 'mail')).toMatchObject({ body: 'more' });
  });

  test('to a name that only a guest has says how to write to the guest', () => {
    const drive = online();
    drive.get({ type: 'presence', user: user('~bob'), state: 'online', since: at(START) });
    const { id } = only(drive.enter('/msg bob hello'), 'mail');
    refuse(drive, id, 'no_such_user', 'nobody here is called bob');
    expect(drive.person('bob').pending).toMatchObject([
      { state: { text: 'nobody here is called bob; there is a guest: /msg ~bob' } },
    ]);
  });

  test('that comes too fast is sent again by itself, in order', () => {
    const drive = online();
    const first = only(drive.enter('/msg bob one'), 'mail');
    const second = only(drive.enter('two'), 'mail');
    refuse(drive, first.id, 'rate_limited', 'too many');
    refuse(drive, second.id, 'rate_limited', 'too many');
    drive.mono = nextWake(drive.state) ?? 0;
    const again = (): ClientMessage[] => {
      drive.mono = Math.max(drive.mono, nextWake(drive.state) ?? 0);
      return sent(drive.tick()).filter(({ type }) => type === 'mail');
    };
    let messages = again();
    while (messages.length === 0) messages = again();
    expect(messages).toMatchObject([{ id: first.id, body: 'one' }]);
    expect(mailed(drive, first.id).filter(({ type }) => type === 'mail')).toMatchObject([{ id: second.id }]);
  });

  test.each(['/msg', '/msg b@b hello', '/msg alice hi'])('%s is mended, not sent', (line) => {
    const drive = online();
    expect(drive.enter(line)).toEqual([]);
    expect(drive.state.hint?.bad).toBe(true);
    expect(drive.input()).toBe(line);
    expect(drive.tabs()).toHaveLength(2);
  });

  test('counts as unsent when one quits', () => {
    const drive = online();
    gone(drive);
    drive.enter('/msg bob hello');
    drive.enter('/quit');
    expect(drive.state.hint?.text).toContain('1 message has not been sent');
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

  test('is not emptied by /clear, since nothing would bring it back', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.mail(1, 'keep me');
    drive.enter('/clear');
    expect(drive.texts('bob')).toEqual(['keep me']);
    expect(drive.state.hint?.text).toBe('private messages would be lost by this: /leave closes the tab');
  });

  test('has no topic', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/topic hi');
    expect(drive.state.hint?.text).toBe('only rooms have a topic');
  });
});

describe('an announcement', () => {
  const announce = (drive: Drive, n: number, ago = 0) =>
    drive.mail(n, 'restart at noon', 'root', { kind: 'announcement', time: at(START + drive.mono - ago) });
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
