import { describe, expect, test } from 'vitest';
import { Drive, info } from './drive.ts';

const locked = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  drive.tell({ type: 'locked', locked: true, waiting: 0 });
  return drive;
};

const answer = (drive: Drive, text: string, bad: boolean): void =>
  void drive.tell({ type: 'told', about: 'unlock', text, bad });

describe('the passphrase of the log', () => {
  test('that was mistyped is asked for again, masked; what is typed then is no message', () => {
    const drive = locked();
    drive.enter('/unlock');
    drive.enter('wrong horse');
    answer(drive, 'that is not the passphrase of your log', true);
    expect(drive.state.prompt).toMatchObject({ bad: true, length: 0 });
    expect(drive.state.prompt?.text).toContain('that is not the passphrase of your log. Passphrase of');
    expect(drive.enter('right horse')).toEqual([]);
    expect(drive.told('unlock').map(({ passphrase }) => passphrase.reveal())).toEqual(['wrong horse', 'right horse']);
    answer(drive, 'your log is open', false);
    drive.tell({ type: 'locked', locked: false, waiting: 0 });
    expect(drive.state.prompt).toBeUndefined();
    expect(drive.notices()).toEqual(['your log is open']);
    expect(JSON.stringify([drive.state.tabs, drive.state.inner.sent])).not.toContain('horse');
  });

  test('while it is tried, the prompt stays and takes nothing', () => {
    const drive = locked();
    drive.enter('/unlock');
    drive.enter('right horse');
    expect(drive.state.prompt?.text).toContain('Opening your log');
    expect(drive.enter('too early')).toEqual([]);
    drive.paste('too early');
    expect(drive.state.prompt).toMatchObject({ bad: false, length: 0 });
    expect(drive.told('unlock')).toHaveLength(1);
    expect([drive.input(), drive.state.inner.secret?.typed]).toEqual(['', '']);
  });

  test('is left by Esc at any time, and the answer is told all the same', () => {
    const drive = locked();
    drive.enter('/unlock');
    drive.enter('wrong horse');
    drive.key('escape');
    expect(drive.state.prompt).toBeUndefined();
    answer(drive, 'that is not the passphrase of your log', true);
    expect(drive.state.prompt).toBeUndefined();
    expect(drive.notices()).toEqual(['that is not the passphrase of your log']);
  });

  test('is no more asked for when private chats have come to an end', () => {
    const drive = locked();
    drive.enter('/unlock');
    drive.enter('right horse');
    drive.tell({ type: 'available', available: false, text: 'the disk is full' });
    expect(drive.state.prompt).toBeUndefined();
  });

  test('is asked for by the prompt alone: another answer without a name is none to it', () => {
    const drive = locked();
    drive.enter('/unlock');
    drive.enter('right horse');
    drive.tell({ type: 'told', text: 'a device that this one does not know', bad: true });
    expect(drive.state.prompt?.text).toContain('Opening your log');
    expect(drive.notices()).toEqual(['a device that this one does not know']);
  });
});

describe('a secret behind the command', () => {
  test.each([
    ['/passphrase', 'Passphrase for your log'],
    ['/password', 'Old password'],
    ['/unlock', 'Passphrase of your log'],
  ])('%s is wiped from the line and asked for where nobody sees it', (command, words) => {
    const drive = locked();
    if (command !== '/unlock') drive.tell({ type: 'locked', locked: false, waiting: 0 });
    drive.enter(`${command} correct horse`);
    expect(drive.input()).toBe('');
    expect(drive.state.prompt?.text).toContain('is gone from the line');
    expect(drive.state.prompt?.text).toContain(words);
    drive.key('escape', 'ctrl-y', 'ctrl-_', 'up');
    expect(drive.input()).not.toContain('horse');
    expect(JSON.stringify(drive.state)).not.toContain('horse');
  });

  test('is wiped also where nothing can be asked for', () => {
    const drive = locked();
    drive.enter('/passphrase correct horse');
    expect(drive.state.hint?.text).toContain('/unlock');
    expect([drive.input(), drive.state.prompt]).toEqual(['', undefined]);
    expect(JSON.stringify(drive.state)).not.toContain('horse');
  });
});
