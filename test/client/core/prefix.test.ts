import { describe, expect, test } from 'vitest';
import { LIST_AFTER_MS, REPEAT_WITHIN_MS } from '../../../src/client/core/prefix.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { keymapOf } from '../../../src/client/keys/bound.ts';
import { Drive, info } from './drive.ts';

const PREFIX = 'ctrl-]';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev'), info('#ops')]);
  return drive;
};

const isWaiting = (drive: Drive): boolean => drive.state.prefix?.kind === 'waiting';

describe('the prefix', () => {
  test('waits for one key, which does what it does after it', () => {
    const drive = online();
    drive.key(PREFIX);
    expect(isWaiting(drive)).toBe(true);
    drive.type('n');
    expect(drive.active()).toBe('#dev');
    expect(drive.state.prefix).toBeUndefined();
    // And is a letter again.
    drive.type('n');
    expect([drive.active(), drive.input()]).toEqual(['#dev', 'n']);
  });

  test('digits are tabs, l goes back and forth', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('3');
    expect(drive.active()).toBe('#ops');
    drive.key(PREFIX);
    drive.type('l');
    expect(drive.active()).toBe('#lobby');
    drive.key(PREFIX);
    drive.type('l');
    expect(drive.active()).toBe('#ops');
  });

  test('before any other tab was in front, l says so', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('l');
    expect(drive.state.hint?.text).toBe('no other tab was in front before this one');
  });

  test('what is typed in one go with the key is written', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('nhello');
    expect([drive.active(), drive.input()]).toEqual(['#dev', 'hello']);
  });

  test('Esc leaves it, and a key that means nothing after it does nothing; both are said', () => {
    const drive = online();
    drive.type('draft');
    drive.key(PREFIX, 'escape');
    expect(drive.state.hint).toEqual({ text: 'Ctrl-] was left', bad: false });
    drive.key(PREFIX);
    drive.type('Q');
    expect(drive.state.hint?.text).toBe('Ctrl-] Q does nothing; Ctrl-] ? shows the keys');
    drive.key(PREFIX, 'f9');
    expect(drive.state.hint?.text).toContain('Ctrl-] F9 does nothing');
    expect([drive.state.prefix, drive.input()]).toEqual([undefined, 'draft']);
  });

  test('pressed twice it goes to the next pane', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('%');
    const { focused } = drive.state.panes;
    drive.key(PREFIX, PREFIX);
    expect(drive.state.panes.focused).not.toBe(focused);
    expect(drive.state.prefix).toBeUndefined();
  });

  test('a paste ends it, and is pasted', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.paste('n');
    expect([drive.state.prefix, drive.input()]).toEqual([undefined, 'n']);
  });

  test('is no more than a key while a password is asked for', () => {
    const drive = online();
    drive.enter('/password');
    drive.key(PREFIX);
    expect(drive.state.prefix).toBeUndefined();
    drive.type('n');
    expect(drive.state.prompt?.length).toBe(1);
  });

  test('? shows the keys, : begins a command, r draws again, & closes the tab, Ctrl-Z stops', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('?');
    expect(drive.state.overlay?.kind).toBe('keys');
    drive.key(PREFIX);
    drive.type(':');
    expect(drive.state.overlay).toMatchObject({ kind: 'palette', find: 'commands', input: { text: '/' } });
    drive.key('escape', PREFIX);
    drive.type('r');
    expect(drive.effects.at(-1)).toEqual({ do: 'redraw' });
    drive.key(PREFIX, 'ctrl-z');
    expect(drive.effects.at(-1)).toEqual({ do: 'suspend' });
    drive.key('alt-2', PREFIX);
    drive.type('&');
    expect(drive.effects.at(-1)).toMatchObject({ do: 'send', message: { type: 'leave', room: '#dev' } });
  });

  test('. asks where the tab goes, and it goes there', () => {
    const drive = online();
    drive.key('alt-2', PREFIX);
    drive.type('.3');
    drive.key('enter');
    expect(drive.tabs()).toEqual(['#lobby', '#ops', '#dev']);
    expect([drive.active(), drive.state.overlay]).toEqual(['#dev', undefined]);
  });
});

describe('who hesitates', () => {
  test('is shown after a second what the next key can do, until it is pressed', () => {
    const drive = online();
    drive.key(PREFIX);
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + LIST_AFTER_MS);
    drive.pass(LIST_AFTER_MS - 1);
    drive.tick();
    expect(drive.state.overlay).toBeUndefined();
    drive.pass(1);
    drive.tick();
    expect(drive.state.overlay).toEqual({ kind: 'prefix' });
    expect(isWaiting(drive)).toBe(true);
    // It is due once.
    expect(nextWake(drive.state)).toBeGreaterThan(drive.mono);
    drive.type('n');
    expect([drive.state.overlay, drive.active()]).toEqual([undefined, '#dev']);
  });

  test('Esc, or a key that does nothing, takes the list away', () => {
    const drive = online();
    for (const key of ['escape', 'f9']) {
      drive.key(PREFIX);
      drive.pass(LIST_AFTER_MS);
      drive.tick();
      expect(drive.state.overlay?.kind).toBe('prefix');
      drive.key(key);
      expect([drive.state.overlay, drive.state.prefix]).toEqual([undefined, undefined]);
    }
  });

  test('a key before that shows nothing', () => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('n');
    drive.pass(LIST_AFTER_MS);
    drive.tick();
    expect(drive.state.overlay).toBeUndefined();
  });

  test('what lies over the room already stays there', () => {
    const drive = online();
    drive.key('f1', PREFIX);
    drive.pass(LIST_AFTER_MS);
    drive.tick();
    expect(drive.state.overlay?.kind).toBe('keys');
    expect(isWaiting(drive)).toBe(true);
  });
});

describe('keys that repeat', () => {
  const split = (): Drive => {
    const drive = online();
    drive.key(PREFIX);
    drive.type('%');
    return drive;
  };
  const tree = ({ state }: Drive): string => JSON.stringify(state.panes.tree);

  test('need the prefix once, as long as one goes on within half a second', () => {
    const drive = split();
    drive.key(PREFIX, 'ctrl-left');
    let before = tree(drive);
    for (let i = 0; i < 3; i++) {
      drive.pass(REPEAT_WITHIN_MS - 1);
      drive.key('ctrl-left');
      expect(tree(drive)).not.toBe(before);
      before = tree(drive);
    }
    drive.pass(REPEAT_WITHIN_MS);
    drive.key('ctrl-left');
    expect(tree(drive)).toBe(before);
  });

  test('any other key does its own work, and ends it', () => {
    const drive = split();
    drive.key(PREFIX, 'ctrl-left');
    drive.type('n');
    expect(drive.input()).toBe('n');
    const before = tree(drive);
    drive.key('ctrl-left');
    expect(tree(drive)).toBe(before);
  });
});

test('another prefix is said by its own name', () => {
  const drive = online();
  Object.assign(drive.state, { keymap: keymapOf('ctrl-b') });
  drive.key('ctrl-b');
  drive.type('Q');
  expect(drive.state.hint?.text).toBe('Ctrl-B Q does nothing; Ctrl-B ? shows the keys');
});
