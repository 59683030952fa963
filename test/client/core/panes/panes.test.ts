import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tabName } from '../../../../src/client/core/lookup.ts';
import { actOnPanes, MAX_PANES, type PaneAction } from '../../../../src/client/core/panes/actions.ts';
import { paneOf, tabOfPane } from '../../../../src/client/core/panes/panes.ts';
import { paneIds } from '../../../../src/client/core/panes/tree.ts';
import { moveTab } from '../../../../src/client/core/tabs.ts';
import { geometryOf } from '../../../../src/client/view/geometry.ts';
import { paneLayout } from '../../../../src/client/view/pane-layout.ts';
import { view } from '../../../../src/client/view/view.ts';
import { at, Drive, info, room, START, user } from '../drive.ts';

/** In #lobby, with three more rooms. */
const four = (columns = 160, rows = 48): Drive => {
  const drive = new Drive({ columns, rows });
  drive.login([info('#lobby'), info('#dev'), info('#ops'), info('#tea')]);
  return drive;
};

/** What the panes show, as one reads; the focused one in brackets. */
const shown = ({ state }: Drive): string =>
  paneIds(state.panes.tree)
    .map((id) => {
      const tab = tabOfPane(state, id);
      const name = tab === undefined ? '?' : tabName(tab);
      return id === state.panes.focused ? `[${name}]` : name;
    })
    .join(' ');

const act = (drive: Drive, ...actions: readonly PaneAction[]): void => {
  for (const action of actions) actOnPanes(drive.state, action);
  drive.event({ type: 'tick' });
};
const RIGHT: PaneAction = { kind: 'splitPane', side: 'right' };
const BELOW: PaneAction = { kind: 'splitPane', side: 'below' };
const to = (where: 'left' | 'right' | 'up' | 'down' | 'next' | 'last'): PaneAction => ({
  kind: 'focusPane',
  to: where,
});

/** Cells of each pane's width and height, as one reads. */
const sizes = ({ state }: Drive): string =>
  paneIds(state.panes.tree)
    .map((id) => paneLayout(state)?.panes.get(id))
    .map((rect) => `${rect?.width}x${rect?.height}`)
    .join(' ');

describe('a split', () => {
  test('shows the next chat that no pane shows, and the keyboard goes there', () => {
    const drive = four();
    act(drive, RIGHT);
    expect(shown(drive)).toBe('#lobby [#dev]');
    expect(drive.active()).toBe('#dev');
    act(drive, BELOW);
    expect(shown(drive)).toBe('#lobby #dev [#ops]');
  });

  test('takes a chat where somebody speaks to us first, then one with something unread', () => {
    const drive = four();
    drive.hear('#ops', 1, 'hm');
    drive.hear('#tea', 1, 'alice?');
    act(drive, RIGHT, RIGHT, RIGHT);
    expect(shown(drive)).toBe('#lobby #tea #ops [#dev]');
  });

  test('where every chat is shown already, says so, and what opens another', () => {
    const drive = four();
    act(drive, RIGHT, RIGHT, RIGHT, BELOW);
    expect(shown(drive)).toBe('#lobby #dev #ops [#tea]');
    expect(drive.state.hint?.text).toBe('every chat is on the screen already: /join #room or /msg name opens another');
  });

  test('that would make panes too small is refused, with what they need', () => {
    const drive = four(40, 24);
    act(drive, RIGHT);
    expect(shown(drive)).toBe('[#lobby]');
    expect(drive.state.hint?.text).toBe('no room here for another pane: each needs 20 columns and 4 rows');
    act(drive, BELOW);
    expect(shown(drive)).toBe('#lobby [#dev]');
  });

  test('is refused beyond so many panes that nobody reads them all', () => {
    const drive = new Drive({ columns: 900, rows: 400 });
    drive.login([info('#lobby'), ...Array.from({ length: MAX_PANES + 2 }, (_, i) => info(`#r${i}`))]);
    for (let i = 0; i < MAX_PANES + 2; i += 1) act(drive, RIGHT);
    expect(paneIds(drive.state.panes.tree)).toHaveLength(MAX_PANES);
    expect(drive.state.hint?.text).toBe(`${MAX_PANES} panes are open: close one first`);
  });
});

describe('the keyboard', () => {
  test('goes to the pane on a side, round at the edge, to the next one, and back to the last', () => {
    const drive = four();
    act(drive, RIGHT, BELOW);
    expect(shown(drive)).toBe('#lobby #dev [#ops]');
    act(drive, to('up'));
    expect(drive.active()).toBe('#dev');
    act(drive, to('left'));
    expect(drive.active()).toBe('#lobby');
    // Of the two on the right, the one it was in last.
    act(drive, to('right'));
    expect(drive.active()).toBe('#dev');
    act(drive, to('right'));
    expect(drive.active()).toBe('#lobby');
    act(drive, to('next'), to('next'));
    expect(drive.active()).toBe('#ops');
    act(drive, to('last'));
    expect(drive.active()).toBe('#dev');
    act(drive, to('next'), to('next'));
    expect(drive.active()).toBe('#lobby');
  });

  test('goes to the pane of a tab that is on the screen; any other tab comes into the focused pane', () => {
    const drive = four();
    act(drive, RIGHT);
    drive.key('alt-1');
    expect(shown(drive)).toBe('[#lobby] #dev');
    drive.key('alt-3');
    expect(shown(drive)).toBe('[#ops] #dev');
    drive.key('alt-2');
    expect(shown(drive)).toBe('#ops [#dev]');
  });

  test('takes what was cut in one pane along to the next', () => {
    const drive = four();
    act(drive, RIGHT);
    drive.type('to be moved');
    drive.key('ctrl-u');
    act(drive, to('left'));
    drive.key('ctrl-y');
    expect(drive.input()).toBe('to be moved');
  });

  test('where there is one pane, says so', () => {
    const drive = four();
    for (const action of [to('left'), to('last'), { kind: 'zoomPane' }, { kind: 'evenPanes' }] as const) {
      drive.state.hint = undefined;
      act(drive, action);
      expect(drive.state.hint).toEqual({ text: 'there is one pane: split it first', bad: false });
    }
  });

  test('what is written goes to the chat whose pane it is in', () => {
    const drive = four();
    act(drive, RIGHT);
    expect(drive.enter('to dev')).toMatchObject([{ type: 'say', to: '#dev' }]);
    act(drive, to('left'));
    expect(drive.enter('to the lobby')).toMatchObject([{ type: 'say', to: '#lobby' }]);
  });
});

describe('what is on the screen in any pane', () => {
  test('counts as seen at once, focused or not; what is in no pane does not', () => {
    const drive = four();
    act(drive, RIGHT);
    drive.hear('#lobby', 1, 'alice: hello');
    drive.hear('#ops', 1, 'elsewhere');
    expect(drive.state.tabs.map(({ unread }) => unread)).toEqual([0, 0, 1, 0]);
    expect(drive.tab('#lobby').unreadFrom).toBeUndefined();
  });

  test('counts as new while its pane is scrolled up, or behind one that is zoomed', () => {
    const drive = four();
    for (let i = 1; i <= 80; i += 1) drive.hear('#lobby', i, `line ${i}`);
    drive.key('pageup');
    act(drive, RIGHT);
    drive.hear('#lobby', 81, 'below');
    expect(drive.tab('#lobby').unread).toBe(1);
    act(drive, to('left'));
    drive.key('escape');
    expect(drive.tab('#lobby').unread).toBe(0);
    act(drive, { kind: 'zoomPane' });
    drive.hear('#dev', 1, 'behind');
    expect(drive.tab('#dev').unread).toBe(1);
    act(drive, { kind: 'zoomPane' });
    expect(drive.tab('#dev').unread).toBe(0);
  });
});

describe('panes', () => {
  test('change places, and the keyboard stays in the chat', () => {
    const drive = four();
    act(drive, RIGHT, BELOW, { kind: 'swapPane', to: 'previous' });
    expect(shown(drive)).toBe('#lobby [#ops] #dev');
    act(drive, { kind: 'swapPane', to: 'next' }, { kind: 'swapPane', to: 'next' });
    expect(shown(drive)).toBe('[#ops] #dev #lobby');
    act(drive, { kind: 'swapPane', to: 'previous' });
    expect(shown(drive)).toBe('#lobby #dev [#ops]');
  });

  test('move to an edge, along all of it', () => {
    const drive = four(161, 48);
    drive.state.showList = false;
    act(drive, RIGHT, BELOW, { kind: 'movePane', to: 'down' });
    expect(shown(drive)).toBe('#lobby #dev [#ops]');
    expect(sizes(drive)).toBe('80x23 80x23 161x22');
    act(drive, { kind: 'movePane', to: 'left' });
    expect(shown(drive)).toBe('[#ops] #lobby #dev');
  });

  test('are resized by their border on the right or below; the last one by the border before it', () => {
    const drive = four(161, 48);
    drive.state.showList = false;
    act(drive, RIGHT, BELOW);
    expect(sizes(drive)).toBe('80x46 80x23 80x22');
    act(drive, { kind: 'resizePane', to: 'left', cells: 5 }, { kind: 'resizePane', to: 'up', cells: 3 });
    expect(sizes(drive)).toBe('75x46 85x20 85x25');
    act(drive, to('left'), { kind: 'resizePane', to: 'right', cells: 1 });
    expect(sizes(drive)).toBe('76x46 84x20 84x25');
    act(drive, { kind: 'resizePane', to: 'down', cells: 1 });
    expect(drive.state.hint?.text).toBe('there is no border on that side');
  });

  test('say so where a border goes no further', () => {
    const drive = new Drive({ columns: 41, rows: 24 });
    drive.login([info('#lobby'), info('#dev')]);
    act(drive, RIGHT);
    const before = drive.state.panes.tree;
    act(drive, { kind: 'resizePane', to: 'left', cells: 1 });
    expect(drive.state.hint).toEqual({
      text: 'the border goes no further: a pane has at least 20 columns',
      bad: false,
    });
    expect(drive.state.panes.tree).toBe(before);
  });

  test('even out', () => {
    const drive = four(161, 48);
    drive.state.showList = false;
    act(drive, RIGHT, RIGHT, BELOW, { kind: 'evenPanes' });
    expect(sizes(drive)).toBe('53x46 53x46 53x23 53x22');
  });

  test('are zoomed: one has the screen, and the others come back; another tab comes to the front zoomed as well', () => {
    const drive = four();
    act(drive, RIGHT, { kind: 'zoomPane' });
    expect(paneLayout(drive.state)).toBeUndefined();
    drive.key('alt-1');
    expect(paneLayout(drive.state)).toBeUndefined();
    expect(shown(drive)).toBe('[#lobby] #dev');
    // To another pane by its place: as in tmux, they are seen again.
    act(drive, to('right'));
    expect(paneLayout(drive.state)).toBeDefined();
  });

  test('are closed, not their tabs; the keyboard goes to where it was before', () => {
    const drive = four();
    act(drive, RIGHT, RIGHT, to('left'), to('left'), to('right'), { kind: 'closePane' });
    expect(shown(drive)).toBe('[#lobby] #ops');
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '#ops', '#tea']);
    act(drive, { kind: 'closePane' });
    expect(shown(drive)).toBe('[#ops]');
    act(drive, { kind: 'closePane' });
    expect(drive.state.hint?.text).toBe('there is one pane: /leave closes its tab');
  });

  test('all others are closed', () => {
    const drive = four();
    act(drive, RIGHT, BELOW, to('left'), { kind: 'onlyPane' });
    expect(shown(drive)).toBe('[#lobby]');
    expect(drive.state.panes.shows.size).toBe(0);
    expect(drive.tabs()).toHaveLength(4);
  });
});

describe('a tab that is closed', () => {
  const gone = (drive: Drive, name: string): void => {
    drive.get({ type: 'left', room: room(name), user: user('alice'), time: at(START) });
  };

  test('leaves its pane to a tab that no pane shows', () => {
    const drive = four();
    act(drive, RIGHT);
    gone(drive, '#dev');
    expect(shown(drive)).toBe('#lobby [#ops]');
    act(drive, to('left'));
    gone(drive, '#ops');
    expect(shown(drive)).toBe('[#lobby] #tea');
  });

  test('where there is none, its pane closes with it', () => {
    const drive = four();
    act(drive, RIGHT, RIGHT, RIGHT);
    gone(drive, '#tea');
    expect(shown(drive)).toBe('#lobby #dev [#ops]');
    gone(drive, '#dev');
    expect(shown(drive)).toBe('#lobby [#ops]');
    gone(drive, '#ops');
    expect(shown(drive)).toBe('[#lobby]');
    expect(drive.active()).toBe('#lobby');
  });
});

describe('a tab gets another number', () => {
  test('and those behind it move on; what is in the panes stays', () => {
    const drive = four();
    act(drive, RIGHT);
    drive.key('alt-4');
    moveTab(drive.state, 2);
    expect(drive.tabs()).toEqual(['#lobby', '#tea', '#dev', '#ops']);
    expect(shown(drive)).toBe('#lobby [#tea]');
    moveTab(drive.state, 99);
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '#ops', '#tea']);
    expect(drive.active()).toBe('#tea');
  });

  test('but #lobby is always the first', () => {
    const drive = four();
    moveTab(drive.state, 3);
    expect(drive.state.hint?.text).toBe('#lobby is always tab 1');
    drive.key('alt-2');
    moveTab(drive.state, 1);
    expect(drive.tabs()).toEqual(['#lobby', '#dev', '#ops', '#tea']);
  });
});

describe('whatever is done, at whatever size', () => {
  const side = fc.constantFrom('right' as const, 'below' as const);
  const direction = fc.constantFrom('left' as const, 'right' as const, 'up' as const, 'down' as const);
  const action: fc.Arbitrary<PaneAction> = fc.oneof(
    { weight: 4, arbitrary: side.map((each): PaneAction => ({ kind: 'splitPane', side: each })) },
    fc.oneof(direction, fc.constantFrom('next' as const, 'last' as const)).map(to),
    fc.constantFrom('next' as const, 'previous' as const).map((each): PaneAction => ({ kind: 'swapPane', to: each })),
    direction.map((each): PaneAction => ({ kind: 'movePane', to: each })),
    fc
      .tuple(direction, fc.integer({ min: 1, max: 40 }))
      .map(([each, cells]): PaneAction => ({ kind: 'resizePane', to: each, cells })),
    fc
      .constantFrom('zoomPane' as const, 'closePane' as const, 'onlyPane' as const, 'evenPanes' as const)
      .map((kind): PaneAction => ({ kind })),
  );
  const deed = fc.oneof(
    { weight: 6, arbitrary: action.map((each) => ({ kind: 'pane' as const, action: each })) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }).map((number) => ({ kind: 'goTo' as const, number })) },
    fc.integer({ min: 1, max: 9 }).map((number) => ({ kind: 'move' as const, number })),
    fc.constantFrom('#dev', '#ops', '#tea', '#new').map((name) => ({ kind: 'left' as const, name })),
    fc.constantFrom('#dev', '#ops', '#tea', '#new').map((name) => ({ kind: 'came' as const, name })),
    fc
      .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }))
      .map(([columns, rows]) => ({ kind: 'size' as const, columns, rows })),
    fc
      .tuple(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom('click', 'drag', 'release', 'wheel'),
      )
      .map(([x, y, what]) => ({ kind: 'mouse' as const, x, y, what })),
    fc.constantFrom('f7', 'f1', 'escape').map((key) => ({ kind: 'key' as const, key })),
  );
  type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

  function run(drive: Drive, each: Deed): void {
    switch (each.kind) {
      case 'pane':
        return act(drive, each.action);
      case 'goTo':
        return void drive.key(`alt-${each.number}`);
      case 'move':
        return moveTab(drive.state, each.number);
      case 'left':
        return void drive.get({ type: 'left', room: room(each.name), user: user('alice'), time: at(START) });
      case 'came':
        return void drive.get({ type: 'room', room: info(each.name) });
      case 'size':
        return void drive.event({ type: 'resize', columns: each.columns, rows: each.rows });
      case 'key':
        return void drive.key(each.key);
      case 'mouse': {
        const { x, y } = each;
        if (each.what === 'wheel') return void drive.event({ type: 'wheel', up: x % 2 === 0, x, y });
        const type = each.what === 'drag' ? 'drag' : each.what === 'release' ? 'release' : 'click';
        return void drive.event({ type, x, y });
      }
    }
  }

  test('each tab is in one pane at most, the keyboard is in one of them, and the frame is as large as the screen', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
        const drive = four(120, 40);
        const { state } = drive;
        for (const each of deeds) {
          run(drive, each);
          const ids = paneIds(state.panes.tree);
          expect(ids).toContain(state.panes.focused);
          expect(new Set([...state.panes.shows.keys(), state.panes.focused])).toEqual(new Set(ids));
          const tabs = ids.map((id) => tabOfPane(state, id));
          expect(new Set(tabs).size).toBe(ids.length);
          for (const tab of tabs) expect(state.tabs).toContain(tab);
          for (const tab of state.tabs) {
            const pane = paneOf(state, tab);
            expect(pane === undefined ? undefined : tabOfPane(state, pane)).toBe(pane === undefined ? undefined : tab);
            expect(geometryOf(state, tab).paneHeight).toBeGreaterThanOrEqual(0);
          }
          expect(new Set(state.panes.recent)).toEqual(new Set(ids));
          expect(state.panes.recent[0]).toBe(state.panes.focused);
          const frame = view(state, { now: at(START), mono: drive.mono });
          expect(frame.rows).toHaveLength(state.size.rows);
          for (const row of frame.rows) {
            const width = row.reduce((sum, piece) => sum + piece.width, 0);
            expect(width).toBeLessThanOrEqual(state.size.columns);
          }
          const { cursor } = frame;
          if (cursor !== undefined) {
            expect(cursor.x).toBeLessThan(state.size.columns);
            expect(cursor.y).toBeLessThan(state.size.rows);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
