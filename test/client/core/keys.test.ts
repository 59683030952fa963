import { describe, expect, test } from 'vitest';
import { keymapOf } from '../../../src/client/keys/bound.ts';
import { keysPages } from '../../../src/client/view/keys-overlay.ts';
import { Drive, types } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login();
  return drive;
};

describe('keys', () => {
  test('letters and pastes go into the line, the readline keys edit it', () => {
    const drive = online();
    drive.type('hello wrld');
    drive.key('left', 'left', 'left');
    drive.type('o');
    expect(drive.input()).toBe('hello world');
    drive.key('ctrl-a', 'alt-d');
    drive.paste('one\ntwo');
    expect(drive.input()).toBe('one\ntwo world');
  });

  test('the page of keys opens with F1 and closes with Esc, F1 or Enter; another key closes it and does its work', () => {
    const drive = online();
    for (const close of ['escape', 'f1', 'enter']) {
      drive.key('f1');
      expect(drive.state.overlay).toEqual({ kind: 'keys' });
      drive.key(close);
      expect(drive.state.overlay).toBeUndefined();
    }
    drive.key('f1');
    drive.type('x');
    expect(drive.state.overlay).toBeUndefined();
    expect(drive.input()).toBe('x');
  });

  test('where it has several pages, PgDn and Down turn them, PgUp and Up turn back, and a page turned is no work', () => {
    const drive = online();
    const page = (): number | undefined =>
      drive.state.overlay?.kind === 'keys' ? (drive.state.overlay.page ?? 0) : undefined;
    drive.key('f1');
    const pages = keysPages(drive.state);
    expect(pages).toBeGreaterThan(1);
    drive.key('pagedown');
    expect(page()).toBe(1);
    for (let i = 0; i < pages; i++) drive.key('down');
    expect(page()).toBe(pages - 1);
    drive.key('up');
    expect(page()).toBe(pages - 2);
    drive.key('pageup', 'pageup');
    expect([page(), drive.tab().scroll]).toEqual([0, { kind: 'tail' }]);
    // In a window that has grown there is one page, and the key does its own work.
    drive.event({ type: 'resize', columns: 160, rows: 60 });
    drive.key('pagedown');
    expect(drive.state.overlay).toBeUndefined();
  });

  test('/keys opens the page of keys, /keys names says what the config calls them', () => {
    const drive = online();
    drive.enter('/keys');
    expect(drive.state.overlay).toEqual({ kind: 'keys' });
    drive.key('escape');
    drive.enter('/keys names');
    expect(drive.notices()[0]).toMatch(/^go-to +Ctrl-K, Ctrl-\] w, Ctrl-\] '$/m);
    drive.enter('/keys all');
    expect(drive.state.hint?.text).toContain('there is no "all"');
  });

  test('a key that is bound to a command runs it, and leaves what is written alone', () => {
    const drive = online();
    const bound = { name: '/clear', action: { kind: 'command', line: '/clear' }, repeats: false } as const;
    const keymap = keymapOf(undefined, [{ key: 'f5', after: false, bound }]);
    Object.assign(drive.state, { keymap });
    drive.enter('/keys names');
    drive.type('a draft');
    drive.key('f5');
    expect([drive.notices(), drive.input()]).toEqual([[], 'a draft']);
    Object.assign(drive.state, {
      keymap: keymapOf(undefined, [
        { key: 'f5', after: false, bound: { ...bound, action: { kind: 'command', line: '/join' } } },
      ]),
    });
    drive.key('f5');
    expect(drive.state.hint).toEqual({ text: 'which room? Write /join #dev', bad: true });
  });

  test('Ctrl-Z stops the program, also while a password is asked for', () => {
    const drive = online();
    drive.key('ctrl-z');
    expect(drive.effects.at(-1)).toEqual({ do: 'suspend' });
    drive.enter('/password');
    drive.key('ctrl-z');
    expect(drive.effects.at(-1)).toEqual({ do: 'suspend' });
    expect(drive.state.prompt).toBeDefined();
  });

  test('the next key takes a hint away', () => {
    const drive = online();
    drive.enter('/nothing');
    expect(drive.state.hint).toBeDefined();
    drive.key('left');
    expect(drive.state.hint).toBeUndefined();
  });

  test('Esc goes back to the newest line', () => {
    const drive = online();
    for (let i = 1; i <= 60; i++) drive.hear('#lobby', i, 'line');
    drive.key('pageup');
    drive.key('pageup');
    drive.key('pagedown');
    expect(drive.tab().scroll.kind).toBe('at');
    drive.key('escape');
    expect(drive.tab().scroll).toEqual({ kind: 'tail' });
  });

  test('Ctrl-D deletes in a text, and quits on an empty line', () => {
    const drive = online();
    drive.type('ab');
    drive.key('ctrl-a', 'ctrl-d');
    expect(drive.input()).toBe('b');
    drive.key('ctrl-d');
    expect(types(drive.key('ctrl-d'))).toContain('bye');
  });

  test('Ctrl-L draws again, F7 hides the list', () => {
    const drive = online();
    drive.key('ctrl-l');
    expect(drive.effects.at(-1)).toEqual({ do: 'redraw' });
    drive.key('f7');
    expect(drive.state.showList).toBe(false);
  });

  test('a new size is kept', () => {
    const drive = online();
    drive.event({ type: 'resize', columns: 40, rows: 10 });
    expect(drive.state.size).toEqual({ columns: 40, rows: 10 });
  });
});
