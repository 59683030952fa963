import { describe, expect, test } from 'vitest';
import type { PrivateCommand } from '../../../src/peer/private.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { at, clientId, Drive, info, START, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};

type Mail = Extract<PrivateCommand, { do: 'mail' }>;

/** Types a line. @returns the mail that the messenger was given because of it, the only one. */
function write(drive: Drive, line: string): Mail {
  const before = drive.told('mail').length;
  drive.enter(line);
  const [mail, ...more] = drive.told('mail').slice(before);
  if (mail === undefined || more.length > 0) throw new Error(`not one mail, but ${more.length} more than one`);
  return mail;
}

const notMailed = (drive: Drive, id: string, code: string, text: string, wait = false): ClientMessage[] =>
  drive.tell({ type: 'notMailed', id: clientId(id), to: user('bob'), code, text, wait });

const gone = (drive: Drive): void => void drive.event({ type: 'linkDown', text: 'gone' });

const back = (drive: Drive): ClientMessage[] => {
  drive.event({ type: 'start' });
  drive.event({ type: 'linkUp' });
  return drive.welcome([info('#lobby'), info('#dev')]);
};

describe('a private message of ours', () => {
  test('/msg opens the tab, shows it as being sent, and it stands where it was acknowledged', () => {
    const drive = online();
    const mail = write(drive, '/msg bob are you there?');
    expect(mail).toMatchObject({ to: 'bob', text: 'are you there?' });
    expect(drive.active()).toBe('bob');
    expect(drive.person('bob').pending).toMatchObject([{ text: 'are you there?', state: { kind: 'sending' } }]);
    drive.mailed(mail.id);
    expect(drive.person('bob').pending).toEqual([]);
    expect(drive.messages('bob')).toMatchObject([{ from: 'alice', text: 'are you there?' }]);
    expect(drive.notices('bob')).toEqual([]);
  });

  test('what is typed in the tab goes there', () => {
    const drive = online();
    drive.enter('/msg bob');
    expect(write(drive, 'and so on')).toMatchObject({ to: 'bob', text: 'and so on' });
  });

  test('that is kept says so, once until one arrives', () => {
    const drive = online();
    for (const kept of [true, true, false, true]) {
      const { id } = write(drive, '/msg bob hello');
      drive.mailed(id, kept);
    }
    expect(drive.texts('bob')).toHaveLength(4);
    expect(drive.notices('bob')).toEqual(Array(2).fill('bob is not here: what you write is kept until bob is back'));
  });

  test('is given to the messenger without a connection, too, and not again when there is one', () => {
    const drive = online();
    const { id } = write(drive, '/msg bob hello');
    gone(drive);
    expect(write(drive, '/msg carol and you')).toMatchObject({ to: 'carol', text: 'and you' });
    expect(drive.person('bob').pending[0]?.state.kind).toBe('waiting');
    expect(drive.person('carol').pending[0]?.state.kind).toBe('waiting');
    back(drive);
    expect(drive.person('bob').pending[0]?.state.kind).toBe('sending');
    expect(drive.told('mail').map(({ to }) => to)).toEqual(['bob', 'carol']);
    drive.mailed(id);
    drive.mailed(id);
    expect(drive.texts('bob')).toEqual(['hello']);
  });

  test('waits for the first log-in: before it nobody knows whose it is', () => {
    const drive = new Drive();
    drive.event({ type: 'start' });
    drive.enter('/msg bob hello');
    expect(drive.told('mail')).toEqual([]);
    drive.event({ type: 'linkUp' });
    drive.welcome();
    expect(drive.told('mail')).toMatchObject([{ to: 'bob', text: 'hello' }]);
  });

  test('of which a copy comes is the same message', () => {
    const drive = online();
    const { id } = write(drive, '/msg bob hello');
    gone(drive);
    back(drive);
    drive.mail(0, 'hello', 'alice', { to: user('bob'), id });
    expect(drive.person('bob').pending).toEqual([]);
    drive.mailed(id);
    expect(drive.texts('bob')).toEqual(['hello']);
  });

  test('from another terminal is shown in the tab of whom it is for, and is not unread', () => {
    const drive = online();
    drive.mail(0, 'from my desk', 'alice', { to: user('bob'), id: clientId('x') });
    expect(drive.messages('bob')).toMatchObject([{ from: 'alice', text: 'from my desk' }]);
    expect(drive.person('bob')).toMatchObject({ unread: 0, mentioned: false });
  });

  test.each([
    ['not_delivered', 'bob takes no messages from you'],
    ['mailbox_full', 'the mailbox of bob is full; try again later'],
    ['no_such_user', 'nobody here is called bob'],
  ] as const)('%s is shown at the message, and the chat goes on', (code, text) => {
    const drive = online();
    const { id } = write(drive, '/msg bob hello');
    notMailed(drive, id, code, text);
    expect(drive.person('bob').pending).toMatchObject([{ text: 'hello', state: { kind: 'refused', text } }]);
    const again = write(drive, '/retry');
    expect(again).toMatchObject({ to: 'bob', text: 'hello' });
    expect(again.id).not.toBe(id);
    expect(write(drive, 'more')).toMatchObject({ text: 'more' });
  });

  test('to a name that only a guest has says how to write to the guest', () => {
    const drive = online();
    drive.get({ type: 'presence', user: user('~bob'), state: 'online', since: at(START) });
    const { id } = write(drive, '/msg bob hello');
    notMailed(drive, id, 'no_such_user', 'nobody here is called bob');
    expect(drive.person('bob').pending).toMatchObject([
      { state: { text: 'nobody here is called bob; there is a guest: /msg ~bob' } },
    ]);
  });

  test('that has to wait says why, once for all that wait for the same', () => {
    const drive = online();
    const first = write(drive, '/msg bob one');
    const second = write(drive, 'two');
    notMailed(drive, first.id, 'mailbox_full', 'the mailbox of bob is full', true);
    expect(drive.state.hint?.text).toBe('waits: the mailbox of bob is full  (/discard forgets it)');
    drive.key('alt-1');
    notMailed(drive, second.id, 'mailbox_full', 'the mailbox of bob is full', true);
    expect(drive.notices('bob')).toEqual([]);
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'waiting' } }, { state: { kind: 'waiting' } }]);
    drive.mailed(first.id);
    notMailed(drive, second.id, 'no_packages', 'bob must be here once', true);
    expect(drive.notices('bob')).toEqual(['waits: bob must be here once  (/discard forgets it)']);
    expect(drive.told('mail')).toHaveLength(2);
  });

  test('that waits for another program of ours goes when that has ended: whoever has it is not given it again', () => {
    const drive = online();
    drive.tell({ type: 'available', available: false, text: 'they are elsewhere' });
    const { id } = write(drive, '/msg bob one');
    notMailed(drive, id, 'unavailable', 'they are elsewhere', true);
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'waiting' } }]);
    drive.tell({ type: 'available', available: true, text: '' });
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'sending' } }]);
    expect(drive.told('mail')).toHaveLength(1);
    drive.mailed(id);
    expect(drive.texts('bob')).toEqual(['one']);
  });

  test('that waits stays so when the connection is another one', () => {
    const drive = online();
    const { id } = write(drive, '/msg bob one');
    notMailed(drive, id, 'key_changed', 'bob has a new key', true);
    gone(drive);
    back(drive);
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'waiting' } }]);
  });

  test.each([true, false])('is taken back by /discard, and the messenger with it (it waits: %s)', (wait) => {
    const drive = online();
    const { id } = write(drive, '/msg bob one');
    drive.enter('/discard');
    expect(drive.state.hint?.text).toBe('nothing was refused here');
    drive.key('ctrl-u');
    notMailed(drive, id, 'mailbox_full', 'the mailbox of bob is full', wait);
    drive.enter('/discard');
    expect(drive.person('bob').pending).toEqual([]);
    expect(drive.told('unmail')).toEqual([{ do: 'unmail', id }]);
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
