import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LETTERS, MAX_TEXT, matcher } from '../../../src/client/core/fuzzy.ts';

const fuzzy = (query: string, name: string) => matcher(query)(name);
const score = (query: string, name: string): number => fuzzy(query, name)?.score ?? Number.NEGATIVE_INFINITY;
/** The letters that were found, as capitals. */
const marked = (query: string, name: string): string | undefined => {
  const found = fuzzy(query, name);
  return found && Array.from(name, (char, i) => (found.at.includes(i) ? char.toUpperCase() : char)).join('');
};
const order = (query: string, ...names: string[]): string[] =>
  names.filter((name) => fuzzy(query, name) !== undefined).toSorted((a, b) => score(query, b) - score(query, a));

describe('a few letters', () => {
  test('are found in order, in any case, whatever lies between them', () => {
    expect(marked('gd', 'go-to-dev')).toBe('Go-to-Dev');
    expect(marked('BOB', 'bobby')).toBe('BOBby');
    expect(marked('o p s', '#ops')).toBe('#OPS');
    expect(fuzzy('dg', 'go-to-dev')).toBeUndefined();
    expect(fuzzy('bobb', 'bob')).toBeUndefined();
  });

  test('prefer what begins a word, and what stands in a row', () => {
    expect(marked('dev', 'dxe-old-dev')).toBe('dxe-old-DEV');
    expect(marked('st', 'test-story')).toBe('test-STory');
    expect(order('dp', 'adept', 'dev-prod', 'dapper')).toEqual(['dev-prod', 'dapper', 'adept']);
    expect(order('ops', 'old-people', 'octopus', 'dev-ops', 'ops')).toEqual(['ops', 'dev-ops', 'octopus']);
  });

  test('prefer a word that is written to initials, and these to letters inside a word', () => {
    expect(order('dev', 'xdevx', 'd-e-v', 'old-dev')).toEqual(['old-dev', 'd-e-v', 'xdevx']);
  });

  test('a whole name comes before one that begins so, and that before one that has it inside', () => {
    expect(order('dev', '#old-dev', '#devel', '#dev')).toEqual(['#dev', '#devel', '#old-dev']);
    // The sign need not be typed, and may be.
    for (const query of ['dev', '#dev']) expect(order(query, '#devel', '#dev')).toEqual(['#dev', '#devel']);
    expect(order('mira', 'miranda', '~mira')).toEqual(['~mira', 'miranda']);
  });

  test('nothing typed fits everything alike', () => {
    expect(fuzzy('', 'bob')).toEqual({ score: 0, at: [] });
    expect(fuzzy('  ', '')).toEqual({ score: 0, at: [] });
  });
});

const letters = fc.string({ unit: fc.constantFrom(...Array.from('abAB1-_#é😀 ')), maxLength: 12 });
const anything = fc.oneof(letters, fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'binary' }));

describe('whatever is typed, whatever the name', () => {
  const plain = (text: string): string =>
    Array.from({ length: text.length }, (_, i) => {
      const lower = text.charAt(i).toLowerCase();
      return lower.length === 1 ? lower : text.charAt(i);
    }).join('');
  const wanted = (query: string): string => plain(query.replaceAll(/\s/gu, '')).slice(0, MAX_LETTERS);

  test('it fits just where its letters are there in order, and they are where it says', () => {
    fc.assert(
      fc.property(anything, anything, (query, name) => {
        const text = plain(name.slice(0, MAX_TEXT));
        let from = 0;
        const isThere = Array.from({ length: wanted(query).length }, (_, i) => wanted(query).charAt(i)).every(
          (letter) => {
            from = text.indexOf(letter, from) + 1;
            return from > 0;
          },
        );
        const found = fuzzy(query, name);
        expect(found !== undefined).toBe(isThere);
        if (found === undefined) return;
        expect(found.at.map((i) => text.charAt(i)).join('')).toBe(wanted(query));
        expect(found.at).toEqual([...new Set(found.at)].toSorted((a, b) => a - b));
      }),
    );
  });

  test('no name scores higher than the one that was typed', () => {
    const name = fc.string({ unit: fc.constantFrom(...Array.from('abc1-_')), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(name, name, (query, other) => {
        if (other !== query) expect(score(query, query)).toBeGreaterThan(score(query, other));
      }),
    );
  });

  test('letters in a row score higher than the same with something between them', () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from('abcde')), minLength: 2, maxLength: 6 });
    const gap = fc.string({ unit: fc.constantFrom(...Array.from('xyz')), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(word, gap, fc.nat(), (query, between, at) => {
        const cut = 1 + (at % (query.length - 1));
        const apart = `${query.slice(0, cut)}${between}${query.slice(cut)}`;
        expect(score(query, `xx${query}${between}`)).toBeGreaterThan(score(query, `xx${apart}`));
      }),
    );
  });

  test('one letter more never fits what the letters before did not', () => {
    fc.assert(
      fc.property(letters, letters, fc.constantFrom(...Array.from('ab1#')), (query, name, letter) => {
        if (fuzzy(query, name) === undefined) expect(fuzzy(query + letter, name)).toBeUndefined();
      }),
    );
  });

  test('a long name and many letters take no long time: both are cut', () => {
    const found = fuzzy('a'.repeat(10_000), 'a'.repeat(10_000));
    expect(found?.at).toHaveLength(MAX_LETTERS);
  });
});
