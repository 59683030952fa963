import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findWords, soughtWords } from '../../../src/base/text/find-words.ts';

const marked = (text: string, typed: string): string[] =>
  findWords(text, soughtWords(typed)).map(({ start, end }) => text.slice(start, end));

describe('the words of a search are found in a text', () => {
  test.each([
    ['in any case', 'The BUILD is green', 'build', ['BUILD']],
    ['without their accents', 'Café crème, cafe\u0301', 'cafe', ['Café', 'cafe\u0301']],
    ['with accents that the text has not', 'a cafe', 'café', ['cafe']],
    ['each of several', 'green is the build again', 'build green', ['green', 'build']],
    ['the last one as a beginning', 'building builds', 'buil', ['building', 'builds']],
    ['one before the last only whole', 'building build', 'build green', ['build']],
    ['but not a short beginning', 'bus and b', 'bu', []],
    ['nor in the middle of a word', 'rebuild', 'build', []],
    ['words of a phrase', 'green again and again', '"green again"', ['green', 'again', 'again']],
    ['a phrase is no beginning', 'against', '"again"', []],
    ['signs are blanks', 'foo-bar', 'foo bar', ['foo', 'bar']],
    ['signs in the search, too', 'foo bar', 'foo-bar', ['foo', 'bar']],
    ['characters of writing without blanks', '明日は東京へ', '東京', ['東', '京']],
    ['emoji', 'done 👍🏽 yes', '👍🏽', ['👍🏽']],
    ['and a name is none of them', 'bob says alice', 'from:bob alice', ['alice']],
  ])('%s', (_, text, typed, found) => {
    expect(marked(text, typed)).toEqual(found);
  });

  test('whatever the text and the search are, what is marked lies in it, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 30 }), (text, typed) => {
        let at = 0;
        for (const { start, end } of findWords(text, soughtWords(typed))) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
