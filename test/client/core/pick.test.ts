import { describe, expect, test } from 'vitest';
import { visibleSpan } from '../../../src/client/view/scroll.ts';
import type { ClientMessages } from '../../../src/protocol/client-messages.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, info, only, room, seq, user } from './drive.ts';

type Said = readonly [from: string, text: string, more?: Partial<HistoryEntry>];

/** In the lobby, where this was said. */
function online(said: readonly Said[], options: { operator?: boolean; rows?: number } = {}): Drive {
  const drive = new Drive({ rows: options.rows ?? 24 });
  drive.event({ type: 'start' });
  drive.event({ type: 'linkUp' });
  const asked = drive.welcome([info('#lobby', said.length)], 'alice', options.operator === true);
  drive.tell({ type: 'available', available: true, text: '' });
  if (said.length > 0) page(drive, only(asked, 'history'), said, false);
  return drive;
}

function page(drive: Drive, { id, before }: ClientMessages['history'], said: readonly Said[], more: boolean): void {
  const first = before === undefined ? 1 : before - said.length;
  const messages = said.map(([from, text, rest], i) => ({
    seq: seq(first + i),
    from: user(from),
    text,
    time: at(1000 + i),
    ...rest,
  }));
  drive.get({ type: 'history', id: id ?? clientId(''), room: room('#lobby'), messages, more });
}

const letters = (drive: Drive, ...typed: readonly string[]) => typed.flatMap((one) => drive.type(one));
const picked = (drive: Drive): number | undefined => drive.tab().pick?.seq;
const copied = (drive: Drive): string[] => drive.effects.flatMap((one) => (one.do === 'copy' ? [one.text] : []));
const hint = (drive: Drive): string => drive.state.hint?.text ?? '';

const TALK = [
  ['bob', 'the build is green'],
  ['alice', 'good'],
  ['carol', 'see https://box/1 and https://box/2'],
  ['alice', 'yes', { re: seq(1) }],
] as const satisfies readonly Said[];

describe('message mode', () => {
  test('begins on the newest message, and its keys walk', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    expect(picked(drive)).toBe(4);
    drive.key('up', 'up');
    expect(picked(drive)).toBe(2);
    letters(drive, 'k', 'k', 'k');
    expect(picked(drive)).toBe(1);
    letters(drive, 'G');
    expect(picked(drive)).toBe(4);
    letters(drive, 'g');
    expect(picked(drive)).toBe(1);
    drive.key('end');
    expect(picked(drive)).toBe(4);
    drive.key('home', 'down');
    letters(drive, 'j');
    expect(picked(drive)).toBe(3);
    drive.key('escape');
    expect(picked(drive)).toBeUndefined();
    expect(drive.input()).toBe('');
  });

  test('is also behind the prefix, as copy mode is in tmux', () => {
    const drive = online(TALK);
    drive.key('ctrl-]');
    drive.type('[');
    expect(picked(drive)).toBe(4);
  });

  test('where nothing was said says so', () => {
    const drive = online([]);
    drive.key('alt-m');
    expect(picked(drive)).toBeUndefined();
    expect(hint(drive)).toBe('there is no message here');
  });

  test('passes over lines that are no messages, and over those of people who are left out', () => {
    const drive = online(TALK);
    drive.tab().log.notice(at(1), 'a line of the program', false);
    drive.ignored(['carol']);
    drive.key('alt-m', 'up');
    expect(picked(drive)).toBe(2);
  });

  test('stays in its tab while one is in another, with its draft', () => {
    const drive = online(TALK);
    drive.get({ type: 'room', room: info('#dev') });
    drive.type('half a sentence');
    drive.key('alt-m', 'up', 'alt-2');
    expect(drive.tab('#dev').pick).toBeUndefined();
    drive.type('r');
    expect(drive.input()).toBe('r');
    drive.key('alt-1');
    expect(picked(drive)).toBe(3);
    drive.key('escape');
    expect(drive.input()).toBe('half a sentence');
  });

  test('keeps the message in sight while others write, and asks for older ones as they are needed', () => {
    const drive = online([], { rows: 12 });
    drive.get({ type: 'room', room: info('#dev', 300) });
    const opened = drive.effects.flatMap((one) =>
      one.do === 'send' && one.message.type === 'history' ? [one.message] : [],
    );
    const said = Array.from({ length: 60 }, (_, i): Said => ['bob', `text ${241 + i}`]);
    const { id } = only(opened, 'history');
    const messages = said.map(([from, text], i) => ({ seq: seq(241 + i), from: user(from), text, time: at(i) }));
    drive.get({ type: 'history', id: id ?? clientId(''), room: room('#dev'), messages, more: true });
    drive.key('alt-2', 'alt-m', 'up');
    expect(drive.tab('#dev').pick?.seq).toBe(299);
    for (let i = 301; i <= 320; i++) drive.hear('#dev', i, `text ${i}`);
    const span = visibleSpan(drive.state, drive.tab('#dev'));
    expect(span?.first).toBeLessThanOrEqual(299);
    expect(span?.last).toBeGreaterThanOrEqual(299);
    drive.key('pageup', 'pageup');
    expect(drive.tab('#dev').pick?.seq).toBeLessThan(299);
    const asked = drive.key(...Array.from({ length: 80 }, () => 'up'));
    expect(asked.filter(({ type }) => type === 'history')).toMatchObject([{ before: 241 }]);
    expect(drive.tab('#dev').pick?.seq).toBe(241);
    expect(visibleSpan(drive.state, drive.tab('#dev'))?.first).toBe(241);
    for (let i = 0; i < 200; i++) drive.key('down');
    expect(drive.tab('#dev').pick?.seq).toBe(320);
    expect(drive.tab('#dev').scroll).toEqual({ kind: 'tail' });
  });

  test('ends where its message is no longer here', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    drive.ignored(['carol']);
    expect(picked(drive)).toBeUndefined();
  });

  test('takes letters that come together one after the other; those after its end are for the line', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    expect(only(drive.type('k+1'), 'react')).toMatchObject({ seq: 3, emoji: '👍' });
    drive.key('alt-m');
    drive.type('rthanks');
    expect([drive.tab().writing, drive.input()]).toEqual([{ kind: 'reply', to: 4 }, 'thanks']);
  });

  test('takes no letter for the line, and a paste goes where it was meant', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    letters(drive, 'x');
    expect(hint(drive)).toContain('Esc goes back to writing');
    expect(drive.input()).toBe('');
    drive.paste('pasted');
    expect([picked(drive), drive.input()]).toEqual([undefined, 'pasted']);
  });
});

describe('in message mode', () => {
  test('r answers: the message says which, and Esc drops that', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    letters(drive, 'r');
    expect(drive.tab().writing).toEqual({ kind: 'reply', to: 3 });
    expect(only(drive.enter('thanks'), 'say')).toMatchObject({ text: 'thanks', re: 3 });
    expect(only(drive.enter('more'), 'say')).not.toHaveProperty('re');
    drive.key('alt-m', 'enter');
    drive.type('kept');
    drive.key('escape');
    expect([drive.tab().writing, drive.input()]).toEqual([undefined, 'kept']);
  });

  test('e corrects a message of ours in the line, and the draft that was there comes back', () => {
    const drive = online(TALK);
    drive.type('a draft');
    drive.key('alt-m');
    letters(drive, 'e');
    expect(drive.input()).toBe('yes');
    drive.type(', it is');
    expect(only(drive.key('enter'), 'edit')).toMatchObject({ seq: 4, text: 'yes, it is' });
    expect([drive.input(), drive.tab().writing]).toEqual(['a draft', undefined]);
    drive.key('alt-m');
    letters(drive, 'e', 'x');
    drive.key('escape');
    expect(drive.input()).toBe('a draft');
    // What is as it was need not be asked for.
    drive.key('alt-m');
    letters(drive, 'e');
    expect(drive.key('enter')).toEqual([]);
    expect(drive.input()).toBe('a draft');
  });

  test('e does nothing with what somebody else has written', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    letters(drive, 'e');
    expect([hint(drive), picked(drive)]).toEqual(["that message is carol's: you can correct your own", 3]);
  });

  test('a text of ours that begins with a slash is corrected, not run', () => {
    const drive = online([['alice', '/dev/sda is full']]);
    drive.key('alt-m');
    letters(drive, 'e', '!');
    expect(only(drive.key('enter'), 'edit').text).toBe('/dev/sda is full!');
  });

  test('d asks first, and only y deletes', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    for (const no of ['n', 'x', 'd']) {
      expect(letters(drive, 'd', no)).toEqual([]);
      expect(drive.tab().pick).toMatchObject({ seq: 4, step: 'walk' });
    }
    letters(drive, 'd');
    expect(drive.key('enter')).toEqual([]);
    letters(drive, 'd');
    expect(only(letters(drive, 'y'), 'delete')).toMatchObject({ room: '#lobby', seq: 4 });
    expect(picked(drive)).toBeUndefined();
  });

  test('d is for our own messages, and for everybody’s where we keep order', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    letters(drive, 'd');
    expect(hint(drive)).toBe("that message is carol's: you can delete your own");
    const operator = online(TALK, { operator: true });
    operator.key('alt-m', 'up');
    expect(only(letters(operator, 'd', 'y'), 'delete').seq).toBe(3);
  });

  test('+ reacts: by a number, by a name, by an emoji; the same again takes it back', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    expect(only(letters(drive, '+', '4'), 'react')).toMatchObject({ seq: 3, emoji: '🎉', on: true });
    const reactions = [{ emoji: '🎉', users: [user('alice')] }];
    const change = { room: room('#lobby'), rev: 1, seq: seq(3), by: user('alice'), time: at(1), reactions };
    drive.get({ type: 'changed', ...change });
    drive.key('alt-m', 'up');
    letters(drive, 't', 't', 'a', 'd', 'q');
    drive.key('backspace');
    letters(drive, 'a');
    expect(only(drive.key('enter'), 'react')).toMatchObject({ emoji: '🎉', on: false });
    drive.key('alt-m');
    letters(drive, '+', '❤');
    expect(only(drive.key('enter'), 'react')).toMatchObject({ seq: 4, emoji: '❤️', on: true });
  });

  test('a reaction that is none is not sent, and Esc leads back to the message', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    letters(drive, '+', 'q', 'x', 'z');
    expect(drive.key('enter')).toEqual([]);
    expect(hint(drive)).toBe('there is no emoji qxz');
    drive.key('escape');
    expect(drive.tab().pick).toMatchObject({ seq: 4, step: 'walk' });
  });

  test('c copies the text, made harmless, and says how much', () => {
    const drive = online([['bob', 'rm -rf\u001b[2J \u202ex']]);
    drive.key('alt-m');
    letters(drive, 'c');
    expect(copied(drive)).toEqual(['rm -rf�[2J x']);
    expect(hint(drive)).toBe('copied the message: 12 characters');
    expect(picked(drive)).toBeUndefined();
  });

  test('o copies its links, one after the other', () => {
    const drive = online(TALK);
    drive.key('alt-m', 'up');
    letters(drive, 'o');
    expect(hint(drive)).toBe('copied https://box/1  (1 of 2, o: the next)');
    letters(drive, 'o', 'o');
    expect(copied(drive)).toEqual(['https://box/1', 'https://box/2', 'https://box/1']);
    drive.key('up');
    letters(drive, 'o');
    expect(hint(drive)).toBe('there is no link in that message');
  });

  test('u goes to what a message answers', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    letters(drive, 'u');
    expect(picked(drive)).toBe(1);
    letters(drive, 'u');
    expect([picked(drive), hint(drive)]).toEqual([1, 'that message answers no other']);
    const ignoring = online(TALK);
    ignoring.ignored(['bob']);
    ignoring.key('alt-m');
    letters(ignoring, 'u');
    expect([picked(ignoring), hint(ignoring)]).toEqual([4, 'what it answers is left out here']);
  });

  test('u fetches what a message answers from wherever it is, and stands on it when it has come', () => {
    const drive = new Drive({ rows: 12 });
    const opened = only(drive.login([info('#lobby', 300)]), 'history');
    const said = Array.from({ length: 60 }, (_, i): Said => ['bob', `text ${i}`, i === 59 ? { re: seq(2) } : {}]);
    page(drive, { ...opened, before: seq(301) }, said, true);
    drive.key('alt-m');
    const asked = only(letters(drive, 'u'), 'history');
    expect(asked.around).toBe(2);
    // Whatever is typed meanwhile is not for the line.
    letters(drive, 'u');
    expect([picked(drive), drive.input()]).toEqual([2, '']);
    page(
      drive,
      { ...asked, before: seq(21) },
      Array.from({ length: 20 }, (_, i): Said => ['bob', `old ${i + 1}`]),
      true,
    );
    letters(drive, 'r');
    expect(drive.tab().writing).toEqual({ kind: 'reply', to: 2 });
    drive.key('escape', 'alt-m');
    letters(drive, 'G');
    expect(picked(drive)).toBe(300);
    letters(drive, 'u');
    drive.key('escape');
    expect(picked(drive)).toBeUndefined();
  });

  test('g goes to the first message of all, however many there are', () => {
    const drive = new Drive({ rows: 12 });
    const opened = only(drive.login([info('#lobby', 300)]), 'history');
    page(
      drive,
      { ...opened, before: seq(301) },
      Array.from({ length: 60 }, (): Said => ['bob', 'text']),
      true,
    );
    drive.key('alt-m');
    const asked = only(letters(drive, 'g'), 'history');
    expect(asked.since).toBe(0);
    page(
      drive,
      { ...asked, before: seq(21) },
      Array.from({ length: 20 }, (): Said => ['bob', 'old']),
      true,
    );
    expect(picked(drive)).toBe(1);
    // Downwards the pages come as they are needed, too.
    const more = letters(drive, 'j').filter(({ type }) => type === 'history');
    expect(picked(drive)).toBe(2);
    expect(more).toMatchObject([{ since: 20 }]);
  });

  test('a deleted message can be walked to, and nothing be done with it', () => {
    const drive = online([['alice', '', { deleted: true, rev: 1 }]]);
    drive.key('alt-m');
    for (const key of ['r', 'e', 'd', '+', 'c']) {
      expect(letters(drive, key)).toEqual([]);
      expect([key, hint(drive), drive.tab().pick?.step]).toEqual([key, 'that message was deleted', 'walk']);
    }
  });

  test('without a connection nothing is changed, and it is said', () => {
    const drive = online(TALK);
    drive.event({ type: 'linkDown', text: 'the line broke' });
    drive.key('alt-m');
    expect(letters(drive, 'd', 'y')).toEqual([]);
    expect(hint(drive)).toBe('there is no connection now: do it again when there is');
    // An answer waits, as any message does.
    letters(drive, 'r');
    expect(drive.enter('later')).toEqual([]);
    expect(drive.tab().pending).toMatchObject([{ text: 'later', re: 4, state: { kind: 'waiting' } }]);
  });
});

describe('an answer on its way', () => {
  test('keeps what it answers over a reconnect, and is there once', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    letters(drive, 'r');
    const said = only(drive.enter('on it'), 'say');
    drive.event({ type: 'linkDown', text: 'the line broke' });
    drive.pass(60_000);
    drive.tick();
    drive.event({ type: 'linkUp' });
    const again = only(drive.welcome([info('#lobby', 4)]), 'say');
    expect(again).toEqual(said);
    drive.get({ type: 'ack', id: said.id ?? clientId(''), to: room('#lobby'), seq: seq(5), time: at(1) });
    expect(drive.messages().at(-1)).toMatchObject({ text: 'on it', re: 4, seq: 5 });
    expect(drive.tab().pending).toEqual([]);
  });

  test('that is refused is an answer again in the line', () => {
    const drive = online(TALK);
    drive.key('alt-m');
    letters(drive, 'r');
    const { id } = only(drive.enter('on it'), 'say');
    const error = { type: 'error', code: 'no_such_message', text: 'no such message', closes: false } as const;
    drive.get({ ...error, id: id ?? clientId('') });
    expect([drive.input(), drive.tab().writing]).toEqual(['on it', { kind: 'reply', to: 4 }]);
  });

  test('to us calls us, as our name would', () => {
    const drive = online(TALK);
    drive.get({ type: 'room', room: info('#dev') });
    drive.key('alt-2');
    const heard = (place: number, re: number) =>
      drive.get({
        type: 'message',
        to: room('#lobby'),
        seq: seq(place),
        from: user('bob'),
        text: 'right',
        time: at(1),
        re: seq(re),
      });
    heard(5, 3);
    expect(drive.tab().mentioned).toBe(false);
    heard(6, 2);
    expect(drive.tab().mentioned).toBe(true);
  });
});

test('a correction that the server refuses is in the line again, and why', () => {
  const drive = online(TALK);
  drive.key('alt-m');
  letters(drive, 'e', '!');
  const { id } = only(drive.key('enter'), 'edit');
  const error = { type: 'error', text: 'The message has been deleted.', closes: false } as const;
  drive.get({ ...error, code: 'deleted', id: id ?? clientId('') });
  expect([drive.input(), hint(drive)]).toEqual(['yes!', 'not changed: The message has been deleted.']);
});

test('a correction that comes too early goes again by itself', () => {
  const drive = online(TALK);
  drive.key('alt-m');
  letters(drive, 'e', '!');
  const asked = only(drive.key('enter'), 'edit');
  const error = { type: 'error', text: 'too many', closes: false } as const;
  drive.get({ ...error, code: 'rate_limited', id: asked.id ?? clientId('') });
  drive.pass(2000);
  expect(
    drive.tick().flatMap((one) => (one.do === 'send' && one.message.type === 'edit' ? [one.message] : [])),
  ).toEqual([asked]);
});
