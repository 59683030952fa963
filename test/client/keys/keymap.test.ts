import { expect, test } from 'vitest';
import { actionOf, KEY_GROUPS, KEYMAP } from '../../../src/client/keys/keymap.ts';

test('no key has two meanings', () => {
  const names = KEYMAP.flatMap(({ keys }) => keys);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every key is spelled as the decoder spells it', () => {
  const named = 'enter|tab|backspace|delete|escape|up|down|left|right|home|end|pageup|pagedown|insert|f1|f7';
  const spelled = new RegExp(`^(ctrl-)?(alt-)?(shift-)?([a-z0-9_]|${named})$`);
  for (const name of KEYMAP.flatMap(({ keys }) => keys)) expect(name).toMatch(spelled);
});

test('the keys that fingers know', () => {
  const key = (name: string) => actionOf({ kind: 'key', name });
  expect(key('alt-1')).toEqual({ kind: 'goTo', number: 1 });
  expect(key('alt-0')).toEqual({ kind: 'goTo', number: 10 });
  expect(key('ctrl-n')).toEqual({ kind: 'nextTab' });
  expect(key('alt-left')).toEqual({ kind: 'previousTab' });
  expect(key('alt-enter')).toEqual({ kind: 'edit', edit: 'newline' });
  expect(key('alt-b')).toEqual({ kind: 'edit', edit: 'wordLeft' });
  expect(key('ctrl-d')).toEqual({ kind: 'deleteOrQuit' });
  expect(key('ctrl-c')).toEqual({ kind: 'quit' });
  expect(key('f12')).toBeUndefined();
});

test('text is inserted, a paste stays a paste', () => {
  expect(actionOf({ kind: 'text', text: 'é' })).toEqual({ kind: 'insert', text: 'é' });
  expect(actionOf({ kind: 'paste', text: 'a\nb' })).toEqual({ kind: 'paste', text: 'a\nb' });
});

test('every group has a title and keys', () => {
  expect(new Set(KEYMAP.map(({ group }) => group))).toEqual(new Set(Object.keys(KEY_GROUPS)));
});
