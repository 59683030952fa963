import { describe, expect, test } from 'vitest';
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import { MAX_CHAT_TABS } from '../../../src/client/core/tabs.ts';
import { Drive, groupId, info, OPEN, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};

const bells = (drive: Drive): number => drive.effects.filter((effect) => effect.do === 'bell').length;

const ended = (text: string) => ({ kind: 'ended', text }) as const;

/** The server has confirmed what we said. */
function delivered(drive: Drive, chat: string): void {
  const { id } = drive.told('say').at(-1) ?? {};
  if (id === undefined) throw new Error('nothing was said');
  drive.tell({ type: 'delivered', chat: groupId(chat), id, time: drive.env.now });
}

describe('a private chat that we ask for', () => {
  test('has a tab of its own from the start, and waits there', () => {
    const drive = online();
    drive.enter('/private bob');
    expect(drive.active()).toBe('=bob');
    const { chat, status } = drive.chat('bob');
    expect(status).toMatchObject({ kind: 'asked', ours: true, until: drive.mono + 120_000 });
    expect(drive.told('ask')).toEqual([{ do: 'ask', chat, to: 'bob', plain: false }]);
  });

  test('says so when it begins, and rings where one has gone elsewhere meanwhile', () => {
    const drive = online();
    drive.enter('/private bob');
    drive.key('alt-1');
    drive.chatIs('bob', { kind: 'opening' }, { chat: drive.chat('bob').chat });
    expect(bells(drive)).toBe(0);
    drive.chatIs('bob', OPEN, { chat: drive.chat('bob').chat });
    expect(drive.notices('=bob')).toEqual(['the private chat with bob begins']);
    expect(drive.state.hint?.text).toBe('the private chat with bob is open: Alt-3');
    expect(bells(drive)).toBe(1);
    drive.chatIs('bob', { ...OPEN, path: 'direct' }, { chat: drive.chat('bob').chat });
    expect(drive.notices('=bob')).toHaveLength(1);
  });

  test('that is not encrypted says so when it begins, too', () => {
    const drive = online();
    drive.talk('bob', true);
    expect(drive.told('ask')[0]?.plain).toBe(true);
    expect(drive.chat('bob').plain).toBe(true);
    expect(drive.notices('=bob')[0]).toContain('NOT ENCRYPTED');
  });

  test('that could not be made ends with the reason', () => {
    const drive = online();
    drive.enter('/private bob');
    const { chat } = drive.chat('bob');
    drive.tell({ type: 'refused', chat, person: user('bob'), text: 'bob is not here' });
    expect(drive.chat('bob').status).toEqual(ended('bob is not here'));
    expect(drive.notices('=bob')).toEqual(['bob is not here']);
  });

  test('is taken back at once, even before it has left', () => {
    const drive = online();
    drive.enter('/private bob');
    const { chat } = drive.chat('bob');
    drive.enter('/end');
    expect(drive.told('end')).toEqual([{ do: 'end', chat }]);
    expect(drive.chat('bob').status).toEqual(ended('you took the request back'));
    drive.chatIs('bob', { kind: 'asked', ours: true, until: 1, addresses: [] }, { chat });
    expect(drive.chat('bob').status.kind).toBe('ended');
    expect(drive.told('end')).toHaveLength(2);
  });

  test('gives way to a request of theirs that was quicker', () => {
    const drive = online();
    drive.enter('/private bob');
    const { chat } = drive.chat('bob');
    drive.asks('bob', { chat: 'theirs' });
    expect(drive.chat('bob')).toMatchObject({ chat: 'theirs', status: { kind: 'asked', ours: false } });
    drive.tell({ type: 'refused', chat, person: user('bob'), text: 'bob is asking you already' });
    expect(drive.chat('bob').status.kind).toBe('asked');
    expect(drive.notices('=bob')).toEqual([]);
  });
});

describe('a request of theirs', () => {
  test('opens a tab in the background, says where it is, and rings', () => {
    const drive = online();
    drive.asks('carol');
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '=carol']);
    expect(drive.active()).toBe('#lobby');
    expect(drive.state.hint?.text).toBe('carol asks for a private chat: Alt-3');
    expect(bells(drive)).toBe(1);
  });

  test.each(['blocked', 'muted'])('of somebody %s is not shown, and nothing is answered', (how) => {
    const drive = online();
    drive.ignored(how === 'blocked' ? ['carol'] : [], how === 'muted' ? [{ user: user('carol') }] : []);
    drive.asks('carol');
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
    expect(bells(drive)).toBe(0);
    expect(drive.told('reject')).toEqual([]);
    drive.chatIs('carol', ended('you have not answered'));
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
  });

  test.each([
    ['a', false],
    ['o', true],
  ])('is accepted by %s in its tab, once (address hidden: %s)', (letter, hideAddress) => {
    const drive = online();
    drive.asks('carol');
    drive.key('alt-3');
    drive.type(letter);
    drive.type(letter);
    expect(drive.told('accept')).toEqual([{ do: 'accept', chat: 'chat of carol', hideAddress }]);
    expect(drive.chat('carol').status.kind).toBe('opening');
    // The second one is writing already.
    expect(drive.input()).toBe(letter);
  });

  test('is rejected by r', () => {
    const drive = online();
    drive.asks('carol');
    drive.key('alt-3');
    drive.type('r');
    expect(drive.told('reject')).toEqual([{ do: 'reject', chat: 'chat of carol' }]);
    drive.chatIs('carol', ended('you said no'));
    expect(drive.notices('=carol')).toEqual(['you said no']);
  });

  test('is not answered by a letter of what is being written', () => {
    const drive = online();
    drive.asks('carol');
    drive.key('alt-3');
    drive.type('x');
    drive.type('a');
    expect(drive.input()).toBe('xa');
    expect(drive.told('accept')).toEqual([]);
  });

  test('that comes into the tab in which one is writing is not answered by the next letter', () => {
    const drive = online();
    const chat = drive.talk('carol');
    drive.chatIs('carol', ended('carol ended the chat'), { chat });
    drive.asks('carol', { chat: 'second' });
    drive.type('a');
    expect(drive.told('accept')).toEqual([]);
    expect(drive.input()).toBe('a');
    drive.key('backspace');
    drive.pass(LETTERS_AFTER_MS);
    drive.type('a');
    expect(drive.told('accept')).toMatchObject([{ chat: 'second' }]);
  });

  test('for a chat that is not encrypted has to be agreed to in words', () => {
    const drive = online();
    drive.asks('carol', { plain: true });
    drive.key('alt-3');
    drive.enter('/accept');
    expect(drive.state.hint?.text).toContain('/accept carol --plain');
    drive.key('ctrl-u');
    drive.type('a');
    expect(drive.told('accept')).toEqual([]);
    expect(drive.input()).toBe('/accept carol --plain');
    drive.key('enter');
    expect(drive.told('accept')).toHaveLength(1);
  });

  test.each(['a', '/accept'])('from a key that has changed is not accepted by %s', (how) => {
    const drive = online();
    drive.asks('carol', { trust: 'changed' });
    drive.key('alt-3');
    if (how === 'a') drive.type('a');
    else drive.enter(how);
    expect(drive.told('accept')).toEqual([]);
    expect(drive.state.hint?.text).toContain('/accept-key carol');
  });

  test('that is over unanswered says so in its tab, and rings no more', () => {
    const drive = online();
    drive.asks('carol');
    drive.pass(120_000);
    drive.chatIs('carol', ended('carol took the request back'));
    expect(drive.notices('=carol')).toEqual(['carol took the request back']);
    expect(bells(drive)).toBe(1);
  });

  test('of somebody whose messages are left out is not heard of, but there when one asks them oneself', () => {
    const drive = online();
    drive.ignored(['carol']);
    drive.asks('carol');
    expect(drive.tabs()).not.toContain('=carol');
    expect(bells(drive)).toBe(0);
    drive.enter('/private carol');
    expect(drive.active()).toBe('=carol');
    expect(drive.told('ask')).toEqual([]);
    drive.enter('/accept');
    expect(drive.told('accept')).toEqual([{ do: 'accept', chat: 'chat of carol', hideAddress: false }]);
  });

  test('of somebody whose messages were left out is heard of when they no longer are, unless it is over', () => {
    const drive = online();
    drive.ignored(['carol', 'dave']);
    drive.asks('carol');
    drive.asks('dave');
    drive.chatIs('dave', ended('dave took the request back'));
    drive.ignored([]);
    expect(drive.chat('carol').status).toMatchObject({ kind: 'asked', ours: false });
    expect(drive.tabs()).not.toContain('=dave');
    drive.ignored(['dave']);
    drive.asks('dave');
    drive.chatIs('dave', ended('dave took the request back'));
    drive.enter('/private dave');
    expect(drive.told('ask')).toMatchObject([{ to: 'dave' }]);
  });

  test('that comes again when they are back is asked again', () => {
    const drive = online();
    drive.asks('carol');
    drive.chatIs('carol', ended('carol has left'));
    drive.pass(60_000);
    drive.asks('carol');
    expect(drive.told('end')).toEqual([]);
    expect(drive.chat('carol').status).toMatchObject({ kind: 'asked', ours: false });
    expect(bells(drive)).toBe(2);
  });

  test('while there is a chat with them is told no, and the chat stays', () => {
    const drive = online();
    const chat = drive.talk('carol');
    drive.asks('carol', { chat: 'second', plain: true });
    expect(drive.told('reject')).toEqual([{ do: 'reject', chat: 'second' }]);
    expect(drive.chat('carol')).toMatchObject({ chat, plain: false, status: { kind: 'open' } });
    expect(drive.notices('=carol').at(-1)).toContain('another private chat (not encrypted)');
  });

  test('of more people than there are tabs for closes one that has ended, else it is told no', () => {
    const drive = online();
    drive.asks('u0');
    drive.chatIs('u0', ended('u0 has left'));
    for (let i = 1; i <= MAX_CHAT_TABS; i++) drive.asks(`u${i}`);
    expect(drive.tabs()).not.toContain('=u0');
    drive.asks('late');
    expect(drive.tabs()).not.toContain('=late');
    expect(drive.told('reject')).toEqual([{ do: 'reject', chat: 'chat of late' }]);
    expect(drive.notices()[0]).toContain('late asked for a private chat');
  });
});

describe('in a private chat', () => {
  test('what we say goes to the messenger, and stands in the log when it has arrived', () => {
    const drive = online();
    const chat = drive.talk('bob');
    expect(drive.enter('hello')).toEqual([]);
    expect(drive.told('say')).toMatchObject([{ chat, text: 'hello' }]);
    expect(drive.chat('bob').pending).toMatchObject([{ text: 'hello', state: { kind: 'sending' } }]);
    delivered(drive, chat);
    expect(drive.chat('bob').pending).toEqual([]);
    expect(drive.messages('=bob')).toMatchObject([{ from: 'alice', text: 'hello' }]);
  });

  test('what they say is unread, speaks to us, and rings', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.key('alt-1');
    drive.says(chat, 'psst');
    expect(drive.chat('bob')).toMatchObject({ unread: 1, mentioned: true });
    expect(drive.messages('=bob')).toMatchObject([{ from: 'bob', text: 'psst' }]);
    expect(bells(drive)).toBe(1);
    drive.key('alt-3');
    expect(drive.chat('bob')).toMatchObject({ unread: 0, mentioned: false });
  });

  test('nothing waits for the server: it may be direct', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter('one');
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(drive.chat('bob').pending).toMatchObject([{ state: { kind: 'sending' } }]);
    drive.enter('two');
    expect(drive.told('say')).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    drive.event({ type: 'linkUp' });
    drive.says(chat, 'still here');
    expect(drive.texts('=bob')).toEqual(['still here']);
  });

  test('what the program itself has to say stands there', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.tell({ type: 'chatNote', chat: groupId(chat), text: 'the chat is direct now', bad: false });
    expect(drive.notices('=bob').at(-1)).toBe('the chat is direct now');
  });

  test('the text can be given from anywhere', () => {
    const drive = online();
    drive.talk('bob');
    drive.key('alt-1');
    drive.enter('/private bob are you there?');
    expect(drive.told('say')).toMatchObject([{ text: 'are you there?' }]);
    expect(drive.active()).toBe('#lobby');
    expect(drive.state.hint?.text).toBe('said to bob in private');
  });

  test('that has ended, what had not arrived is refused, and can be sent again in the next', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter('hello');
    drive.chatIs('bob', ended('bob ended the chat'), { chat });
    expect(drive.notices('=bob')).toContain('bob ended the chat');
    expect(drive.chat('bob').pending).toMatchObject([{ text: 'hello', state: { kind: 'refused' } }]);
    drive.enter('/retry');
    expect(drive.state.hint?.text).toContain('this chat has ended');
    drive.key('ctrl-u');
    const next = drive.talk('bob');
    expect(next).not.toBe(chat);
    drive.enter('/retry');
    expect(drive.told('say').at(-1)).toMatchObject({ chat: next, text: 'hello' });
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '=bob']);
  });

  test.each([
    ['asked by us', "hasn't answered yet", (drive: Drive): void => void drive.enter('/private bob')],
    ['asked by them', '/accept or /reject', (drive: Drive): void => void drive.asks('bob')],
    [
      'being opened',
      'is being opened',
      (drive: Drive): void => {
        drive.asks('bob');
        drive.chatIs('bob', { kind: 'opening' });
      },
    ],
    [
      'ended',
      '/private bob asks for another',
      (drive: Drive): void => void drive.chatIs('bob', ended('bob has left'), { chat: drive.talk('bob') }),
    ],
    [
      'with a key that has changed',
      '/accept-key bob',
      (drive: Drive): void => void drive.chatIs('bob', OPEN, { chat: drive.talk('bob'), trust: 'changed' }),
    ],
  ])('%s, nothing can be said: it stays in the line', (_, words, set) => {
    const drive = online();
    set(drive);
    drive.key('alt-3');
    drive.enter('hello');
    expect(drive.input()).toBe('hello');
    expect(drive.state.hint?.text).toContain(words);
    expect(drive.told('say')).toEqual([]);
  });

  test('counts what has not arrived as unsent when one quits', () => {
    const drive = online();
    drive.talk('bob');
    drive.enter('hello');
    drive.enter('/quit');
    expect(drive.state.hint?.text).toContain('1 message has not been sent');
  });

  test('is left with its tab, and what is heard of it later opens none', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter('/leave');
    expect(drive.told('end')).toEqual([{ do: 'end', chat }]);
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
    drive.chatIs('bob', { ...OPEN, path: 'direct' }, { chat });
    drive.chatIs('bob', ended('you ended the chat'), { chat });
    drive.says(chat, 'too late');
    expect(drive.tabs()).toEqual(['#lobby', '#dev']);
  });

  test('all end when private chats do in this program', () => {
    const drive = online();
    drive.talk('bob');
    drive.tell({ type: 'available', available: false, text: 'the disk is full' });
    expect(drive.chat('bob').status.kind).toBe('ended');
    expect(drive.notices('=bob').at(-1)).toContain('the disk is full');
  });
});
