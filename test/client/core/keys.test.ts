import { describe, expect, test } from 'vitest';
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
