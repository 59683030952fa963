import { describe, expect, test } from 'vitest';
import { Drive, sent, types } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login();
  return drive;
};
const byes = (drive: Drive): number => types(sent(drive.effects)).filter((type) => type === 'bye').length;

describe('Ctrl-C', () => {
  test('wipes away a line that is being written, which undo brings back, and leaves only from an empty one', () => {
    const drive = online();
    drive.paste('one\ntwo\nthree');
    drive.key('ctrl-c');
    expect([drive.input(), byes(drive)]).toEqual(['', 0]);
    expect(drive.state.hint?.text).toBe('Ctrl-_ brings it back, Ctrl-C quits');
    drive.key('ctrl-_');
    expect(drive.input()).toBe('one\ntwo\nthree');
    drive.key('ctrl-c', 'ctrl-c');
    expect(byes(drive)).toBe(1);
  });

  test('while a private chat is open asks once, and any other key takes it back', () => {
    const drive = online();
    drive.talk('bob');
    drive.key('ctrl-c');
    expect(byes(drive)).toBe(0);
    expect(drive.state.hint).toEqual({ text: 'a private chat with bob ends: Ctrl-C once more', bad: true });
    drive.key('left', 'ctrl-c');
    expect(byes(drive)).toBe(0);
    drive.key('ctrl-c');
    expect(byes(drive)).toBe(1);
  });

  test('does not ask for a chat that has ended, or that is only asked for', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.chatIs('bob', { kind: 'ended', text: 'bob has ended it' }, { chat });
    drive.asks('carol');
    drive.key('ctrl-c');
    expect(byes(drive)).toBe(1);
  });

  test('says how many, where there are several', () => {
    const drive = online();
    drive.talk('bob');
    drive.talk('carol');
    drive.key('ctrl-c');
    expect(drive.state.hint?.text).toBe('2 private chats end: Ctrl-C once more');
  });
});
