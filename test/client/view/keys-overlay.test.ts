import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../../src/base/text/width.ts';
import type { State } from '../../../src/client/core/state.ts';
import { type Choice, DEFAULT_KEYMAP, keymapOf } from '../../../src/client/keys/bound.ts';
import { KEYMAP } from '../../../src/client/keys/keymap.ts';
import { keySections } from '../../../src/client/keys/labels.ts';
import { keysOverlay, keysPages, prefixOverlay } from '../../../src/client/view/keys-overlay.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { emptyState, NOW } from '../../screen/scene.ts';

const text = (state: State): string => renderFrame(view(state, { now: NOW, mono: 0 }));
const lines = (state: State): string[] => text(state).split('\n');

function keys(columns: number, rows: number, page = 0): State {
  const state = emptyState(columns, rows);
  state.overlay = { kind: 'keys', page };
  return state;
}

const choice = (key: string, name: string): Choice => {
  const binding = KEYMAP.find((one) => one.name === name);
  return { key, after: false, bound: binding && { name, action: binding.action, repeats: false } };
};

describe('the page of keys (F1)', () => {
  test('at 80x24 has two pages', () => {
    const shown = lines(keys(80, 24)).slice(1);
    expect(shown[0]).toBe(' Keys 1/2   PgDn: more  F1 or Esc closes');
    // Sections beside each other, their keys and their words in columns.
    expect(shown[1]).toMatch(/^ Tabs {36}\S/);
    expect(shown[2]).toMatch(/^ Ctrl-K {6}find a chat or a person {5}\S/);
    expect(shown[3]).toMatch(/^ Alt-1 to 0 {2}tab with that number {8}\S/);
    const second = text(keys(80, 24, 1));
    for (const words of [
      'Keys 2/2',
      'Ctrl-C  quit',
      'After Ctrl-]',
      '%            split side by side',
      'Ctrl-arrows',
    ]) {
      expect(second).toContain(words);
    }
  });

  test('at 160x48 has all of them on one page, with the other keys beside the first', () => {
    const shown = text(keys(160, 48));
    expect(shown).toContain(' Keys   F1 or Esc closes');
    expect(shown).toContain('Ctrl-N  Alt-Right  next tab');
    for (const { title } of keySections(DEFAULT_KEYMAP, 13)) expect(shown).toContain(title);
  });

  test('the last page leads back and not on, and no title stands alone at the foot of a column', () => {
    for (const [columns, rows] of [
      [80, 24],
      [60, 16],
      [40, 12],
      [20, 12],
      [20, 8],
      [20, 5],
    ] as const) {
      const titles = keySections(DEFAULT_KEYMAP, 13).map(({ title }) => title);
      const count = keysPages(keys(columns, rows));
      const shown = Array.from({ length: count }, (_, page) => lines(keys(columns, rows, page)));
      if (columns >= 40) {
        expect(shown.at(-1)?.[1]).toContain('PgUp: back');
        expect(shown.at(-1)?.[1]).not.toContain('more');
        expect(shown[0]?.[1]).toContain('PgDn: more');
      }
      if (columns > 40) continue;
      for (const page of shown) {
        const rule = page.findIndex((line) => line.startsWith('─'));
        const body = page.slice(0, rule < 0 ? -2 : rule).filter((line) => line !== '');
        expect(titles).not.toContain(body.at(-1)?.trim());
      }
    }
  });

  test('at 20x5 a page is a key with what it does', () => {
    expect(lines(keys(20, 5, 1)).slice(1, 3)).toEqual([' Alt-1 to 0  tab', ' with that number']);
    for (let page = 0; page < keysPages(keys(20, 5)); page += 1) {
      const [first = ''] = lines(keys(20, 5, page)).slice(1, 2);
      expect(first.trim()).not.toBe('');
    }
  });

  test('a second key is named where there is room for it', () => {
    const shown = text(keys(160, 48));
    for (const words of ['Alt-Enter  Ctrl-J', 'Alt-Home  Ctrl-Home', 'Alt-End  Ctrl-End', 'Ctrl-P  Alt-Left'])
      expect(shown).toContain(words);
  });

  test('on a narrow screen the words stand below their keys', () => {
    expect(lines(keys(20, 12)).slice(1, 7)).toEqual([
      expect.stringMatching(/^ Keys 1\/\d+$/),
      ' Tabs',
      ' Ctrl-K',
      '   find a chat or a',
      '   person',
      ' Alt-1 to 0',
    ]);
  });

  test.each([
    [80, 24],
    [160, 48],
    [60, 16],
    [40, 12],
    [20, 5],
    [20, 3],
  ])('every key is on one of the pages at %ix%i', (columns, rows) => {
    const state = keys(columns, rows);
    const pages = Array.from({ length: keysPages(state) }, (_, page) => text(keys(columns, rows, page)));
    // Words may be broken between lines, keys never are.
    const all = pages.join('\n');
    for (const { lines: own } of keySections(DEFAULT_KEYMAP, 13)) {
      for (const { label } of own) expect(all).toContain(label);
    }
    // A page that isn't there any more, in a window that has grown, is the last one.
    expect(text(keys(columns, rows, 9999))).toBe(pages.at(-1));
  });

  test('shows the keys as they are, not as they were', () => {
    const state = keys(160, 48);
    const keymap = keymapOf('ctrl-b', [
      choice('ctrl-o', 'go-to'),
      { key: 'ctrl-k', after: false, bound: undefined },
      { key: 'f2', after: false, bound: choice('f2', 'keys').bound },
      { key: 'f1', after: false, bound: undefined },
      { key: 'f5', after: false, bound: { name: '/who', action: { kind: 'command', line: '/who' }, repeats: false } },
    ]);
    Object.assign(state, { keymap });
    const shown = text(state);
    expect(shown).toContain(' Keys   F2 or Esc closes');
    expect(shown).toMatch(/Ctrl-O +find a chat or a person/);
    expect(shown).not.toContain('Ctrl-K');
    expect(shown).toContain('After Ctrl-B');
    expect(shown).toContain('Your own');
    expect(shown).toContain('F5  /who');
  });
});

describe('what the key after the prefix can do', () => {
  test('at 80x24', () => {
    const state = emptyState();
    state.overlay = { kind: 'prefix' };
    expect(lines(state).slice(1, 9)).toEqual([
      ' After Ctrl-]   Esc leaves it',
      " w  '         find a chat or a person      H L K J      the pane to that edge",
      ' 1 to 0       tab with that number         Ctrl-arrows  resize the pane',
      ' n            next tab                     Alt-arrows   resize it by five',
      ' p            previous tab                 Space        all panes the same size',
      ' l            the tab you came from        z            zoom the pane, and back',
      ' c            a new room or chat           !            only this pane',
      ' .            move the tab                 x            close the pane',
    ]);
  });

  test('with a command of one’s own', () => {
    const state = emptyState(120, 40);
    state.overlay = { kind: 'prefix' };
    const own = { name: '/who', action: { kind: 'command', line: '/who' }, repeats: false } as const;
    Object.assign(state, { keymap: keymapOf('ctrl-b', [{ key: 'W', after: true, bound: own }]) });
    expect(text(state)).toMatch(/After Ctrl-B/);
    expect(text(state)).toMatch(/ W +\/who/);
  });
});

test('whatever the size, they are exactly as large as their room, and their widths are true', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 60 }), fc.nat(3), (width, height, page) => {
      const state = emptyState(width, height + 4);
      for (const rows of [keysOverlay(state, page, width, height), prefixOverlay(state, width, height)]) {
        expect(rows).toHaveLength(height);
        for (const row of rows) {
          expect(row.reduce((sum, run) => sum + run.width, 0)).toBe(width);
          for (const run of row) expect(textWidth(run.text)).toBe(run.width);
        }
      }
    }),
    { numRuns: 60 },
  );
});
