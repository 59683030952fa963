import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/client/keys/action.ts';
import { actionOf, DEFAULT_KEYMAP, keymapOf, keyOf, keysOf } from '../../../src/client/keys/bound.ts';
import { isTyped, parseKey } from '../../../src/client/keys/key-name.ts';
import { DEFAULT_PREFIX, KEY_GROUPS, KEYMAP, PREFIX } from '../../../src/client/keys/keymap.ts';
import { keySections, namedKeys } from '../../../src/client/keys/labels.ts';

const press = (name: string, keymap = DEFAULT_KEYMAP) => actionOf({ kind: 'key', name }, keymap);

describe('the table', () => {
  test('no key has two meanings, neither alone nor after the prefix', () => {
    for (const keys of [KEYMAP.flatMap(({ keys: own }) => own), KEYMAP.flatMap(({ after }) => after)]) {
      expect(keys.filter((name, index) => keys.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('every key is spelled as the decoder spells it, and none alone is one that is typed', () => {
    // With Ctrl and Alt, Backspace comes under this name from some terminals only.
    const alone = KEYMAP.flatMap(({ keys }) => keys).filter((name) => name !== 'ctrl-alt-h');
    for (const name of alone) expect([parseKey(name), isTyped(name)]).toEqual([{ ok: true, value: name }, false]);
    const after = KEYMAP.flatMap((binding) => binding.after).filter((name) => name !== PREFIX);
    for (const name of after) expect(parseKey(name)).toEqual({ ok: true, value: name });
  });

  test('every name is one that a config can hold, and stands for one thing', () => {
    const names = KEYMAP.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    expect(names).not.toContain('none');
    expect(names).not.toContain(PREFIX);
  });

  test('every group has a title, and every line says what it does', () => {
    expect(new Set(KEYMAP.map(({ group }) => group))).toEqual(new Set(Object.keys(KEY_GROUPS)));
    for (const { words } of KEYMAP) expect(words).not.toBe('');
  });

  test('all that a key can do has a name, so that a config can say it', () => {
    const kinds = {
      edit: true,
      submit: true,
      deleteOrQuit: true,
      historyPrevious: true,
      historyNext: true,
      searchInput: true,
      editor: true,
      complete: true,
      goTo: true,
      nextTab: true,
      previousTab: true,
      nextActivity: true,
      firstUnread: true,
      pageUp: true,
      pageDown: true,
      top: true,
      bottom: true,
      privateChat: true,
      lastTab: true,
      palette: true,
      command: true,
      suspend: true,
      toggleList: true,
      redraw: true,
      help: true,
      quit: true,
      cancel: true,
      splitPane: true,
      focusPane: true,
      swapPane: true,
      movePane: true,
      resizePane: true,
      zoomPane: true,
      closePane: true,
      onlyPane: true,
      evenPanes: true,
      moveTab: true,
      bareView: true,
      pickMessage: true,
    } as const satisfies Record<Exclude<Action['kind'], 'insert' | 'paste' | 'prefix'>, true>;
    expect(new Set(KEYMAP.map(({ action }) => action.kind))).toEqual(new Set(Object.keys(kinds)));
  });
});

describe('without a choice', () => {
  test('the keys that fingers know', () => {
    expect(press('alt-1')).toEqual({ kind: 'goTo', number: 1 });
    expect(press('alt-0')).toEqual({ kind: 'goTo', number: 10 });
    expect(press('ctrl-n')).toEqual({ kind: 'nextTab' });
    expect(press('alt-left')).toEqual({ kind: 'previousTab' });
    expect(press('ctrl-k')).toEqual({ kind: 'palette', find: 'all' });
    expect(press('alt-k')).toEqual({ kind: 'edit', edit: 'killToEnd' });
    for (const name of ['alt-enter', 'ctrl-j']) expect(press(name)).toEqual({ kind: 'edit', edit: 'newline' });
    expect(press('alt-b')).toEqual({ kind: 'edit', edit: 'wordLeft' });
    expect(press('ctrl-d')).toEqual({ kind: 'deleteOrQuit' });
    expect(press('ctrl-c')).toEqual({ kind: 'quit' });
    expect(press('ctrl-z')).toEqual({ kind: 'suspend' });
    expect(press(DEFAULT_PREFIX)).toEqual({ kind: 'prefix' });
    expect(press('f12')).toBeUndefined();
  });

  test('after the prefix, tmux’s letters', () => {
    const after = (key: string): string | undefined => DEFAULT_KEYMAP.after.get(key)?.name;
    const letters = {
      '%': 'split-right',
      '"': 'split-below',
      o: 'next-pane',
      ';': 'last-pane',
      left: 'pane-left',
      'ctrl-left': 'resize-left',
      z: 'zoom-pane',
      x: 'close-pane',
      '{': 'swap-pane-back',
      '}': 'swap-pane',
      '!': 'only-pane',
      space: 'even-panes',
      n: 'next-tab',
      p: 'previous-tab',
      '3': 'tab-3',
      '0': 'tab-10',
      l: 'last-tab',
      w: 'go-to',
      "'": 'go-to',
      c: 'new-chat',
      '.': 'move-tab',
      '&': 'close-tab',
      '[': 'pick-message',
      '?': 'keys',
      ':': 'command-line',
      r: 'redraw',
      'ctrl-z': 'suspend',
      [DEFAULT_PREFIX]: 'next-pane',
    };
    for (const [key, name] of Object.entries(letters)) expect([key, after(key)]).toEqual([key, name]);
    const repeating = [...DEFAULT_KEYMAP.after].flatMap(([key, { repeats }]) => (repeats ? [key] : []));
    expect(repeating.toSorted()).toEqual(
      ['ctrl', 'alt'].flatMap((by) => ['down', 'left', 'right', 'up'].map((to) => `${by}-${to}`)).toSorted(),
    );
  });

  test('text is inserted, a paste stays a paste', () => {
    expect(actionOf({ kind: 'text', text: 'é' })).toEqual({ kind: 'insert', text: 'é' });
    expect(actionOf({ kind: 'paste', text: 'a\nb' })).toEqual({ kind: 'paste', text: 'a\nb' });
  });
});

describe('with choices', () => {
  const quit = { name: 'quit', action: { kind: 'quit' }, repeats: false } as const;

  test('a key that was chosen comes before the default ones, and is the one that hints name', () => {
    const keymap = keymapOf(DEFAULT_PREFIX, [{ key: 'f10', after: false, bound: quit }]);
    expect(keysOf(keymap, 'quit')).toEqual(['F10', 'Ctrl-C']);
    expect(keyOf(keymap, 'quit')).toBe('F10');
    expect(press('f10', keymap)).toEqual({ kind: 'quit' });
  });

  test('a key that was taken away does nothing, and no hint names it', () => {
    const keymap = keymapOf(DEFAULT_PREFIX, [{ key: 'ctrl-k', after: false, bound: undefined }]);
    expect(press('ctrl-k', keymap)).toBeUndefined();
    expect(keyOf(keymap, 'go-to')).toBe('Ctrl-] w');
  });

  test('another prefix takes its key from what it did, and gives back the old one’s', () => {
    const keymap = keymapOf('ctrl-b');
    expect(press('ctrl-b', keymap)).toEqual({ kind: 'prefix' });
    expect(press('ctrl-]', keymap)).toBeUndefined();
    expect(keymap.after.get('ctrl-b')?.name).toBe('next-pane');
    expect(keysOf(keymap, 'left')).toEqual(['Left']);
    expect(keysOf(keymap, 'new-chat')).toEqual(['Ctrl-B c']);
  });

  test('without a prefix nothing follows on one', () => {
    const keymap = keymapOf(undefined);
    expect(press('ctrl-]', keymap)).toBeUndefined();
    expect(keymap.after.size).toBe(0);
    expect(keyOf(keymap, 'split-right')).toBeUndefined();
    expect(keySections(keymap, 13).map(({ title }) => title)).not.toContain('After Ctrl-]');
  });
});

describe('as people read it', () => {
  const lines = (keymap = DEFAULT_KEYMAP, cells = 17): Map<string, string> =>
    new Map(keySections(keymap, cells).flatMap((section) => section.lines.map(({ label, words }) => [words, label])));

  test('what belongs together is one line', () => {
    const shown = lines(DEFAULT_KEYMAP);
    expect(shown.get('start, end of line')).toBe('Ctrl-A  Ctrl-E');
    expect(shown.get('next tab')).toBe('n');
    expect(keySections(DEFAULT_KEYMAP, 17)[0]?.lines).toContainEqual({
      label: 'Alt-1 to 0',
      words: 'tab with that number',
    });
    expect(shown.get('resize the pane')).toBe('Ctrl-arrows');
    expect(shown.get('the pane to that edge')).toBe('H L K J');
  });

  test('a second key is named where there is room for it', () => {
    const next = (cells: number) =>
      keySections(DEFAULT_KEYMAP, cells)[0]?.lines.find(({ words }) => words === 'next tab');
    expect(next(17)?.label).toBe('Ctrl-N  Alt-Right');
    expect(next(13)?.label).toBe('Ctrl-N');
  });

  test('every action is listed by its name, with its keys or without', () => {
    const named = namedKeys(keymapOf('ctrl-b', [{ key: 'f7', after: false, bound: undefined }]));
    expect(named).toMatch(/^go-to +Ctrl-K, Ctrl-B w, Ctrl-B '$/m);
    expect(named).toMatch(/^people-list +-$/m);
    expect(named.split('\n')).toHaveLength(KEYMAP.length);
  });
});
