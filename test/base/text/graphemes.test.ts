import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes, nextGrapheme, nextWord, previousGrapheme, previousWord } from '../../../src/base/text/graphemes.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '👨', '\u200d', '\ufe0f', '❤', '\u0301', '\u0915', '\u094d', '\u093f', '🇩', '世'),
  }),
);

/** Where one character ends and the next begins. */
function boundaries(text: string): number[] {
  let position = 0;
  return [0, ...graphemes(text).map((cluster) => (position += cluster.length))];
}

describe('characters', () => {
  test.each([
    ['abc', ['a', 'b', 'c']],
    ['', []],
    ['e\u0301a', ['e\u0301', 'a']],
    ['👨‍👩‍👧x', ['👨‍👩‍👧', 'x']],
    ['🇩🇪🇫🇷', ['🇩🇪', '🇫🇷']],
    ['1️⃣❤️', ['1️⃣', '❤️']],
    ['世界', ['世', '界']],
    ['के', ['के']],
    // Three cells in every terminal, so two characters here.
    ['क्षि', ['क्ष', 'ि']],
  ])('of %j', (text, expected) => expect(graphemes(text)).toEqual(expected));

  test('joined are the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(graphemes(text).join('')).toBe(text);
      }),
    );
  });

  test('are walked one by one, forth and back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const all = boundaries(text);
        const forth = [0];
        while (forth.at(-1)! < text.length) forth.push(nextGrapheme(text, forth.at(-1)!));
        const back = [text.length];
        while (back.at(-1)! > 0) back.push(previousGrapheme(text, back.at(-1)!));
        expect(forth).toEqual(all);
        expect(back.reverse()).toEqual(all);
      }),
    );
  });

  test('are left from their middle to their edges', () => {
    expect(nextGrapheme('a👨‍👩‍👧b', 4)).toBe(9);
    expect(previousGrapheme('a👨‍👩‍👧b', 4)).toBe(1);
  });

  test('end where the text ends', () => {
    expect(nextGrapheme('ab', 2)).toBe(2);
    expect(nextGrapheme('ab', 9)).toBe(2);
    expect(previousGrapheme('ab', 0)).toBe(0);
    expect(nextGrapheme('', 0)).toBe(0);
  });
});

describe('words', () => {
  test('forward stops at their ends', () => {
    const text = 'say "hello, wörld" 世界';
    expect(nextWord(text, 0)).toBe(3);
    expect(nextWord(text, 3)).toBe(10);
    expect(nextWord(text, 10)).toBe(17);
    expect(nextWord(text, 17)).toBe(text.length);
    expect(nextWord('...', 0)).toBe(3);
  });

  test('backward stops at their starts', () => {
    const text = 'say "hello, wörld"';
    expect(previousWord(text, text.length)).toBe(12);
    expect(previousWord(text, 14)).toBe(12);
    expect(previousWord(text, 12)).toBe(5);
    expect(previousWord(text, 5)).toBe(0);
    expect(previousWord('...', 3)).toBe(0);
  });

  test('end between characters, never inside one', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, index) => {
        const all = boundaries(text);
        expect(all).toContain(nextWord(text, index));
        expect(all).toContain(previousWord(text, index));
      }),
    );
  });
});
