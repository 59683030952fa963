import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { LAST_TIME } from '../../../src/protocol/fields.ts';
import { readCursor, readWords, writeCursor } from '../../../src/server/core/search-words.ts';
import type { SearchPlace } from '../../../src/server/store/store.ts';

test.each([
  ['green', ['green'], true, undefined],
  ['  green   build ', ['green', 'build'], true, undefined],
  ['"build is green"', ['build is green'], false, undefined],
  ['"build is" gre', ['build is', 'gre'], true, undefined],
  ['gre "build is"', ['gre', 'build is'], false, undefined],
  ['"build is', ['build is'], false, undefined],
  ['say"build is"now', ['say', 'build is', 'now'], true, undefined],
  ['""', undefined, false, undefined],
  ['" " green ""', ['green'], true, undefined],
  ['from:alice', [], false, 'alice'],
  ['green from:alice', ['green'], true, 'alice'],
  ['FROM:@~bob green', ['green'], true, '~bob'],
  ['from:alice from:bob', [], false, 'bob'],
  ['"from:alice"', ['from:alice'], false, undefined],
  ['from: alice', ['from:', 'alice'], true, undefined],
  ['from:#dev x', ['from:#dev', 'x'], true, undefined],
  ['-- ! …', undefined, false, undefined],
  ['世界', ['世界'], true, undefined],
  ['🎉', ['🎉'], true, undefined],
  ['a* OR (b)', ['a*', 'OR', '(b)'], true, undefined],
])('%j', (typed, phrases, prefix, from) => {
  const expected = { phrases, prefix, ...(from === undefined ? {} : { from }) };
  expect(readWords(typed)).toEqual(phrases === undefined ? undefined : expected);
});

/** Those that mean something here. */
const sign = fc.constantFrom(...'":@~ from-a'.split('')).map((char) => char.charCodeAt(0));

test('no character of what was typed is in two words, and none is made up', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(sign, fc.nat({ max: 0xffff })), { maxLength: 60 }), (units) => {
      const typed = String.fromCharCode(...units).toWellFormed();
      const read = readWords(typed);
      if (read === undefined) return;
      let rest = typed;
      for (const phrase of read.phrases) {
        const at = rest.indexOf(phrase);
        expect(at).toBeGreaterThanOrEqual(0);
        rest = rest.slice(at + phrase.length);
      }
    }),
  );
});

test('a place is read as it was written, and fits the protocol', () => {
  fc.assert(
    fc.property(fc.nat({ max: LAST_TIME }), fc.nat({ max: Number.MAX_SAFE_INTEGER }), (time, n) => {
      const place: SearchPlace = { time: unixMs(time), n };
      expect(readCursor(writeCursor(place))).toEqual(place);
      expect(writeCursor(place)).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    }),
  );
});
