import { expect, test } from 'vitest';
import { err, ok } from '../../../src/base/result.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import { createForm, type Form, pressKey, withMessage, working } from '../../../src/client/core/form.ts';
import { formView } from '../../../src/client/view/form.ts';

const any = () => ok('');
const SPECS = [
  { label: 'IP address', help: 'or a host name', initial: '127.0.0.1', check: any },
  { label: 'Port', help: '1 to 65535', initial: '2428', check: any },
  { label: 'Name', help: 'what the others see', initial: '', check: any },
];
const form = createForm('Connect to a server', SPECS);

const lines = (shown: Form, columns = 80, rows = 24): string[] =>
  formView(shown, { columns, rows }).rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

test('the form stands in the middle, with the field that has the focus explained', () => {
  expect(lines(form, 80, 15)).toEqual([
    '',
    '        Connect to a server',
    '',
    '        IP address  127.0.0.1',
    '                    or a host name',
    '              Port  2428',
    '',
    '              Name',
    '',
    '',
    '        Enter: connect   Tab: next field   Esc: leave',
    '',
    '',
    '',
    '',
  ]);
});

test('the fields stay where they are when the focus moves', () => {
  const place = (shown: Form) => lines(shown).findIndex((line) => line.includes('IP address'));
  expect(place(pressKey(form, { kind: 'key', name: 'tab' }).form)).toBe(place(form));
});

test('the cursor stands behind what is written in the field', () => {
  expect(formView(form, { columns: 80, rows: 15 }).cursor).toEqual({ x: 29, y: 3 });
  const next = pressKey(form, { kind: 'key', name: 'tab' }).form;
  expect(formView(next, { columns: 80, rows: 15 }).cursor).toEqual({ x: 24, y: 5 });
});

test('a text longer than its field moves along, so that the cursor is in it', () => {
  const long = createForm('', [{ label: 'Host', help: '', initial: 'a'.repeat(50), check: any }]);
  const frame = formView(long, { columns: 80, rows: 24 });
  const row = frame.rows[frame.cursor?.y ?? 0]?.map(({ text }) => text).join('') ?? '';
  expect(row.slice(0, frame.cursor?.x)).toMatch(/Host +a+$/);
});

test('what came of the last attempt is told, and nothing of it reaches the terminal as a command', () => {
  const shown = lines(withMessage(form, 'nothing listens on \u001b[31mbox\u0007', true)).join('\n');
  expect(shown).toContain('nothing listens on');
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('while something is under way there is no cursor', () => {
  const busy = working(form, 'Connecting to box:2428 …');
  expect(formView(busy, { columns: 80, rows: 24 }).cursor).toBeUndefined();
  expect(lines(busy).join('\n')).toContain('Connecting to box:2428 …   Esc: stop');
});

test('what is wrong with a field stands under it', () => {
  const wrong = createForm('', [{ label: 'Port', help: 'h', initial: 'x', check: () => err('a port is a number') }]);
  expect(lines(pressKey(wrong, { kind: 'key', name: 'enter' }).form).join('\n')).toContain('a port is a number');
});

test.each([
  [80, 24],
  [40, 10],
  [20, 5],
  [10, 2],
  [2, 1],
  [1, 1],
  [160, 48],
])('on %i by %i no row is wider than the screen, and the cursor is on it', (columns, rows) => {
  const message = withMessage(form, 'no way leads to the host that was asked for', true);
  const frame = formView(message, { columns, rows });
  expect(frame.rows).toHaveLength(rows);
  for (const row of frame.rows) {
    expect(row.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(columns);
    for (const { text, width } of row) expect(textWidth(text)).toBe(width);
  }
  expect(frame.cursor?.x).toBeLessThan(columns);
  expect(frame.cursor?.y).toBeGreaterThanOrEqual(0);
  expect(frame.cursor?.y).toBeLessThan(rows);
});
