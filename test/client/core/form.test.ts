import { expect, test } from 'vitest';
import { err, ok } from '../../../src/base/result.ts';
import {
  createForm,
  type FieldSpec,
  type Form,
  MAX_FIELD,
  pressKey,
  withFault,
  withMessage,
  working,
} from '../../../src/client/core/form.ts';
import type { Key } from '../../../src/client/keys/key.ts';

const filled = (text: string) => (text === '' ? err('write something') : ok(text));
const field = (label: string, initial = ''): FieldSpec => ({ label, help: '', initial, check: filled });
const key = (name: string): Key => ({ kind: 'key', name });
const typed = (text: string): Key => ({ kind: 'text', text });

function press(form: Form, ...keys: readonly Key[]): Form {
  return keys.reduce((now, one) => {
    const result = pressKey(now, one);
    expect(result.kind).toBe('editing');
    return result.form;
  }, form);
}

const texts = (form: Form) => form.fields.map(({ input }) => input.text);

test('one begins in the first field, behind what it holds', () => {
  const form = press(createForm('', [field('a', 'x'), field('b')]), typed('y'));
  expect(texts(form)).toEqual(['xy', '']);
});

test('typing goes into the field that has the focus', () => {
  const form = press(createForm('', [field('a'), field('b')]), typed('h'), typed('i'), key('tab'), typed('y'));
  expect(texts(form)).toEqual(['hi', 'y']);
});

test('Tab, Shift-Tab, Up and Down move between the fields, round both ends', () => {
  const form = createForm('', [field('a'), field('b'), field('c')]);
  expect(press(form, key('tab'), key('tab')).focus).toBe(2);
  expect(press(form, key('tab'), key('tab'), key('tab')).focus).toBe(0);
  expect(press(form, key('shift-tab')).focus).toBe(2);
  expect(press(form, key('down')).focus).toBe(1);
  expect(press(form, key('up')).focus).toBe(2);
});

test('the keys of the input line work in a field', () => {
  const form = press(createForm('', [field('a', 'one two')]), key('ctrl-w'), typed('x'), key('ctrl-a'), typed('>'));
  expect(texts(form)).toEqual(['>one x']);
});

test('a field has one line: what is pasted is joined and cut to what a field holds', () => {
  const form = press(createForm('', [field('a')]), { kind: 'paste', text: ' 10.0.0.7\r\n' });
  expect(texts(form)).toEqual(['10.0.0.7']);
  const long = press(createForm('', [field('a')]), { kind: 'paste', text: 'x'.repeat(10_000) }, typed('y'));
  expect(texts(long)).toEqual(['x'.repeat(MAX_FIELD)]);
  expect(texts(press(createForm('', [field('a', 'x')]), key('alt-enter')))).toEqual(['x']);
});

test('Enter gives every field without the blanks around it', () => {
  expect(pressKey(createForm('', [field('a', ' x '), field('b', 'y')]), key('enter'))).toMatchObject({
    kind: 'submitted',
    texts: ['x', 'y'],
  });
});

test('Enter with a field that is wrong goes to it and says why; a change takes the words away', () => {
  const form = createForm('', [field('a', 'x'), field('b'), field('c')]);
  const wrong = press(press(form, key('shift-tab')), key('enter'));
  expect(wrong.focus).toBe(1);
  expect(wrong.fields.map(({ error }) => error)).toEqual([undefined, 'write something', 'write something']);
  expect(press(wrong, key('left')).fields[1]?.error).toBe('write something');
  expect(press(wrong, typed('y')).fields[1]?.error).toBeUndefined();
});

test('what only the whole form tells is shown at its field', () => {
  const form = withFault(createForm('', [field('a', 'x'), field('b', 'y')]), 1, 'not this one');
  expect(form.focus).toBe(1);
  expect(form.fields[1]?.error).toBe('not this one');
});

test.each(['escape', 'ctrl-c'])('%s leaves the form', (name) => {
  expect(pressKey(createForm('', [field('a')]), key(name)).kind).toBe('cancelled');
});

test('while something is under way only leaving it means anything', () => {
  const busy = working(createForm('', [field('a', 'x')]), 'connecting');
  expect(press(busy, typed('y'), key('enter'))).toEqual(busy);
  expect(pressKey(busy, key('escape')).kind).toBe('cancelled');
  const failed = withMessage(busy, 'nothing listens there', true);
  expect(failed).toMatchObject({ busy: undefined, message: { text: 'nothing listens there', bad: true } });
  expect(texts(press(failed, typed('y')))).toEqual(['xy']);
});

test('keys that mean something in the chat alone change nothing', () => {
  const form = createForm('', [field('a', 'x')]);
  expect(press(form, key('pageup'), key('alt-1'), key('f1'), key('f9'))).toEqual(form);
});
