import { describe, expect, test } from 'vitest';
import { toggleBare } from '../../../src/client/core/bare.ts';
import { actOnPanes } from '../../../src/client/core/panes/actions.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { at, Drive, info, START } from './drive.ts';

/** In the bare view of a room of 100 lines. */
function bare(): Drive {
  const drive = new Drive({ columns: 60, rows: 11 });
  drive.login([info('#lobby'), info('#dev')]);
  for (let i = 1; i <= 100; i += 1) drive.hear('#lobby', i, `line ${i}`);
  toggleBare(drive.state);
  return drive;
}

const lines = (drive: Drive): string[] =>
  renderFrame(view(drive.state, { now: at(START), mono: drive.mono })).split('\n');
const isBare = (drive: Drive): boolean => drive.state.bare !== undefined;

describe('in the bare view', () => {
  test.each(['escape', 'alt-l', 'enter', 'ctrl-c', 'ctrl-d'])('%s leads back, and does no more', (key) => {
    const drive = bare();
    if (key === 'alt-l') toggleBare(drive.state);
    else drive.key(key);
    expect(isBare(drive)).toBe(false);
    expect(drive.effects.filter((effect) => effect.do === 'quit')).toEqual([]);
    expect(lines(drive).at(-4)).toContain('line 100');
  });

  test('what is typed is written nowhere', () => {
    const drive = bare();
    drive.type('hello');
    drive.paste('more');
    drive.key('backspace', 'alt-2', 'ctrl-w');
    expect(isBare(drive)).toBe(true);
    expect(drive.active()).toBe('#lobby');
    drive.key('escape');
    expect(drive.input()).toBe('');
  });

  test('keys and the wheel of terminals that send arrows for it scroll, as far as there is text', () => {
    const drive = bare();
    expect(lines(drive)[9]).toBe('bob: line 100');
    drive.key('up');
    expect(lines(drive)[9]).toBe('bob: line 99');
    drive.key('pageup');
    expect(lines(drive)[9]).toBe('bob: line 90');
    drive.key('alt-home');
    expect(lines(drive)[0]).toBe('bob: line 1');
    drive.key('pageup');
    expect(lines(drive)[0]).toBe('bob: line 1');
    drive.key('pagedown');
    expect(lines(drive)[0]).toBe('bob: line 10');
    drive.key('alt-end', 'down');
    expect(lines(drive)[9]).toBe('bob: line 100');
  });

  test('t shows the times', () => {
    const drive = bare();
    drive.type('t');
    expect(lines(drive)[9]).toMatch(/^\d\d:\d\d bob: line 100$/);
    drive.type('t');
    expect(lines(drive)[9]).toBe('bob: line 100');
  });

  test('nothing that comes is taken for seen, and back in the chat the unread line stands above it', () => {
    const drive = bare();
    drive.hear('#lobby', 101, 'alice: new');
    drive.hear('#dev', 1, 'elsewhere');
    expect(lines(drive)[9]).toBe('bob: line 100');
    expect(lines(drive)[10]).toContain('1 new here, 1 new elsewhere*');
    expect(drive.tab().unread).toBe(1);
    drive.key('escape');
    expect(drive.tab().unread).toBe(0);
    expect(lines(drive).some((line) => line.includes('─ 1 new ─'))).toBe(true);
  });

  test('the mouse does nothing: it is the terminal that selects', () => {
    const drive = bare();
    drive.event({ type: 'click', x: 12, y: 0 });
    drive.event({ type: 'wheel', up: true, x: 1, y: 1 });
    expect(drive.active()).toBe('#lobby');
    expect(lines(drive)[9]).toBe('bob: line 100');
  });

  test('of several panes it is that of the one with the keyboard, and they come back as they were', () => {
    const drive = bare();
    drive.key('escape');
    drive.event({ type: 'resize', columns: 100, rows: 24 });
    actOnPanes(drive.state, { kind: 'splitPane', side: 'right' });
    const before = lines(drive);
    toggleBare(drive.state);
    expect(lines(drive).at(-1)).toContain('#dev, bare');
    drive.key('escape');
    expect(lines(drive)).toEqual(before);
  });

  test('a window that becomes larger or smaller breaks the lines anew', () => {
    const drive = bare();
    drive.key('alt-home');
    expect(lines(drive)[9]).toBe('bob: line 10');
    drive.event({ type: 'resize', columns: 10, rows: 5 });
    expect(lines(drive).slice(0, 4)).toEqual(['bob: line', '9', 'bob: line', '10']);
    drive.type('t');
    expect(lines(drive).slice(2, 4)).toEqual([expect.stringMatching(/^\d\d:\d\d bob:/), ' line 10']);
    drive.event({ type: 'resize', columns: 60, rows: 11 });
    expect(lines(drive)[9]).toMatch(/bob: line 10$/);
  });
});
