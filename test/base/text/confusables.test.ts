import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksAlike, NameIndex, skeleton } from '../../../src/base/text/confusables.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/);

test.each([
  ['alice', 'Alice'],
  ['alice', 'aIice'],
  ['alice', 'a1ice'],
  ['alice', 'al1ce'],
  ['ALICE', 'AL1CE'],
  ['alice', 'ALICE'],
  ['bob', 'b0b'],
  ['root', 'r00T'],
  ['tom', 'torn'],
  ['will', 'vvi11'],
  ['jane.doe', 'jane_doe'],
  ['jane-doe', 'jane__doe'],
  ['alice', 'alice_'],
  ['alice', '_alice'],
  ['alice', 'alice.'],
  ['alice', '~alice'],
  ['__', '_'],
])('%s looks like %s', (a, b) => {
  expect(looksAlike(a, b)).toBe(true);
});

test.each([
  ['alice', 'alicia'],
  ['bob', 'rob'],
  ['user1', 'user2'],
  ['user5', 'users'],
  ['clara', 'dara'],
  ['jane.doe', 'janedoe'],
  ['a', '_'],
  ['ann', 'am'],
])('%s does not look like %s', (a, b) => {
  expect(looksAlike(a, b)).toBe(false);
});

test('a skeleton is its own skeleton, never empty, and the same in any case', () => {
  fc.assert(
    fc.property(name, (text) => {
      expect(skeleton(skeleton(text))).toBe(skeleton(text));
      expect(skeleton(text)).not.toBe('');
      expect(skeleton(text.toUpperCase())).toBe(skeleton(text.toLowerCase()));
    }),
  );
});

describe('an index of names', () => {
  test('finds who has a name, or one like it', () => {
    const index = new NameIndex(['alice', 'bob']);
    expect([index.conflict('alice'), index.conflict('AIice'), index.conflict('carol')]).toEqual([
      'alice',
      'alice',
      undefined,
    ]);
    index.delete('alice');
    index.delete('nobody');
    expect(index.conflict('AIice')).toBeUndefined();
  });

  test('does what a search through all names would', () => {
    const alike = fc.stringMatching(/^[il1I0oO]{1,3}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), alike)), alike, (changes, wanted) => {
        const index = new NameIndex();
        const taken = new Set<string>();
        for (const [add, changed] of changes) {
          if (add) index.add(changed);
          else index.delete(changed);
          if (add) taken.add(changed);
          else taken.delete(changed);
        }
        const found = index.conflict(wanted);
        expect(found !== undefined).toBe([...taken].some((other) => looksAlike(other, wanted)));
        expect(found === wanted).toBe(taken.has(wanted));
      }),
    );
  });
});
