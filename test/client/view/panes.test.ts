import { describe, expect, test } from 'vitest';
import { actOnPanes, type PaneAction } from '../../../src/client/core/panes/actions.ts';
import type { State } from '../../../src/client/core/state.ts';
import type { Frame } from '../../../src/client/view/cells.ts';
import { isCounting } from '../../../src/client/view/counting.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addChat, addPerson, addTab, asked, at, emptyState, lobby, NOW, person, say } from '../../screen/scene.ts';

const draw = (state: State, ascii = false): Frame => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State, ascii = false): string[] => renderFrame(draw(state, ascii)).split('\n');

const act = (state: State, ...actions: readonly PaneAction[]): void => {
  for (const action of actions) actOnPanes(state, action);
  state.hint = undefined;
};
const RIGHT: PaneAction = { kind: 'splitPane', side: 'right' };
const BELOW: PaneAction = { kind: 'splitPane', side: 'below' };
const LEFT: PaneAction = { kind: 'focusPane', to: 'left' };

/** The lobby, #dev, bob's tab. */
function three(columns = 80, rows = 12): State {
  const state = emptyState(columns, rows);
  person(state, 'alice');
  person(state, 'bob');
  lobby(state).log.older = 'none';
  lobby(state).topic = 'Welcome to the box.';
  say(lobby(state), 'alice', 'morning', at(9, 12));
  say(lobby(state), 'bob', 'green again', at(9, 12, 5));
  const dev = addTab(state, '#dev');
  dev.topic = 'releases on Thursday';
  say(dev, 'frank', 'tagging 2.3', at(9, 18));
  const bob = addPerson(state, 'bob');
  say(bob, 'bob', 'lunch?', at(9, 20));
  say(bob, 'alice', '12:30', at(9, 20));
  return state;
}

/** The sketch: two rooms on the left, one above the other, and on the right bob. */
function sketch(columns = 80, rows = 12): State {
  const state = three(columns, rows);
  act(state, BELOW, { kind: 'focusPane', to: 'up' }, RIGHT, { kind: 'movePane', to: 'right' });
  return state;
}

describe('panes', () => {
  test('beside and above one another, at 80x12: each with its head, the input in the one that has the keyboard', () => {
    const state = sketch();
    const bob = state.tabs[2];
    if (bob !== undefined) bob.draft = { text: 'see you there', cursor: 13 };
    expect(lines(state)).toEqual([
      ' 1:#lobby  2:#dev  3:bob                                         alice@box:2428',
      ' #lobby  Welcome to the box.            │ bob  encrypted · not verified',
      ' ───────── Friday 20 November ───────── │ ──────── Friday 20 November ─────────',
      ' alice  morning                         │   bob  lunch?',
      '   bob  green again                     │ alice  12:30',
      '                                        │',
      '────────────────────────────────────────┤',
      ' #dev  releases on Thursday             │',
      ' ───────── Friday 20 November ───────── │',
      ' frank  tagging 2.3                     │',
      '                                        │ > see you there',
      expect.stringContaining(' online 2 ms   bob: here'),
    ]);
    expect(draw(state).cursor).toEqual({ x: 41 + 3 + 13, y: 10 });
  });

  test('without UTF-8 the borders are of ASCII', () => {
    expect(
      lines(sketch(), true)
        .slice(5, 8)
        .map((line) => line.slice(37, 44)),
    ).toEqual(['   |', '---+', '   |']);
  });

  test('the one that has the keyboard is told by its head, its input line and the cursor', () => {
    const state = sketch();
    expect(inRole(draw(state), 'accent')).toEqual(['bob']);
    expect(inRole(draw(state), 'prompt')).toEqual(['>']);
    act(state, LEFT);
    expect(inRole(draw(state), 'accent')).toEqual(['#lobby']);
    expect(draw(state).cursor).toEqual({ x: 3, y: 5 });
    act(state, { kind: 'focusPane', to: 'down' });
    expect(inRole(draw(state), 'accent')).toEqual(['#dev']);
    expect(draw(state).cursor).toEqual({ x: 3, y: 10 });
  });

  test('too narrow for a column of names, the text still stands clear of the border; a topic says that it goes on', () => {
    const state = three(63, 12);
    act(state, RIGHT, { kind: 'resizePane', to: 'left', cells: 100 }, LEFT);
    expect(lines(state).slice(1, 5)).toEqual(
      [
        ' #lobby  Welcome t… │ #dev  releases on Thursday',
        ' ─ Friday 20 Nove ─ │ ────────── Friday 20 November ────────── ',
        ' alice: morning     │ frank  tagging 2.3',
        ' bob: green again   │',
      ].map((line) => line.trimEnd()),
    );
  });

  test('borders are joined wherever they meet', () => {
    const state = three(81, 26);
    for (const name of ['#a', '#b', '#c']) addTab(state, name);
    // Two rows of two, whose borders meet in one cell; below them one more, split in three.
    act(state, BELOW, BELOW, { kind: 'evenPanes' }, RIGHT, RIGHT, { kind: 'evenPanes' });
    act(state, { kind: 'focusPane', to: 'up' }, RIGHT);
    expect(
      lines(state)
        .map((line) => line.replaceAll(/[^─│├┤┬┴┼]/g, ' ').trimEnd())
        .filter((line) => /[├┤┬┴┼]/.test(line)),
    ).toEqual([
      '────────────────────────────────────────┬────────────────────────────────────────',
      '──────────────────────────┬─────────────┴─────────────┬──────────────────────────',
    ]);
  });

  test('borders that cross are a cross, and the list has its place beside all of them', () => {
    const state = three(140, 26);
    for (const name of ['#a', '#b']) addTab(state, name);
    act(state, BELOW, RIGHT, { kind: 'focusPane', to: 'up' }, RIGHT);
    const frame = lines(state);
    const crossing = frame.find((line) => line.includes('┼')) ?? '';
    expect(crossing.indexOf('┼')).toBe(frame[1]?.indexOf('│'));
    expect(crossing).toHaveLength(112 + 1);
    expect(crossing.endsWith('┤')).toBe(true);
    expect(frame.slice(1, 25).map((line) => line[112])).toEqual([
      ...Array.from({ length: 12 }, () => '│'),
      '┤',
      ...Array.from({ length: 11 }, () => '│'),
    ]);
  });

  test('and so are those that meet in a line from top to bottom', () => {
    const state = three(83, 16);
    for (const name of ['#a', '#b', '#c']) addTab(state, name);
    act(state, RIGHT, RIGHT, { kind: 'evenPanes' }, BELOW, LEFT, BELOW, LEFT);
    const meeting = lines(state).filter((line) => /[├┤┼]/.test(line));
    expect(meeting.map((line) => line.slice(27))).toEqual([`├${'─'.repeat(27)}┼${'─'.repeat(27)}`]);
    act(state, { kind: 'focusPane', to: 'right' }, { kind: 'resizePane', to: 'down', cells: 1 });
    const apart = lines(state).flatMap((line) => line.match(/[├┤┼]/g) ?? []);
    expect(apart.toSorted()).toEqual(['├', '├', '┤'].toSorted());
  });

  test('the list of people is there only where it leaves every pane room for its times', () => {
    const here = (state: State): boolean => lines(state).some((line) => line.includes('here 2'));
    const state = three(160, 24);
    act(state, RIGHT, LEFT);
    expect(here(state)).toBe(true);
    state.size = { columns: 110, rows: 24 };
    expect(here(state)).toBe(false);
    act(state, { kind: 'onlyPane' });
    expect(here(state)).toBe(true);
  });

  test('in the tab bar, what other panes show is underlined, and what no pane shows is not', () => {
    const state = sketch();
    addTab(state, '#ops').unread = 2;
    const underlined = (): string[] =>
      (draw(state).rows[0] ?? []).flatMap((piece) => (piece.underline === true ? [piece.text.trim()] : []));
    expect(underlined()).toEqual(['1:#lobby', '2:#dev']);
    expect(inRole(draw(state), 'tabActivity')).toContain('4:#ops+2');
    act(state, { kind: 'zoomPane' });
    expect(underlined()).toEqual([]);
  });

  test('a hint stands in the pane that has the keyboard, broken to its width', () => {
    const state = sketch();
    state.hint = { text: 'there is no room for another pane here: each needs 20 columns and 4 rows', bad: false };
    expect(
      lines(state)
        .slice(8, 11)
        .map((line) => line.slice(40)),
    ).toEqual(['│ here: each needs 20 columns and 4', '│ rows', '│ >']);
  });

  test('a long text in the input takes its rows from that pane alone', () => {
    const state = sketch();
    const bob = state.tabs[2];
    if (bob !== undefined) bob.draft = { text: 'x'.repeat(80), cursor: 80 };
    const frame = lines(state);
    expect(frame.slice(8, 11).map((line) => line.slice(40))).toEqual([
      `│ > ${'x'.repeat(36)}`,
      `│   ${'x'.repeat(36)}`,
      `│   ${'x'.repeat(8)}`,
    ]);
    expect(frame[6]).toBe(`${'─'.repeat(40)}┤`);
  });

  test('each keeps its place while it is scrolled, and says what is below', () => {
    const state = sketch(80, 24);
    for (let i = 1; i <= 40; i += 1) say(lobby(state), 'bob', `line ${i}`, at(9, 30));
    const entry = lobby(state).log.entries.at(-10);
    lobby(state).scroll = { kind: 'at', bottom: entry?.key ?? 0, hidden: 0 };
    const frame = lines(state);
    expect(frame.filter((line) => / line \d/.test(line))).toHaveLength(9);
    expect(frame.some((line) => line.includes('line 31 '))).toBe(true);
    expect(frame.some((line) => line.includes('↓ more below'))).toBe(true);
  });

  test('somebody asks in a pane without the keyboard: the letters that answer are not offered there', () => {
    const state = three(100, 20);
    const carol = addChat(state, 'carol', { status: asked(false, '10.0.0.7') });
    for (let i = 0; i < 30; i += 1) say(carol, 'carol', `of the chat before ${i}`);
    state.active = 0;
    state.tabs.splice(1, 2);
    act(state, RIGHT, LEFT);
    expect(lines(state).join('\n')).toContain('Come to this pane to answer.');
    expect(lines(state).join('\n')).not.toContain('[a]');
    expect(lines(state).at(-2)).toContain('Ends by itself in 1:48.');
    expect(isCounting(state)).toBe(true);
    act(state, { kind: 'focusPane', to: 'right' });
    expect(lines(state).join('\n')).toContain('[a] accept');
    expect(lines(state).join('\n')).not.toContain('Come to this pane');
  });
});

describe('where there is no room for them', () => {
  test('the focused one has the screen, the tab bar says so, and they come back with the room', () => {
    const state = sketch(80, 12);
    const before = lines(state);
    state.size = { columns: 50, rows: 8 };
    expect(lines(state)).toEqual([
      ' 1:#lobby  2:#dev  3:bob                 pane 3/3',
      ' bob  end-to-end encrypted · not verified',
      ' ────────────── Friday 20 November ──────────────',
      ' 09:20   bob  lunch?',
      '       alice  12:30',
      '─'.repeat(50),
      '>',
      expect.stringContaining(' online 2 ms'),
    ]);
    state.size = { columns: 80, rows: 12 };
    expect(lines(state)).toEqual(before);
  });

  test('zoomed, it is said as well', () => {
    const state = sketch();
    act(state, { kind: 'zoomPane' });
    expect(lines(state)[0]).toBe(' 1:#lobby  2:#dev  3:bob                             zoomed 3/3  alice@box:2428');
    expect(lines(state)[10]).toBe('>');
  });

  test('a page over the panes has all of the screen', () => {
    const state = sketch();
    state.overlay = { kind: 'keys', page: 0 };
    expect(lines(state).join('\n')).toContain('Keys');
    expect(lines(state).join('\n')).not.toMatch(/[┤│]/);
  });
});
