import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes, nextGrapheme, previousGrapheme } from '../../../src/base/text/graphemes.ts';
import {
  boundaryAfter,
  boundaryBefore,
  characterEnd,
  characterStart,
  wordEnd,
  wordStart,
} from '../../../src/client/core/input-words.ts';

const FAMILY = '👨‍👩‍👧‍👦';
const PIECES = [
  'a',
  'b1',
  ' ',
  '\n',
  '中',
  'かな',
  FAMILY,
  '🇨🇭',
  '\u0301',
  '\u200d',
  '\u0600',
  'ᄒ',
  'ᅡ',
  'क्ष',
  'é',
  '👍🏽',
  '.',
];
const piece = fc.constantFrom(...PIECES);
/** Long enough on both sides that what is looked at ends before the text does. */
const long = fc
  .tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom('ab', '中文', FAMILY, ' '), fc.nat({ max: 40 }))
  .map(([pieces, filler, at]) => {
    const side = filler.repeat(200);
    const middle = pieces.join('');
    return { text: side + middle + side, index: side.length + Math.min(at, middle.length) };
  });

function boundaries(text: string): Set<number> {
  const found = new Set([0]);
  let at = 0;
  for (const cluster of graphemes(text)) found.add((at += cluster.length));
  return found;
}

describe('the characters around an index', () => {
  test('are those of the whole text, however little of it is looked at', () => {
    fc.assert(
      fc.property(long, ({ text, index }) => {
        expect(characterEnd(text, index)).toBe(nextGrapheme(text, index));
        expect(characterStart(text, index)).toBe(previousGrapheme(text, index));
      }),
      { numRuns: 1000 },
    );
  });

  test('an index inside of one is moved to its end, or its start', () => {
    const text = `a${FAMILY}b`;
    expect(boundaryAfter(text, 3)).toBe(1 + FAMILY.length);
    expect(boundaryBefore(text, 3)).toBe(1);
    expect(boundaryAfter(text, 1)).toBe(1);
    expect(boundaryBefore(text, 1)).toBe(1);
    expect(boundaryAfter(text, 99)).toBe(text.length);
    expect(boundaryBefore(text, -1)).toBe(0);
  });

  test('a character of hundreds of marks is one', () => {
    const text = `xy${'o'}${'\u0301'.repeat(500)}z`;
    expect(characterEnd(text, 2)).toBe(503);
    expect(characterStart(text, 503)).toBe(2);
  });
});

describe('the words around an index', () => {
  test('lead through any text to its ends, always between characters', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const all = boundaries(text);
        for (let at = 0; at < text.length; ) {
          const next = wordEnd(text, at);
          expect(next).toBeGreaterThan(at);
          expect(all).toContain(next);
          at = next;
        }
        for (let at = text.length; at > 0; ) {
          const before = wordStart(text, at);
          expect(before).toBeLessThan(at);
          expect(all).toContain(before);
          at = before;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('are found behind thousands of blanks, and in a text without any', () => {
    const far = `one${' '.repeat(5000)}two`;
    expect(wordEnd(far, 3)).toBe(far.length);
    expect(wordStart(far, 5003)).toBe(0);
    const words = '今天天气很好'.repeat(1000);
    expect(wordEnd(words, 3000)).toBe(3002);
    expect(wordStart(words, 3002)).toBe(3000);
  });
});
