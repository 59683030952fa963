import { describe, expect, test } from 'vitest';
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import { Drive, deviceId, info, OPEN, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

const number = (drive: Drive, device = 'phone', more = 0): void =>
  void drive.tell({
    type: 'safetyNumber',
    person: user('bob'),
    device: deviceId(device),
    digits: '1'.repeat(60),
    more,
  });

describe('a key that has changed', () => {
  test('is told in their tabs, once, and rings', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.talk('bob');
    drive.forgetTold();
    for (let i = 0; i < 2; i++) drive.tell({ type: 'trust', person: user('bob'), trust: 'changed' });
    for (const name of ['bob', '=bob']) {
      expect(drive.notices(name).filter((text) => text.startsWith('KEY CHANGED'))).toHaveLength(1);
    }
    expect(drive.effects.filter((effect) => effect.do === 'bell')).toHaveLength(1);
    expect(drive.person('bob').trust).toBe('changed');
    expect(drive.chat('bob').trust).toBe('changed');
  });

  test.each(['hello', '/msg bob hello'])('keeps %s in the line, and says what to do', (line) => {
    const drive = online();
    drive.enter('/msg bob');
    drive.tell({ type: 'trust', person: user('bob'), trust: 'changed' });
    drive.enter(line);
    expect(drive.input()).toBe(line);
    expect(drive.state.hint?.text).toContain('/accept-key bob');
    expect(drive.told('mail')).toEqual([]);
  });

  test('is accepted by /accept-key, and then one can write', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.tell({ type: 'trust', person: user('bob'), trust: 'changed' });
    drive.enter('/accept-key');
    expect(drive.told('acceptKey')).toEqual([{ do: 'acceptKey', user: 'bob' }]);
    drive.tell({ type: 'trust', person: user('bob'), trust: 'first' });
    drive.tell({ type: 'told', person: user('bob'), text: "a new key counts as bob's", bad: false });
    expect(drive.notices('bob').at(-1)).toBe("a new key counts as bob's");
    drive.enter('hello');
    expect(drive.told('mail')).toMatchObject([{ text: 'hello' }]);
  });

  test('changes nothing in a chat that is not encrypted anyway', () => {
    const drive = online();
    const chat = drive.talk('bob', true);
    drive.chatIs('bob', OPEN, { chat, plain: true, trust: 'changed' });
    drive.enter('hello');
    expect(drive.told('say')).toMatchObject([{ text: 'hello' }]);
  });
});

describe('comparing numbers', () => {
  test('lays them over the room, and v says that they are equal', () => {
    const drive = online();
    drive.enter('/verify bob');
    expect(drive.told('verify')).toEqual([{ do: 'verify', user: 'bob' }]);
    number(drive);
    expect(drive.state.overlay).toMatchObject({ kind: 'verify', person: 'bob', device: 'phone', more: 0 });
    drive.pass(LETTERS_AFTER_MS);
    drive.type('v');
    expect(drive.told('compared')).toEqual([{ do: 'compared', user: 'bob', device: 'phone', equal: true }]);
    expect(drive.state.overlay).toBeUndefined();
    number(drive, 'another, which nobody has asked for');
    expect(drive.state.overlay).toBeUndefined();
  });

  test('n says that they differ', () => {
    const drive = online();
    drive.enter('/verify bob');
    number(drive);
    drive.pass(LETTERS_AFTER_MS);
    drive.type('n');
    expect(drive.told('compared')).toMatchObject([{ equal: false }]);
    expect(drive.state.overlay).toBeUndefined();
  });

  test('goes on with their next device, which comes by itself', () => {
    const drive = online();
    drive.enter('/verify bob');
    number(drive, 'phone', 1);
    drive.pass(LETTERS_AFTER_MS);
    drive.type('v');
    drive.tell({
      type: 'told',
      person: user('bob'),
      text: 'bob is verified on this device; 1 more to compare',
      bad: false,
    });
    number(drive, 'desk', 0);
    expect(drive.state.overlay).toMatchObject({ device: 'desk' });
  });

  test('is no business of a letter that was on its way when they came, nor of any other', () => {
    const drive = online();
    drive.enter('/verify bob');
    number(drive);
    drive.type('v');
    drive.pass(LETTERS_AFTER_MS);
    drive.type('x');
    drive.paste('v v');
    expect(drive.told('compared')).toEqual([]);
    expect(drive.input()).toBe('');
    expect(drive.state.overlay?.kind).toBe('verify');
  });

  test('is left for later by Esc, and by what leads elsewhere', () => {
    for (const key of ['escape', 'enter', 'alt-1']) {
      const drive = online();
      drive.enter('/verify bob');
      number(drive);
      drive.key(key);
      expect(drive.state.overlay).toBeUndefined();
      expect(drive.told('compared')).toEqual([]);
    }
  });

  test('is not begun by numbers that nobody has asked for, or after it could not be', () => {
    const drive = online();
    number(drive);
    drive.enter('/verify bob');
    drive.tell({ type: 'told', person: user('bob'), text: 'bob has no device', bad: true });
    number(drive);
    expect(drive.state.overlay).toBeUndefined();
    expect(drive.notices()).toEqual(['bob has no device']);
  });
});

describe('what the messenger has to say', () => {
  test('stands where it was asked for, wherever one has gone meanwhile', () => {
    const drive = online();
    drive.enter('/dhkey bob');
    drive.enter('/msg bob');
    drive.tell({ type: 'told', person: user('bob'), text: 'SHA256:abc', bad: false });
    expect(drive.notices()).toEqual(['SHA256:abc']);
    drive.key('alt-1');
    drive.tell({ type: 'told', person: user('bob'), text: 'unasked', bad: false });
    expect(drive.notices('bob')).toEqual(['unasked']);
    drive.tell({ type: 'told', text: 'about nobody', bad: false });
    expect(drive.notices().at(-1)).toBe('about nobody');
  });
});
