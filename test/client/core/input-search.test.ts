import { describe, expect, test } from 'vitest';
import { at, Drive, info, types } from './drive.ts';

/** Somebody who has said these things in the lobby. */
function said(...texts: readonly string[]): Drive {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  for (const text of texts) {
    drive.enter(text);
    const id = drive.tab().pending.at(-1)?.id;
    if (id !== undefined)
      drive.get({ type: 'ack', id, to: drive.tab().room, seq: (drive.tab().log.last + 1) as never, time: at(0) });
  }
  return drive;
}

const mode = (drive: Drive) => {
  const found = drive.state.tabs[drive.state.active]?.mode;
  if (found?.kind !== 'search') throw new Error('nothing is searched');
  return found;
};
const shown = (drive: Drive): string => mode(drive).shown.text;
/** Which of how many. */
const place = (drive: Drive): string => `${mode(drive).place} of ${mode(drive).count}`;

describe('Ctrl-R', () => {
  test('narrows with each letter, from the newest on', () => {
    const drive = said('the build is broken', 'hello', 'rebuild it', 'bye');
    drive.key('ctrl-r');
    expect(shown(drive)).toBe('');
    drive.type('b');
    expect([shown(drive), place(drive)]).toEqual(['bye', '1 of 3']);
    drive.type('ui');
    expect([shown(drive), place(drive)]).toEqual(['rebuild it', '1 of 2']);
    drive.type('ld is');
    expect([shown(drive), place(drive)]).toEqual(['the build is broken', '1 of 1']);
  });

  test('again goes to older ones, Ctrl-S and Down to newer ones, and no further than the last', () => {
    const drive = said('a1', 'a2', 'a3');
    drive.key('ctrl-r');
    drive.type('a');
    const walk = (key: string): string => {
      drive.key(key);
      return shown(drive);
    };
    expect(['ctrl-r', 'up', 'ctrl-r'].map(walk)).toEqual(['a2', 'a1', 'a1']);
    expect(['ctrl-s', 'down', 'ctrl-s'].map(walk)).toEqual(['a2', 'a3', 'a3']);
  });

  test('a letter more stays on what was found as long as it fits', () => {
    const drive = said('abc', 'ab', 'abd');
    drive.key('ctrl-r');
    drive.type('a');
    drive.key('ctrl-r', 'ctrl-r');
    expect(shown(drive)).toBe('abc');
    drive.type('b');
    expect([shown(drive), place(drive)]).toEqual(['abc', '3 of 3']);
  });

  test('a letter that leads to nothing leaves what was found; Backspace takes it back', () => {
    const drive = said('build', 'bye');
    drive.key('ctrl-r');
    drive.type('bux');
    expect(mode(drive).count).toBe(0);
    drive.key('backspace');
    expect([shown(drive), place(drive)]).toEqual(['build', '1 of 1']);
    drive.key('backspace', 'backspace');
    expect([mode(drive).query, shown(drive)]).toEqual(['', '']);
  });

  test('each text comes once, however often it was sent', () => {
    const drive = said('ping', 'pong', 'ping', 'pong');
    drive.key('ctrl-r');
    drive.type('p');
    expect(place(drive)).toBe('1 of 2');
  });

  test('small letters mean any case, a capital one means itself', () => {
    const drive = said('BUILD', 'Build', 'build');
    drive.key('ctrl-r');
    drive.type('bu');
    expect(place(drive)).toBe('1 of 3');
    drive.key('ctrl-u');
    drive.type('Bu');
    expect([shown(drive), place(drive)]).toEqual(['Build', '1 of 1']);
  });

  test('what is looked for is no pattern', () => {
    const drive = said('a.c', 'abc', '(x)');
    drive.key('ctrl-r');
    drive.type('a.c');
    expect([shown(drive), place(drive)]).toEqual(['a.c', '1 of 1']);
    drive.key('ctrl-u');
    drive.type('(x');
    expect(shown(drive)).toBe('(x)');
  });

  test('says where in the text it is, all over it', () => {
    const drive = said('İ can, and canned');
    drive.key('ctrl-r');
    drive.type('can');
    expect(mode(drive).hits).toEqual([
      { from: 2, to: 5 },
      { from: 11, to: 14 },
    ]);
    expect(mode(drive).shown.cursor).toBe(11);
  });

  test('with nothing typed, a second Ctrl-R looks for the same as the last time', () => {
    const drive = said('build', 'hello');
    drive.key('ctrl-r');
    drive.type('bui');
    drive.key('ctrl-g', 'ctrl-r', 'ctrl-r');
    expect([mode(drive).query, shown(drive)]).toEqual(['bui', 'build']);
  });
});

describe('a search ends', () => {
  const found = (): Drive => {
    const drive = said('build');
    drive.type('a draft');
    drive.key('ctrl-r');
    drive.type('bui');
    return drive;
  };

  test('with Enter, which puts what was found into the line and sends nothing', () => {
    const drive = found();
    expect(types(drive.key('enter'))).not.toContain('say');
    expect(drive.input()).toBe('build');
    expect(types(drive.key('enter'))).toContain('say');
  });

  test('with Esc or Tab likewise, and undo gives the draft back', () => {
    for (const key of ['escape', 'tab']) {
      const drive = found();
      drive.key(key);
      expect(drive.input()).toBe('build');
      drive.key('ctrl-_');
      expect(drive.input()).toBe('a draft');
    }
  });

  test('with Ctrl-G, or Ctrl-C, which give the draft back and do nothing else', () => {
    for (const key of ['ctrl-g', 'ctrl-c']) {
      const drive = found();
      expect(types(drive.key(key))).not.toContain('bye');
      expect(drive.input()).toBe('a draft');
    }
  });

  test('with any other key, which works on what was found', () => {
    const drive = found();
    drive.key('right');
    drive.type('X');
    expect(drive.input()).toBe('bXuild');
    const other = found();
    other.key('ctrl-w');
    expect(other.input()).toBe('build');
    const gone = found();
    gone.key('alt-2');
    expect(gone.active()).toBe('#dev');
    gone.key('alt-1');
    expect(gone.input()).toBe('build');
  });
});

describe('what was written to one person', () => {
  test('comes back in that tab alone, with the arrows and with Ctrl-R', () => {
    const drive = said('in the lobby');
    drive.enter('/msg bob');
    drive.enter('between us');
    drive.key('up');
    expect(drive.input()).toBe('between us');
    drive.key('alt-1', 'up');
    expect(drive.input()).toBe('/msg bob');
    drive.key('up');
    expect(drive.input()).toBe('in the lobby');
    drive.key('ctrl-r');
    drive.type('between');
    expect(mode(drive).count).toBe(0);
  });

  test('a command that was given there does too, since it may have words in it', () => {
    const drive = said();
    drive.enter('/msg bob');
    drive.enter('/msg carol a secret');
    drive.key('alt-1', 'up', 'up', 'up');
    expect(drive.input()).toBe('/msg bob');
  });
});
