import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest } from '../../../src/client/commands/find.ts';
import { COMMANDS } from '../../../src/client/commands/index.ts';

describe('how far one word is from another', () => {
  test.each([
    ['join', 'join', 0],
    ['jon', 'join', 1],
    ['jion', 'join', 1],
    ['joinn', 'join', 1],
    ['loin', 'join', 1],
    ['', 'join', 4],
    ['abc', 'xyz', 3],
  ])('%j and %j: %i', (a, b, far) => {
    expect(distance(a, b)).toBe(far);
  });

  test('it is the same both ways, and nothing only from a word to itself', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('the nearest command', () => {
  test.each([
    ['jon', ': did you mean /join?'],
    ['Topci', ': did you mean /topic?'],
    ['hel', ': did you mean /help?'],
    ['lout', ''],
    ['logut', ': did you mean /logout?'],
    ['xyzzy', ''],
    ['x'.repeat(5000), ''],
  ])('of /%s', (typed, words) => {
    expect(nearest(COMMANDS, typed)).toBe(words);
  });
});
