import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWide } from '../../../src/base/text/east-asian-wide.ts';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import { clusterWidth, textWidth } from '../../../src/base/text/width.ts';

describe('width in cells', () => {
  test.each([
    ['', 0],
    ['hello', 5],
    ['Zürich', 6],
    ['Привет', 6],
    ['e\u0301', 1],
    ['世界', 4],
    ['한국', 4],
    ['\u1112\u1161\u11ab', 2],
    ['ｆｕｌｌ', 8],
    ['ﾊﾟ', 2],
    ['が', 2],
    ['か\u3099', 2],
    ['😀', 2],
    ['👍🏽', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['❤️', 2],
    ['❤', 1],
    ['1️⃣', 2],
    ['🇩🇪', 2],
    ['🇩', 1],
    ['🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}', 2],
    ['⌚', 2],
    ['©', 1],
    ['के', 1],
    ['कि', 2],
    ['क्षि', 3],
    ['กำ', 2],
    ['نص', 2],
    ['\u0600', 1],
    ['… – “x” ● ◐ ○ │ ─ ↳', 19],
    ['\ufffd', 1],
    ['\u{20000}', 2],
    ['\u200b\u2060\ufeff', 0],
  ])('of %j is %i', (text, width) => expect(textWidth(text)).toBe(width));

  test('of a text is the sum over its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sum = graphemes(text).reduce((total, cluster) => total + clusterWidth(cluster), 0);
        expect(textWidth(text)).toBe(sum);
      }),
    );
  });

  test('of every emoji that is shown as a picture by default is 2', () => {
    const narrow: string[] = [];
    for (let code = 0; code <= 0x1ffff; code++) {
      const character = String.fromCodePoint(code);
      if (/^(?!\p{RI})\p{Emoji_Presentation}$/u.test(character) && clusterWidth(character) !== 2)
        narrow.push(character);
    }
    expect(narrow).toEqual([]);
  });
});

describe('the table of wide characters', () => {
  test('is exact at the edges of its ranges', () => {
    for (const code of [0x1100, 0x115f, 0x231a, 0x3000, 0xac00, 0xd7a3, 0xff01, 0xff60, 0x1f600, 0x20000, 0x3fffd])
      expect(isWide(code), code.toString(16)).toBe(true);
    for (const code of [0, 0x41, 0x10ff, 0x1160, 0x2319, 0x231c, 0xd7a4, 0xff61, 0x1f1e6, 0x1ffff, 0x2fffe, 0x3fffe])
      expect(isWide(code), code.toString(16)).toBe(false);
  });

  test('holds all ideographs, kana and Hangul syllables', () => {
    const missing: number[] = [];
    for (let code = 0x2e80; code <= 0x3ffff; code++) {
      if (/^[\p{Ideographic}[가-힣]]$/v.test(String.fromCodePoint(code)) && !isWide(code)) missing.push(code);
    }
    expect(missing).toEqual([]);
  });
});
