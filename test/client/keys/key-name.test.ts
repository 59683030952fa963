import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_KEYMAP } from '../../../src/client/keys/bound.ts';
import { isTyped, keyLabel, parseKey } from '../../../src/client/keys/key-name.ts';

const spelled = (typed: string): string => {
  const key = parseKey(typed);
  return key.ok ? key.value : `! ${key.error}`;
};

describe('a key as people write it', () => {
  test.each([
    ['ctrl-k', 'Ctrl-K C-k c-K ^k ^K Control-k ctrl+k'],
    ['alt-x', 'Alt-x M-x meta-X m-x ALT+X'],
    ['ctrl-alt-x', 'Ctrl-Alt-x Alt-Ctrl-X C-M-x M-C-x M-^x'],
    ['alt-shift-x', 'Alt-Shift-x Shift-Alt-X S-M-x'],
    ['pageup', 'PgUp PageUp Page-Up ppage PGUP'],
    ['pagedown', 'PgDn NPage pgdown'],
    ['escape', 'Esc escape'],
    ['enter', 'Return CR enter'],
    ['delete', 'Del DC delete'],
    ['backspace', 'BS BSpace Backspace'],
    ['shift-tab', 'BTab S-Tab Shift-Tab'],
    ['f5', 'F5 f5'],
    ['ctrl-shift-left', 'Shift-Ctrl-Left C-S-left'],
    ['ctrl-]', 'Ctrl-] C-] ^]'],
    ['alt--', 'Alt-- M--'],
    ['alt-+', 'alt++ M-+'],
    ['ctrl-space', 'Ctrl-Space C-spc'],
    ['alt-%', 'M-%'],
  ])('%s may be written %s', (name, ways) => {
    expect(ways.split(' ').map(spelled)).toEqual(ways.split(' ').map(() => name));
  });

  test('a character alone stays what it is, in its case', () => {
    expect(['%', 'A', 'a', '-', '"', 'é', 'Shift-a'].map(spelled)).toEqual(['%', 'A', 'a', '-', '"', 'é', 'A']);
    expect(['A', 'space', '%'].map(isTyped)).toEqual([true, true, true]);
    expect(['f1', 'alt-a', 'tab'].map(isTyped)).toEqual([false, false, false]);
  });

  test.each([
    ['ctrl-i', 'tab'],
    ['Ctrl-M', 'enter'],
    ['C-[', 'escape'],
    ['ctrl-/', 'ctrl-_'],
    ['ctrl-2', 'ctrl-space'],
    ['ctrl-?', 'backspace'],
    ['ctrl-alt-i', 'alt-tab'],
    ['ctrl-alt-m', 'alt-enter'],
    ['ctrl-enter', 'enter'],
    ['shift-enter', 'enter'],
    ['ctrl-shift-k', 'ctrl-k'],
    ['ctrl-backspace', 'ctrl-h'],
    ['alt-esc', 'escape'],
    ['ctrl-tab', 'tab'],
  ])('%s is told to be %s', (typed, twin) => {
    expect(spelled(typed)).toBe(`! is the same as ${twin} to a terminal: write "${twin}"`);
    expect(spelled(twin)).toBe(twin);
  });

  test('what no keyboard has is told', () => {
    for (const typed of ['', 'ctrl-', 'f13', 'hyper-x', 'foo', 'ctrl-foo', 'ab', 'a b', '\x1b', 'ctrl-\n'])
      expect(spelled(typed)).toBe('! is no key: write it like ctrl-k, alt-x, f5 or pageup');
    expect(spelled('ctrl-.')).toBe('! is a key that terminals don’t send');
    expect(spelled('alt-é')).toContain('of ASCII');
    expect(spelled('shift-1')).toContain('write the sign that Shift makes');
  });
});

describe('a key as it is shown', () => {
  test('as on keyboards', () => {
    const names = [
      'ctrl-k',
      'alt-p',
      'ctrl-alt-x',
      'alt-shift-p',
      'pageup',
      'escape',
      'shift-tab',
      'ctrl-]',
      'f1',
      '%',
    ];
    expect(names.map(keyLabel).join(' ')).toBe('Ctrl-K Alt-p Ctrl-Alt-x Alt-Shift-p PgUp Esc Shift-Tab Ctrl-] F1 %');
  });

  test('what is shown can be written in the config', () => {
    const bound = [...DEFAULT_KEYMAP.direct.keys(), ...DEFAULT_KEYMAP.after.keys()].filter(
      (key) => key !== 'ctrl-alt-h',
    );
    for (const key of bound) expect(spelled(keyLabel(key))).toBe(key);
  });

  test('whatever is a key is shown as one that is the same key', () => {
    const modifiers = fc.subarray(['ctrl-', 'alt-', 'shift-', 'C-', 'M-', 'S-']).map((all) => all.join(''));
    const base = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('PgUp', 'f3', 'tab', '-', 'x', 'Q', ']'),
    );
    fc.assert(
      fc.property(modifiers, base, (before, key) => {
        const parsed = parseKey(before + key);
        if (parsed.ok) expect(parseKey(keyLabel(parsed.value))).toEqual(parsed);
        else expect(parsed.error).toMatch(/^(is|has) /);
      }),
    );
  });
});
