import { describe, expect, test } from 'vitest';
import { at, Drive, info, START, user } from './drive.ts';

const ready = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev'), info('#deploy')]);
  for (const name of ['alice', 'alan', '~alf', 'bob', 'carol']) {
    drive.get({ type: 'presence', user: user(name), state: name === 'carol' ? 'offline' : 'online', since: at(START) });
  }
  return drive;
};
const tab = (drive: Drive, text: string, keys = ['tab']): string => {
  drive.key('ctrl-u');
  if (text !== '') drive.type(text);
  drive.key(...keys);
  return drive.input();
};

describe('names', () => {
  test('at the start of the line a name is an address, in it a word; ourselves we do not call', () => {
    const drive = ready();
    expect(tab(drive, 'bo')).toBe('bob: ');
    expect(tab(drive, 'ask bo')).toBe('ask bob ');
    expect(tab(drive, 'ali')).toBe('ali');
  });

  test('in any case, with the @, and a guest with or without the ~', () => {
    const drive = ready();
    expect(tab(drive, 'BO')).toBe('bob: ');
    expect(tab(drive, '@bo')).toBe('@bob ');
    expect(tab(drive, 'see @bo')).toBe('see @bob ');
    expect(tab(drive, 'alf')).toBe('~alf: ');
    expect(tab(drive, '~al')).toBe('~alf: ');
  });

  test('who spoke last comes first', () => {
    const drive = ready();
    expect(tab(drive, 'al')).toBe('alan: ');
    drive.hear('#lobby', 1, 'hi', 'alan');
    drive.hear('#lobby', 2, 'hi', '~alf');
    expect(tab(drive, 'al')).toBe('~alf: ');
  });

  test('Tab goes on through the candidates, Shift-Tab back, Esc gives back what was typed', () => {
    const drive = ready();
    expect(tab(drive, 'al')).toBe('alan: ');
    expect(drive.state.completions).toEqual(['alan:', '~alf:']);
    drive.key('tab');
    expect(drive.input()).toBe('~alf: ');
    drive.key('tab');
    expect(drive.input()).toBe('alan: ');
    drive.key('shift-tab');
    expect(drive.input()).toBe('~alf: ');
    drive.key('escape');
    expect(drive.input()).toBe('al');
    expect(drive.state.completions).toEqual([]);
  });

  test('Shift-Tab first begins at the end; another key ends it', () => {
    const drive = ready();
    expect(tab(drive, 'al', ['shift-tab'])).toBe('~alf: ');
    drive.type('x');
    expect(drive.state.completions).toEqual([]);
    expect(drive.input()).toBe('~alf: x');
  });

  test('in the middle of a line what follows stays, and the cursor is after the word', () => {
    const drive = ready();
    drive.type('ask bo now');
    drive.key('left', 'left', 'left', 'left', 'tab');
    expect(drive.input()).toBe('ask bob  now');
    drive.type('X');
    expect(drive.input()).toBe('ask bob X now');
  });

  test('what fits nothing, and nothing at all, changes nothing', () => {
    const drive = ready();
    expect(tab(drive, 'zzz')).toBe('zzz');
    expect(tab(drive, '')).toBe('');
    expect(drive.state.completions).toEqual([]);
  });
});

describe('rooms and commands', () => {
  test('rooms after #', () => {
    const drive = ready();
    expect(tab(drive, 'see #de')).toBe('see #dev ');
    drive.key('tab');
    expect(drive.input()).toBe('see #deploy ');
  });

  test('commands after / at the start of the line only', () => {
    const drive = ready();
    expect(tab(drive, '/jo')).toBe('/join ');
    expect(tab(drive, '/par')).toBe('/part ');
    expect(tab(drive, 'a /jo')).toBe('a /jo');
    expect(tab(drive, '//jo')).toBe('//jo');
  });

  test('the words that a command takes', () => {
    const drive = ready();
    expect(tab(drive, '/help top')).toBe('/help topic ');
    expect(tab(drive, '/leave ')).toBe('/leave #dev ');
    expect(tab(drive, '/part #dep')).toBe('/part #deploy ');
    expect(tab(drive, '/topic bo')).toBe('/topic bob ');
  });
});
