import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitizeLine } from '../../../src/base/text/sanitize.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import { padEnd, padStart, truncate, wrap } from '../../../src/base/text/wrap.ts';

const lines = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom('a', 'b', 'c', ' ', ' ', '世', '界', '。', '👨‍👩‍👧', '❤️', 'e\u0301', 'क्षि', '🇩', '://'),
      maxLength: 60,
    }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  .map(sanitizeLine);

describe('a paragraph', () => {
  test.each([
    ['fits', 'hello world', 20, ['hello world']],
    ['is nothing', '', 10, ['']],
    ['breaks at a space', 'hello big world', 10, ['hello big', 'world']],
    ['breaks where it just fits', 'hello world', 5, ['hello', 'world']],
    ['loses all spaces at a break', 'hello    world', 7, ['hello', 'world']],
    ['keeps spaces inside a row', 'a  b   c', 20, ['a  b   c']],
    ['keeps its indentation', '    if x: return', 10, ['    if x:', 'return']],
    ['loses spaces at its end that do not fit', 'hello    ', 6, ['hello']],
    ['of spaces is one row', '        ', 4, ['    ']],
    ['cuts a word that no row holds', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['begins to cut behind the word before', 'ab cdefghijklm', 6, ['ab cde', 'fghijk', 'lm']],
    ['breaks between wide characters', '世界世界', 5, ['世界', '世界']],
    ['keeps closing signs with what they close', 'aa世界。', 6, ['aa世', '界。']],
    ['puts a wide character whole into the next row', 'abc世', 4, ['abc', '世']],
    ['never splits an emoji', 'ab👨‍👩‍👧👨‍👩‍👧', 5, ['ab👨‍👩‍👧', '👨‍👩‍👧']],
    ['keeps an address whole in its own row', 'see https://box/log', 15, ['see', 'https://box/log']],
    ['keeps an address with wide characters whole', 'see https://x/世界', 14, ['see', 'https://x/世界']],
    ['cuts an address that no row holds', 'https://box/log', 8, ['https://', 'box/log']],
    ['begins a row with an address that it has to cut', 'see https://box/log!', 15, ['see', 'https://box/log', '!']],
    ['cuts another long word where it stands', 'see aaaaaaaaaaaaaaaaaaaa', 15, ['see aaaaaaaaaaa', 'aaaaaaaaa']],
  ])('%s', (_name, text, width, rows) => expect(wrap(text, width)).toEqual(rows));

  test('fills no row beyond its width', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 30 }), (text, width) => {
        for (const row of wrap(text, width)) expect(textWidth(row)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 1000 },
    );
  });

  test('breaks a path that no row holds behind a slash, and a folder only where it must', () => {
    expect(wrap('see /home/alice/.config/uchat/config.toml:3', 20)).toEqual([
      'see /home/alice/',
      '.config/uchat/',
      'config.toml:3',
    ]);
    expect(wrap(`at /tmp/${'x'.repeat(24)}/y`, 20)).toEqual([`at /tmp/${'x'.repeat(12)}`, `${'x'.repeat(12)}/y`]);
  });

  test('loses nothing but spaces, and makes no empty row', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const rows = wrap(text, width);
        expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        if (rows.length > 1) expect(rows).not.toContain('');
        // In order, each row stands in the text as it is, with only spaces between.
        let at = 0;
        for (const row of rows) {
          const found = text.indexOf(row, at);
          expect(text.slice(at, found).trim()).toBe('');
          at = found + row.length;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('of eight thousand characters without a space is wrapped in reasonable time', () => {
    expect(wrap('x'.repeat(8192), 80)).toHaveLength(103);
    expect(wrap('世'.repeat(2730), 80)).toHaveLength(69);
    expect(wrap('a '.repeat(4096), 80)).toHaveLength(103);
  });
});

describe('cut to a width', () => {
  test.each([
    ['hello', 5, 'hello'],
    ['hello', 4, 'hel…'],
    ['世界世界', 5, '世界…'],
    ['世界世界', 6, '世界…'],
    ['世界', 4, '世界'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
    ['', 0, ''],
  ])('%j in %i cells is %j', (text, width, expected) => expect(truncate(text, width)).toBe(expected));

  test('with another sign', () => expect(truncate('hello world', 8, '...')).toBe('hello...'));

  test('never takes more', () => {
    fc.assert(
      fc.property(lines, fc.nat(30), (text, width) => {
        expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

test('padding counts cells', () => {
  expect(padEnd('世', 4)).toBe('世  ');
  expect(padStart('世', 4)).toBe('  世');
  expect(padEnd('hello', 3)).toBe('hello');
  expect(padStart('hello', 3)).toBe('hello');
});
