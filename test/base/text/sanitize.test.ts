import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import { MAX_MARKS, sanitizeLine, sanitizeText } from '../../../src/base/text/sanitize.ts';
import { clusterWidth } from '../../../src/base/text/width.ts';

const NAUGHTY: readonly string[] = JSON.parse(
  readFileSync(new URL('../../data/naughty-strings.json', import.meta.url), 'utf8'),
);

/** Written by code point, apart from the sanitiser's own patterns. */
const FORBIDDEN_RANGES: readonly (readonly [number, number, string])[] = [
  [0x00, 0x09, 'C0'],
  [0x0b, 0x1f, 'C0'],
  [0x7f, 0x9f, 'DEL and C1'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'grapheme joiner'],
  [0x61c, 0x61c, 'Arabic letter mark'],
  [0x115f, 0x1160, 'Hangul fillers'],
  [0x17b4, 0x17b5, 'invisible vowels'],
  [0x180b, 0x180f, 'Mongolian selectors'],
  [0x200b, 0x200b, 'zero-width space'],
  [0x200e, 0x200f, 'direction marks'],
  [0x2028, 0x202e, 'separators and direction overrides'],
  [0x2060, 0x206f, 'word joiner, isolates and the like'],
  [0x3164, 0x3164, 'Hangul filler'],
  [0xd800, 0xdfff, 'surrogates'],
  [0xe000, 0xf8ff, 'private use'],
  [0xfdd0, 0xfdef, 'noncharacters'],
  [0xfe00, 0xfe0d, 'variation selectors'],
  [0xfeff, 0xfeff, 'byte order mark'],
  [0xffa0, 0xffa0, 'half-width filler'],
  [0xfff0, 0xfffb, 'annotations'],
  [0xfffe, 0xffff, 'noncharacters'],
  [0x1bca0, 0x1bca3, 'shorthand controls'],
  [0x1d173, 0x1d17a, 'music controls'],
  [0xe0000, 0xe001f, 'language tag'],
  [0xe0080, 0x10ffff, 'selectors, unassigned and private use'],
];

/** What is wrong with a sanitised text, or nothing. */
function complaint(text: string): string | undefined {
  if (!text.isWellFormed()) return 'not well-formed';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const range = FORBIDDEN_RANGES.find(([from, to]) => code >= from && code <= to);
    if (range) return `U+${code.toString(16)}: ${range[2]}`;
    if (/\p{Cn}/u.test(character)) return `U+${code.toString(16)}: unassigned`;
  }
  for (const cluster of graphemes(text)) {
    if (cluster !== '\n' && clusterWidth(cluster) === 0) return `takes no cell: ${JSON.stringify(cluster)}`;
  }
  if (/^\p{M}/mu.test(text)) return 'a line begins with a mark';
  if (new RegExp(`\\p{M}{${MAX_MARKS + 1}}`, 'u').test(text)) return 'too many marks';
  return undefined;
}

/** Characters that mean something to one of the rules, so that rules meet each other in one text. */
const SPECIALS = [
  ['\x1b', '\x9b', '\x00', '\x7f', '\r', '\n', '\t', '\v', '\x85', '\u2028', '\ud800', '\udc00', '\ufffd'],
  ['\u202e', '\u2066', '\u200b', '\u200c', '\u200d', '\ufe0e', '\ufe0f', '\ufe00', '\u20e3', '\u034f', '\u061c'],
  ['\u0301', '\u0300', '\u05b0', '\u0e33', '\u0903', '\u093f', '\u094d', '\u0600', '\u{110bd}', '\uff9e'],
  ['a', '1', '#', ' ', 'ß', '\u0645', '\u062e', '\u0915', '\u0dc1', '\u0dca', '世', '가', '각'],
  ['\u1100', '\u1161', '\u11a8', '\ud7b0', '\ud7cb', '\ua960', '\u1160'],
  ['👨', '👩', '❤', '⌚', '©', '🏽', '🏴', '🇩', '🇪', '\u{e0067}', '\u{e0062}', '\u{e0065}', '\u{e006e}', '\u{e007f}'],
  ['\u{e0001}', '\u{e0100}', '\ue000', '\u0378', '\uffff', '\u{1fffe}'],
].flat();
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(...SPECIALS), maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
);

describe('any string', () => {
  test('becomes a line that is harmless, and one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = sanitizeLine(text);
        expect(complaint(line)).toBeUndefined();
        expect(line).not.toContain('\n');
      }),
      { numRuns: 3000 },
    );
  });

  test('becomes a text that is harmless', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(complaint(sanitizeText(text))).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('is not changed by a second pass', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(sanitizeLine(sanitizeLine(text))).toBe(sanitizeLine(text));
        expect(sanitizeText(sanitizeText(text))).toBe(sanitizeText(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('of printable ASCII stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(sanitizeLine(text)).toBe(text);
      }),
    );
  });

  test('of the big list of naughty strings is made harmless', () => {
    expect(NAUGHTY.length).toBeGreaterThan(400);
    const faults = NAUGHTY.flatMap((text) => complaint(sanitizeText(text)) ?? complaint(sanitizeLine(text)) ?? []);
    expect(faults).toEqual([]);
  });

  test('of one code point is harmless, whichever it is', () => {
    const faults: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      // Nothing is assigned here but private use, whose edges are enough.
      if (code === 0x33000) code = 0xdfff0;
      if (code === 0xe1010) code = 0xeff00;
      if (code === 0xf0100) code = 0x10ff00;
      const wrong = complaint(sanitizeLine(String.fromCodePoint(code)));
      if (wrong !== undefined) faults.push(wrong);
    }
    expect(faults).toEqual([]);
  });
});

describe('what is meant stays', () => {
  test.each([
    ['Latin with accents', 'Zürich, façade, ångström, Việt Nam'],
    ['decomposed accents', 'e\u0301 a\u0323\u0302'],
    ['Chinese, Japanese, Korean', '你好 こんにちは 안녕하세요'],
    ['Arabic and pointed Hebrew', 'السلام عليكم שָׁלוֹם'],
    ['the non-joiner of Persian', 'می\u200cخواهم'],
    ['the joiner of Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
    ['the joiner of Bengali', '\u09b0\u200d\u09cd\u09af'],
    ['Hindi, Thai, Tamil', 'नमस्ते สวัสดี வணக்கம்'],
    ['a Tibetan stack', 'ཧཱུྃ་རྒྱ'],
    ['Hangul in letters', '\u1112\u1161\u11ab'],
    ['a heart, a keycap and a flag', '❤️ 1️⃣ 🇩🇪'],
    ['skin tones and families', '👍🏽 👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨🏿 🏳️‍🌈 ⛹🏽‍♀️'],
    ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a pictograph as text', '⌚\ufe0e'],
    ['box drawing and signs', '├── ● ◐ ○ ↳ … “”'],
  ])('%s', (_name, text) => {
    expect(sanitizeLine(text)).toBe(text);
    expect(sanitizeText(`${text}\n${text}`)).toBe(`${text}\n${text}`);
  });
});

describe('what is not', () => {
  test.each([
    ['an escape sequence shows where it was', '\x1b[31mred\x1b[0m', '\ufffd[31mred\ufffd[0m'],
    ['so does one in its 8-bit form', '\x9b31mred', '\ufffd31mred'],
    ['a title change', '\x1b]0;owned\x07', '\ufffd]0;owned\ufffd'],
    ['a bell and a backspace', 'a\x07b\bc', 'a\ufffdb\ufffdc'],
    ['lone surrogates', 'a\ud800b\udc00c', 'a\ufffdb\ufffdc'],
    ['a direction override', 'user\u202egpj.exe', 'usergpj.exe'],
    ['isolates', '\u2066a\u2069\u2067b\u2069', 'ab'],
    ['direction marks', 'a\u200e\u200f\u061cb', 'ab'],
    ['zero-width characters', 'a\u200bl\u2060i\ufeffc\u00ade\u034f', 'alice'],
    ['joiners between Latin letters', 'al\u200di\u200cce', 'alice'],
    ['two joiners where one is meant', '\u0645\u200c\u200c\u062e', '\u0645\u062e'],
    ['a variation selector after a letter', 'a\ufe0fb\u{e0100}c\ufe00', 'abc'],
    ['a keycap selector without its keycap', '1\ufe0f2', '12'],
    ['text spelt in tags', 'hi\u{e0068}\u{e0069}\u{e007f}', 'hi'],
    ['text spelt in tags behind a flag', '🏴\u{e0068}\u{e0069}\u{e007f}', '🏴'],
    ['a private-use glyph', 'a\ue0b0b', 'a\ufffdb'],
    ['a character that does not exist', '\u0378\uffff', '\ufffd\ufffd'],
    ['a tab', 'a\tb', 'a    b'],
    ['a vowel of Hangul without its initial', 'a\u1161b', 'a\ufffdb'],
    ['Hangul fillers', 'a\u115f\u1160\u3164\uffa0b', 'ab'],
    ['a mark that would sit on the frame', '\u0301a', '\u25cc\u0301a'],
  ])('%s', (_name, text, shown) => {
    expect(sanitizeLine(text)).toBe(shown);
    expect(sanitizeText(text)).toBe(shown);
  });

  test('every kind of line end is a space in a line and a newline in a text', () => {
    const text = 'a\r\nb\rc\nd\ve\ff\x85g\u2028h\u2029i';
    expect(sanitizeLine(text)).toBe('a b c d e f g h i');
    expect(sanitizeText(text)).toBe('a\nb\nc\nd\ne\nf\ng\nh\ni');
  });

  test('a mark at the start of any line gets a carrier', () => {
    expect(sanitizeText('a\n\u0301b')).toBe('a\n\u25cc\u0301b');
  });

  test('marks are kept up to their number', () => {
    expect(sanitizeLine(`a${'\u0301'.repeat(50)}b`)).toBe(`a${'\u0301'.repeat(MAX_MARKS)}b`);
  });

  test('a chain of joined emoji falls apart, so that none hides', () => {
    expect(sanitizeLine(Array(5).fill('👨').join('\u200d'))).toBe('👨👨👨👨👨');
  });
});
