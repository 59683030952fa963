import { describe, expect, test } from 'vitest';
import type { MessageChange } from '../../../src/peer/message-change.ts';
import { TYPING_EVERY_MS } from '../../../src/protocol/limits.ts';
import { at, clientId, Drive, groupId, info, START, user } from './drive.ts';

const [ALICE, BOB] = [user('alice'), user('bob')];

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

const typed = (drive: Drive, ...texts: readonly string[]): void => {
  for (const text of texts) drive.type(text);
};
const hint = (drive: Drive): string => drive.state.hint?.text ?? '';

/** A chat in which bob has said `lunch?`, and we `at noon`. */
function talking() {
  const drive = online();
  const chat = groupId(drive.talk('bob'));
  drive.tell({ type: 'said', chat, id: clientId('b1'), text: 'lunch?', time: at(START) });
  drive.enter('at noon');
  const { id } = drive.told('say').at(-1) ?? { id: clientId('') };
  drive.tell({ type: 'delivered', chat, id, time: at(START) });
  drive.forgetTold();
  const theirs = { from: BOB, id: clientId('b1') };
  const changed = (by: typeof BOB, of: typeof theirs, change: MessageChange) =>
    drive.tell({ type: 'changed', chat, of, by, change });
  return { drive, chat, ours: { from: ALICE, id }, theirs, changed };
}

describe('in a private chat', () => {
  test('the keys of message mode ask for changes, by the ids of messages', () => {
    const { drive, chat, ours, theirs } = talking();
    drive.key('alt-m');
    typed(drive, 'e', '!');
    drive.key('enter');
    expect(drive.told('change')).toEqual([
      { do: 'change', chat, of: ours, change: { kind: 'edit', text: 'at noon!' } },
    ]);
    drive.key('alt-m', 'up');
    typed(drive, '+', '1');
    drive.enter('/delete');
    drive.enter('/delete');
    expect(drive.told('change').slice(1)).toEqual([
      { do: 'change', chat, of: theirs, change: { kind: 'react', emoji: '👍', on: true } },
      { do: 'change', chat, of: ours, change: { kind: 'delete' } },
    ]);
  });

  test('nothing is another before the other side has it, and then it is', () => {
    const { drive, ours, theirs, changed } = talking();
    drive.enter('/correct at one');
    expect(drive.texts('=bob')).toEqual(['lunch?', 'at noon']);
    changed(ALICE, ours, { kind: 'edit', text: 'at one', time: at(7) });
    changed(BOB, ours, { kind: 'react', emoji: '👍', on: true });
    expect(drive.messages('=bob')[1]).toMatchObject({
      text: 'at one',
      edited: 7,
      reactions: [{ emoji: '👍', users: [BOB] }],
    });
    changed(BOB, ours, { kind: 'react', emoji: '👍', on: false });
    expect(drive.messages('=bob')[1]?.reactions).toBeUndefined();
    changed(BOB, theirs, { kind: 'delete' });
    expect(drive.messages('=bob')[0]).toMatchObject({ text: '', deleted: true, deletedBy: BOB });
  });

  test('only what its author says of a message counts', () => {
    const { drive, ours, theirs, changed } = talking();
    changed(BOB, ours, { kind: 'edit', text: 'never said', time: at(7) });
    changed(BOB, ours, { kind: 'delete' });
    changed(BOB, { from: user('carol'), id: theirs.id }, { kind: 'delete' });
    expect(drive.texts('=bob')).toEqual(['lunch?', 'at noon']);
    drive.key('alt-m', 'up');
    typed(drive, 'd');
    expect(hint(drive)).toBe("that message is bob's: you can delete your own");
    // Who keeps order in the rooms keeps none here.
    drive.state.operator = true;
    typed(drive, 'd');
    expect(hint(drive)).toBe("that message is bob's: you can delete your own");
  });

  test('an answer says which message it is for, and stands with it on both sides', () => {
    const { drive, chat, theirs } = talking();
    drive.enter('/reply see you');
    const { id, re } = drive.told('say').at(-1) ?? { id: clientId('') };
    expect(re).toEqual(theirs);
    drive.tell({ type: 'delivered', chat, id, time: at(START) });
    const [first, , answer] = drive.messages('=bob');
    expect(answer).toMatchObject({ text: 'see you', re: first?.seq });
    drive.tell({ type: 'said', chat, id: clientId('b2'), text: 'yes', time: at(START), re: { from: ALICE, id } });
    expect(drive.messages('=bob').at(-1)?.re).toBe(answer?.seq);
    // One that is not here any more, or never was.
    drive.tell({
      type: 'said',
      chat,
      id: clientId('b3'),
      text: 'hm',
      time: at(START),
      re: { from: BOB, id: clientId('?') },
    });
    expect(drive.messages('=bob').at(-1)).toMatchObject({ text: 'hm' });
    expect(drive.messages('=bob').at(-1)?.re).toBeUndefined();
  });

  test('that we write is told, as to a room, and only while it is open', () => {
    const { drive, chat } = talking();
    drive.pass(TYPING_EVERY_MS);
    typed(drive, 'a', 'b');
    expect(drive.told('typing')).toEqual([{ do: 'typing', chat }]);
    drive.pass(TYPING_EVERY_MS);
    drive.chatIs('bob', { kind: 'ended', text: 'bob ended the chat' }, { chat });
    typed(drive, 'c');
    expect(drive.told('typing')).toHaveLength(1);
  });

  test('that they write is seen until it is here', () => {
    const { drive, chat } = talking();
    drive.tell({ type: 'typing', chat });
    expect(drive.chat('bob').typing.map(({ name }) => name)).toEqual(['bob']);
    drive.says(chat, 'here');
    expect(drive.chat('bob').typing).toEqual([]);
    drive.tell({ type: 'typing', chat: groupId('another') });
  });

  test('that has ended messages stay, and it is said why', () => {
    const { drive, chat } = talking();
    drive.chatIs('bob', { kind: 'ended', text: 'bob ended the chat' }, { chat });
    drive.enter('/delete');
    expect(hint(drive)).toContain('this chat has ended');
    expect(drive.told('change')).toEqual([]);
  });
});

describe('by mail', () => {
  /** Bob has written `the disk`, and we `which?`. */
  function written() {
    const drive = online();
    drive.mail(1, 'the disk', 'bob', { id: clientId('b1') });
    drive.key('alt-2');
    drive.enter('which?');
    const { id } = drive.told('mail').at(-1) ?? { id: clientId('') };
    drive.mailed(id);
    drive.forgetTold();
    const changed = (by: typeof BOB, id_: string, change: MessageChange, n = 0) => {
      if (n > 0) drive.sealed(n);
      const what = { of: { from: by, id: clientId(id_) }, change };
      return drive.tell({ type: 'mailChanged', n, id: clientId(`c-${n}`), person: BOB, by, what });
    };
    return { drive, id, changed };
  }

  test('changes are asked for under ids of their own, and shown when they are on their way', () => {
    const { drive, id } = written();
    drive.enter('/correct which one?');
    const [asked] = drive.told('changeMail');
    expect(asked).toEqual({
      do: 'changeMail',
      id: asked?.id,
      to: 'bob',
      of: { from: 'alice', id },
      change: { kind: 'edit', text: 'which one?' },
    });
    expect(drive.texts('bob')).toEqual(['the disk', 'which?']);
    const what = { of: { from: ALICE, id }, change: { kind: 'edit', text: 'which one?', time: at(7) } } as const;
    drive.tell({ type: 'mailChanged', n: 0, id: asked?.id ?? id, person: BOB, by: ALICE, what });
    expect(drive.texts('bob')).toEqual(['the disk', 'which one?']);
  });

  test('theirs is no news, counts as read when what is before it is, and is known when it comes again', () => {
    const { drive, changed } = written();
    drive.key('alt-1');
    changed(BOB, 'b1', { kind: 'edit', text: 'the disk is full', time: at(7) }, 2);
    expect(drive.texts('bob')).toEqual(['the disk is full', 'which?']);
    expect(drive.person('bob').unread).toBe(0);
    drive.pass(1000);
    expect(drive.tick()).toContainEqual({ do: 'send', message: { type: 'received', n: 2 } });
    changed(BOB, 'b1', { kind: 'edit', text: 'late', time: at(8) }, 2);
    expect(drive.texts('bob')).toEqual(['the disk is full', 'which?']);
  });

  test('of somebody without a tab opens none', () => {
    const drive = online();
    const what = { of: { from: BOB, id: clientId('old') }, change: { kind: 'delete' } } as const;
    drive.sealed(1);
    drive.tell({ type: 'mailChanged', n: 1, id: clientId('c1'), person: BOB, by: BOB, what });
    expect(drive.tabs()).toEqual(['#lobby']);
  });

  test('one that can not go is given up, and said so', () => {
    const { drive } = written();
    drive.enter('/delete');
    drive.enter('/delete');
    const { id } = drive.told('changeMail')[0] ?? { id: clientId('') };
    drive.tell({ type: 'notMailed', id, to: BOB, code: 'no_packages', text: 'bob must be here once', wait: true });
    expect(drive.told('unmail')).toEqual([{ do: 'unmail', id }]);
    expect(hint(drive)).toBe('the message was not changed: bob must be here once');
    expect(drive.texts('bob')).toEqual(['the disk', 'which?']);
  });

  test('one under way is waited for, and if it never arrives that is said', () => {
    const { drive, id } = written();
    for (const text of ['one', 'two']) drive.enter(`/correct ${text}`);
    const [first, second] = drive.told('changeMail').map((asked) => asked.id);
    for (const own of [first, second]) {
      const what = { of: { from: ALICE, id }, change: { kind: 'edit', text: `${own}`, time: at(7) } } as const;
      drive.tell({ type: 'mailChanged', n: 0, id: own ?? id, person: BOB, by: ALICE, what });
    }
    drive.mailed(first ?? id);
    const failed = { type: 'notMailed', to: BOB, code: 'no_device', text: 'the device is not there any more' } as const;
    drive.tell({ ...failed, id: first ?? id, wait: false });
    drive.tell({ ...failed, id: second ?? id, wait: true });
    expect(hint(drive)).toBe('');
    drive.tell({ ...failed, id: second ?? id, wait: false });
    expect(hint(drive)).toBe('the message is another here, but not for bob: the device is not there any more');
    expect(drive.told('unmail')).toEqual([]);
  });

  test('without a connection nothing is asked for', () => {
    const { drive } = written();
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.enter('/correct later');
    expect(hint(drive)).toBe('there is no connection now: do it again when there is');
  });

  test('a message that was taken back before it came rings for nobody', () => {
    const drive = online();
    drive.mail(1, '', 'bob', { deleted: true });
    expect(drive.messages('bob')).toMatchObject([{ text: '', deleted: true }]);
    expect(drive.person('bob').unread).toBe(0);
    expect(drive.effects.filter(({ do: what }) => what === 'bell')).toEqual([]);
  });

  test('that somebody writes is told to nobody', () => {
    const { drive } = written();
    typed(drive, 'a', 'b');
    expect(drive.told('typing')).toEqual([]);
  });

  test('what the log gives is as it is by now, and an answer stands with its message', () => {
    const drive = online();
    drive.enter('/msg bob');
    const record = { from: BOB, time: at(1) };
    drive.tell({
      type: 'history',
      person: BOB,
      records: [
        {
          ...record,
          at: 3,
          id: clientId('o3'),
          text: 'better',
          edited: at(7),
          reactions: [{ emoji: '👍', users: [ALICE] }],
        },
        { ...record, at: 4, id: clientId('o4'), text: '', deleted: true },
        { ...record, at: 5, id: clientId('o5'), text: 'so', re: { from: BOB, id: clientId('o3') }, reAt: 3 },
      ],
      more: false,
    });
    const [edited, deleted, answer] = drive.messages('bob');
    expect(edited).toMatchObject({ text: 'better', edited: 7, reactions: [{ emoji: '👍', users: ['alice'] }] });
    expect(deleted).toMatchObject({ text: '', deleted: true });
    expect(answer?.re).toBe(edited?.seq);
    drive.key('alt-m');
    typed(drive, 'u');
    expect(drive.person('bob').pick?.seq).toBe(edited?.seq);
  });
});
