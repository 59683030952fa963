import { describe, expect, test } from 'vitest';
import { actOnPanes } from '../../../src/client/core/panes/actions.ts';
import { paneLayout } from '../../../src/client/view/pane-layout.ts';
import { Drive, info, only, user } from './drive.ts';

/** #lobby on the left; on its right #dev above #ops, which has the keyboard. */
function panes(columns = 101): Drive {
  const drive = new Drive({ columns, rows: 24 });
  const { id } = only(drive.login([info('#lobby'), info('#dev'), info('#ops'), info('#tea')]), 'who');
  const people = ['alice', 'bob'].map((name) => ({ name: user(name), state: 'online' as const, since: drive.env.now }));
  if (id !== undefined) drive.get({ type: 'users', id, users: people, more: false });
  for (const name of ['#lobby', '#dev']) for (let i = 1; i <= 60; i += 1) drive.hear(name, i, `line ${i}`);
  actOnPanes(drive.state, { kind: 'splitPane', side: 'right' });
  actOnPanes(drive.state, { kind: 'splitPane', side: 'below' });
  drive.event({ type: 'tick' });
  return drive;
}

/** As the panes are numbered: x, y, width and height of each. */
const rects = ({ state }: Drive): number[][] =>
  [...(paneLayout(state)?.panes.values() ?? [])].map(({ x, y, width, height }) => [x, y, width, height]);

const click = (drive: Drive, x: number, y: number) => drive.event({ type: 'click', x, y });
const drag = (drive: Drive, x: number, y: number) => drive.event({ type: 'drag', x, y });

describe('a click', () => {
  test('on a pane gives it the keyboard, and on a tab leads there', () => {
    const drive = panes();
    click(drive, 10, 5);
    expect(drive.active()).toBe('#lobby');
    click(drive, 60, 3);
    expect(drive.active()).toBe('#dev');
    // In no pane yet: it comes into this one.
    click(drive, 30, 0);
    expect(drive.active()).toBe('#tea');
    expect(paneLayout(drive.state)?.panes.size).toBe(3);
  });

  test('on a name of the list beside the panes chooses it', () => {
    const drive = panes(160);
    drive.key('alt-1');
    click(drive, 136, 3);
    expect(drive.state.selected).toBe('bob');
    expect(drive.active()).toBe('#lobby');
  });
});

describe('a border', () => {
  test('goes along with the mouse, and stays where it is let go', () => {
    const drive = panes();
    expect(rects(drive)).toEqual([
      [0, 1, 50, 22],
      [51, 1, 50, 11],
      [51, 13, 50, 10],
    ]);
    click(drive, 50, 8);
    drag(drive, 40, 9);
    drag(drive, 30, 9);
    drive.event({ type: 'release', x: 30, y: 9 });
    drag(drive, 70, 9);
    expect(rects(drive)[0]).toEqual([0, 1, 30, 22]);
    click(drive, 60, 12);
    drag(drive, 60, 15);
    expect(rects(drive).slice(1)).toEqual([
      [31, 1, 70, 14],
      [31, 16, 70, 7],
    ]);
    expect(drive.active()).toBe('#ops');
  });

  test('is where the pointer is, however narrow a pane becomes: the list beside them neither comes nor goes', () => {
    const drive = new Drive({ columns: 120 });
    drive.login([info('#lobby'), info('#dev')]);
    actOnPanes(drive.state, { kind: 'splitPane', side: 'right' });
    const list = paneLayout(drive.state)?.listWidth;
    expect(list).toBeGreaterThan(0);
    const border = rects(drive)[0]?.[2] ?? 0;
    click(drive, border, 5);
    for (const x of [border - 1, border - 2, border - 3, border - 4, border - 20, border + 20, border + 1]) {
      drag(drive, x, 5);
      expect([rects(drive)[0]?.[2], paneLayout(drive.state)?.listWidth]).toEqual([x, list]);
    }
    drive.event({ type: 'release', x: border + 1, y: 5 });
    for (let i = 0; i < 12; i += 1) {
      actOnPanes(drive.state, { kind: 'resizePane', to: 'left', cells: 1 });
      expect(rects(drive)[0]?.[2]).toBe(border - i);
    }
  });

  test('leaves each pane as much as it needs; what it has pushed comes back with it', () => {
    const drive = panes();
    actOnPanes(drive.state, { kind: 'focusPane', to: 'left' });
    actOnPanes(drive.state, { kind: 'splitPane', side: 'right' });
    expect(rects(drive).map(([x, , width]) => [x, width])).toEqual([
      [0, 25],
      [26, 25],
      [52, 49],
      [52, 49],
    ]);
    click(drive, 51, 3);
    drag(drive, 2, 3);
    expect(rects(drive)[2]?.[0]).toBe(42);
    expect(rects(drive)[0]?.[2]).toBe(20);
    drag(drive, 51, 3);
    expect(rects(drive)[0]?.[2]).toBe(25);
  });

  test('is let go when the panes change under it', () => {
    const drive = panes();
    click(drive, 50, 8);
    actOnPanes(drive.state, { kind: 'closePane' });
    const before = rects(drive);
    drag(drive, 30, 8);
    expect(rects(drive)).toEqual(before);
    click(drive, 50, 8);
    drive.event({ type: 'resize', columns: 110, rows: 24 });
    drag(drive, 30, 8);
    expect(rects(drive)[0]).toEqual([0, 1, 55, 22]);
  });

  test('what was dragged elsewhere moves none', () => {
    const drive = panes();
    const before = rects(drive);
    click(drive, 60, 3);
    drag(drive, 50, 3);
    drag(drive, 20, 3);
    expect(rects(drive)).toEqual(before);
  });
});

describe('the wheel', () => {
  test('scrolls the pane under the pointer, and the keyboard stays where it is', () => {
    const drive = panes();
    drive.event({ type: 'wheel', up: true, x: 5, y: 5 });
    expect(drive.tab('#lobby').scroll.kind).toBe('at');
    expect(drive.tab('#dev').scroll.kind).toBe('tail');
    expect(drive.active()).toBe('#ops');
    drive.event({ type: 'wheel', up: true, x: 60, y: 3 });
    expect(drive.tab('#dev').scroll.kind).toBe('at');
    drive.event({ type: 'wheel', up: false, x: 5, y: 5 });
    expect(drive.tab('#lobby').scroll.kind).toBe('tail');
  });
});
