import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tabName } from '../../../src/client/core/lookup.ts';
import { actOnPanes } from '../../../src/client/core/panes/actions.ts';
import type { State } from '../../../src/client/core/state.ts';
import { tabAt } from '../../../src/client/view/tab-bar.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addChat, addTab, asked, morning, NOW } from '../../screen/scene.ts';

const draw = (state: State) => view(state, { now: NOW, mono: 0 });
const bar = (state: State): string => renderFrame(draw(state)).split('\n')[0] ?? '';

test('a private chat has a sign before its name, and one behind it that asks', () => {
  const state = morning();
  addChat(state, 'bob').unread = 2;
  addChat(state, 'carol', { status: asked(false) });
  addChat(state, 'dave', { status: asked(true) });
  expect(bar(state)).toBe(' 1:#lobby  2:#dev+3  3:#ops+1*  4:=bob+2  5:=carol?  6:=dave     alice@box:2428');
  expect(inRole(draw(state), 'tabActivity')).toContain('5:=carol?');
});

describe('panes that are out of sight', () => {
  /** Two panes, of which one has the screen, and so many rooms more. */
  function zoomed(columns: number, more: number): State {
    const state = morning(columns, 24);
    actOnPanes(state, { kind: 'splitPane', side: 'below' });
    actOnPanes(state, { kind: 'zoomPane' });
    for (let i = 0; i < more; i += 1) addTab(state, `#room${i}`);
    return state;
  }

  test('are told of whatever else has no room, on any screen', () => {
    for (let columns = 20; columns <= 160; columns += 1) {
      for (const more of [0, 1, 2, 5, 20]) {
        expect([columns, more, bar(zoomed(columns, more))]).toEqual([columns, more, expect.stringContaining(' 2/2')]);
      }
    }
  });

  test('and the account with them where both just fit', () => {
    const tabs = bar(zoomed(160, 0)).search(/ {3,}/);
    const words = ' zoomed 2/2  alice@box:2428 '.length;
    const exact = tabs + 1 + words;
    expect(bar(zoomed(exact, 0))).toContain('zoomed 2/2  alice@box:2428');
    expect(bar(zoomed(exact - 1, 0))).toMatch(/zoomed 2\/2$/);
  });

  test('are not what a click there is for', () => {
    const state = zoomed(40, 20);
    const at = bar(state).indexOf('zoomed');
    expect(at).toBeGreaterThan(0);
    expect([at, at + 5, 39].map((x) => tabAt(state, x, 0))).toEqual([undefined, undefined, undefined]);
  });
});

describe('a click', () => {
  test('on a tab means that tab, its blanks with it', () => {
    const state = morning();
    expect(bar(state).slice(0, 30)).toBe(' 1:#lobby  2:#dev+3  3:#ops+1*');
    expect([0, 9, 10, 11, 19, 20, 21, 30].map((x) => tabAt(state, x, 0))).toEqual([0, 0, 1, 1, 1, 2, 2, 2]);
  });

  test('beside them, below them, or out of the screen means none', () => {
    const state = morning();
    for (const [x, y] of [
      [40, 0],
      [70, 0],
      [-1, 0],
      [80, 0],
      [3, 1],
      [3, -1],
    ] as const) {
      expect(tabAt(state, x, y)).toBeUndefined();
    }
    state.size = { columns: 80, rows: 4 };
    expect(tabAt(state, 3, 0)).toBeUndefined();
  });

  test('tells what is new in those that have no room, and leads to the one that calls', () => {
    const state = morning(60, 24);
    for (let i = 0; i < 12; i += 1) addTab(state, `#room${i}`);
    state.active = 1;
    for (const tab of state.tabs) Object.assign(tab, { unread: 0, mentioned: false });
    expect(bar(state)).toMatch(/… *$/);
    Object.assign(state.tabs[9] ?? {}, { unread: 3 });
    Object.assign(state.tabs[10] ?? {}, { unread: 2, mentioned: true });
    const end = bar(state).lastIndexOf('…');
    expect(bar(state).slice(end).trim()).toBe('…+5*');
    expect(tabAt(state, end, 0)).toBe(10);
  });

  test('means the tab that is drawn there, however many there are', () => {
    const widths = fc.integer({ min: 1, max: 160 });
    fc.assert(
      fc.property(widths, fc.integer({ min: 0, max: 30 }), fc.nat(30), (columns, count, active) => {
        const state = morning(columns, 24);
        for (let i = 0; i < count; i += 1) addTab(state, `#room${i}`);
        state.active = Math.min(active, state.tabs.length - 1);
        const shown = bar(state).padEnd(columns);
        for (const match of shown.matchAll(/(\d+):(#[a-z]+\d*)/g)) {
          const found = tabAt(state, match.index, 0);
          expect(`${(found ?? -1) + 1}`).toBe(match[1]);
          const tab = state.tabs[found ?? -1];
          // The last one may be cut by the edge.
          if (tab !== undefined) expect(tabName(tab).startsWith(match[2] ?? '?')).toBe(true);
        }
        // The sign for those that aren't shown leads to one of them, and only where there is news.
        for (let x = 0; x < columns; x += 1) {
          const behind = shown[x] === '…' ? state.tabs[tabAt(state, x, 0) ?? -1] : undefined;
          if (behind !== undefined) expect(behind.unread).toBeGreaterThan(0);
        }
      }),
    );
  });
});
