import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import { parts } from '../../../src/client/core/paste-parts.ts';
import { MAX_TEXT_BYTES } from '../../../src/protocol/limits.ts';
import { utf8Bytes } from '../../../src/protocol/schema.ts';

describe('a long text in parts', () => {
  test('one that fits is one', () => {
    expect(parts('one\ntwo')).toEqual(['one\ntwo']);
    expect(parts('ü'.repeat(MAX_TEXT_BYTES / 2))).toHaveLength(1);
    expect(parts('')).toEqual([]);
  });

  test('is cut after a line where there is one, and the next keeps its indent', () => {
    expect(parts('one two three\n  four five', 20)).toEqual(['one two three', '  four five']);
    expect(parts('0123456789\n0123456789\n', 10)).toEqual(['0123456789', '0123456789']);
  });

  test('else after a word, else after a character, never inside of one', () => {
    expect(parts('hello there', 8)).toEqual(['hello', 'there']);
    expect(parts('0123456789', 4)).toEqual(['0123', '4567', '89']);
    expect(parts('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 30)).toEqual(['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']);
  });

  test('one character that no message holds is cut all the same', () => {
    const marks = `o${'\u0301'.repeat(30)}`;
    expect(parts(marks, 21).join('')).toBe(marks);
  });

  test('what has nothing in it is no part', () => {
    expect(parts(`a${'\n'.repeat(50)}b`, 10)).toEqual(['a', 'b']);
    expect(parts(' '.repeat(50), 10)).toEqual([]);
  });

  test('each holds no more than it may, and all of the text is in them, in its order', () => {
    const piece = fc.constantFrom('a', 'word', ' ', '\n', '中', '👨‍👩‍👧‍👦', 'é', '\n\n', '    ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 30, max: 60 }), (pieces, bytes) => {
        const text = pieces.join('');
        const found = parts(text, bytes);
        for (const part of found) {
          expect(utf8Bytes(part)).toBeLessThanOrEqual(bytes);
          expect(part.trim()).not.toBe('');
          expect(part.isWellFormed()).toBe(true);
        }
        const solid = (whole: string): string[] => graphemes(whole).filter((one) => one.trim() !== '');
        expect(found.flatMap(solid)).toEqual(solid(text));
      }),
      { numRuns: 500 },
    );
  });
});
