import { describe, expect, test } from 'vitest';
import { keysOf } from '../../../src/client/keys/bound.ts';
import { configuredKeys } from '../../../src/client/keys/configured.ts';

const NOWHERE = { tmux: false, screen: false };

/** Of lines as they would stand in the file, from line 1; `k` and `v` say whether a key or its value is meant. */
const chosen = (lines: Readonly<Record<string, unknown>>, around = NOWHERE) =>
  configuredKeys(
    Object.entries(lines).map(([key, value], index) => ({
      key,
      value,
      placeOf: (isValue: boolean) => `c.toml:${index + 1}:${isValue ? 'v' : 'k'}`,
    })),
    around,
  );

const faults = (lines: Readonly<Record<string, unknown>>, around = NOWHERE): readonly string[] =>
  chosen(lines, around).faults;

describe('what is chosen', () => {
  test('an action, nothing, a command, and a key after the prefix', () => {
    const { keymap, faults: none } = chosen({
      'Ctrl-G': 'go-to',
      'alt-a': 'None',
      f5: ' /who ',
      'prefix S': 'Split-Below',
      'Prefix Ctrl-o': '/rooms',
      'prefix z': 'none',
    });
    expect(none).toEqual([]);
    expect(keymap.direct.get('ctrl-g')?.action).toEqual({ kind: 'palette', find: 'all' });
    expect(keymap.direct.has('alt-a')).toBe(false);
    expect(keymap.direct.get('f5')?.action).toEqual({ kind: 'command', line: '/who' });
    expect(keymap.after.get('S')?.name).toBe('split-below');
    expect(keymap.after.get('ctrl-o')?.name).toBe('/rooms');
    expect(keymap.after.has('z')).toBe(false);
    expect(keysOf(keymap, 'go-to')[0]).toBe('Ctrl-G');
  });

  test('a key that repeats does so under another one', () => {
    expect(chosen({ 'prefix h': 'resize-left' }).keymap.after.get('h')?.repeats).toBe(true);
    expect(chosen({ 'alt-h': 'resize-left' }).keymap.direct.get('alt-h')?.name).toBe('resize-left');
  });

  test('another prefix, pressed twice too, or none', () => {
    const { keymap } = chosen({ prefix: 'C-b', 'prefix prefix': 'last-tab' });
    expect(keymap.prefix).toBe('ctrl-b');
    expect(keymap.after.get('ctrl-b')?.name).toBe('last-tab');
    expect(chosen({ prefix: 'none' }).keymap.prefix).toBeUndefined();
  });
});

describe('what is wrong is one line with its place, and the rest holds', () => {
  test.each([
    [{ 'ctrl-i': 'go-to' }, 'c.toml:1:k: "ctrl-i" is the same as tab to a terminal: write "tab"'],
    [{ hyper: 'go-to' }, 'c.toml:1:k: "hyper" is no key: write it like ctrl-k, alt-x, f5 or pageup'],
    [{ x: 'go-to' }, 'c.toml:1:k: "x" is typed into the line: put ctrl- or alt- before it, or "prefix x"'],
    [
      { 'alt-x': 'go-too' },
      'c.toml:1:v: "alt-x": "go-too" is no action: did you mean "go-to"? (/keys names lists them)',
    ],
    [{ 'alt-x': 'qqqqqqqq' }, 'c.toml:1:v: "alt-x": "qqqqqqqq" is no action (/keys names lists them)'],
    [{ 'alt-x': '/whoo' }, 'c.toml:1:v: "alt-x": no command /whoo: did you mean /who?'],
    [{ 'alt-x': '/msg bob\nhi' }, 'c.toml:1:v: "alt-x": "/msg bob\\nhi" is no command: it is one line'],
    [{ 'alt-x': 7 }, 'c.toml:1:v: "alt-x": 7 is not text; write an action in quotes'],
    [{ prefix: 'b' }, 'c.toml:1:v: prefix: "b" is typed into the line'],
    [{ prefix: 'ctrl-m' }, 'c.toml:1:v: prefix: "ctrl-m" is the same as enter to a terminal: write "enter"'],
    [{ prefix: { '%': 'split-right' } }, 'c.toml:1:v: prefix: a key after the prefix is written "prefix x" = "action"'],
  ])('%j', (lines, fault) => {
    const { keymap, faults: told } = chosen({ ...lines, f9: 'quit' });
    expect(told).toEqual([fault]);
    expect(keymap.direct.get('f9')?.name).toBe('quit');
    expect(keymap.direct.get('ctrl-k')?.name).toBe('go-to');
    expect(keymap.prefix).toBe('ctrl-]');
  });

  test('a key that is bound twice, in whatever spelling: the first counts', () => {
    const { keymap, faults: told } = chosen({ 'ctrl-o': 'go-to', 'C-O': 'quit', 'prefix a': 'quit', 'alt-x': 'keys' });
    expect(told).toEqual(['c.toml:2:k: "C-O" is bound twice: ctrl-o is "go-to" already']);
    expect(keymap.direct.get('ctrl-o')?.name).toBe('go-to');
    expect(keymap.direct.get('alt-x')?.name).toBe('keys');
    expect(faults({ 'prefix a': 'quit', 'prefix  a': 'keys' })).toEqual([
      'c.toml:2:k: "prefix  a" is bound twice: prefix a is "quit" already',
    ]);
  });

  test('the prefix is bound to nothing else', () => {
    expect(faults({ 'ctrl-b': 'left', prefix: 'ctrl-b' })).toEqual([
      'c.toml:1:k: "ctrl-b" is the prefix: choose another one',
    ]);
    expect(faults({ 'ctrl-]': 'left' })).toEqual(['c.toml:1:k: "ctrl-]" is the prefix: choose another one']);
    expect(faults({ 'ctrl-]': 'left', prefix: 'none' })).toEqual([]);
  });

  test('the prefix of the multiplexer that we run in is taken, and told', () => {
    const inTmux = { tmux: true, screen: false };
    const inScreen = { tmux: false, screen: true };
    const told = 'c.toml:1:v: prefix: "C-b" is the prefix of tmux, in which uchat runs';
    expect(faults({ prefix: 'C-b' }, inTmux)).toEqual([told]);
    expect(chosen({ prefix: 'C-b' }, inTmux).keymap.prefix).toBe('ctrl-b');
    expect(faults({ prefix: 'ctrl-a' }, inScreen)).toEqual([
      'c.toml:1:v: prefix: "ctrl-a" is the prefix of screen, in which uchat runs',
    ]);
    expect(faults({ prefix: 'ctrl-a' }, inTmux)).toEqual([]);
    expect(faults({ prefix: 'ctrl-b' })).toEqual([]);
  });
});

describe('what nobody can do without', () => {
  test('quitting, sending and the page of keys can have other keys', () => {
    expect(faults({ 'ctrl-c': 'none', 'ctrl-d': 'none', 'alt-q': 'quit' })).toEqual([]);
    expect(faults({ f1: '/who' })).toEqual([]);
    expect(faults({ enter: 'new-line', 'alt-s': 'send' })).toEqual([]);
  });

  test('but are never left without one', () => {
    const { keymap, faults: told } = chosen({ 'ctrl-d': 'none', 'ctrl-c': 'go-to', f1: 'none', 'prefix ?': 'none' });
    expect(told).toEqual([
      'c.toml:2:k: Ctrl-C stays as it is: no other key quits',
      'c.toml:3:k: F1 stays as it is: no other key shows the keys',
    ]);
    expect(keymap.direct.get('ctrl-c')?.name).toBe('quit');
    expect(keymap.direct.get('f1')?.name).toBe('keys');
    expect(faults({ enter: 'none' })).toEqual(['c.toml:1:k: Enter stays as it is: no other key sends']);
  });

  test('nor does the prefix take it', () => {
    const { keymap, faults: told } = chosen({ prefix: 'enter' });
    expect(told).toEqual(['c.toml:1:v: prefix: "enter" stays as it is: no other key sends']);
    expect([keymap.prefix, keymap.direct.get('enter')?.name]).toEqual(['ctrl-]', 'send']);
  });
});
