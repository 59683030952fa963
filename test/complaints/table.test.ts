import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPLAINTS } from './table.ts';
import { titlesOf } from './titles.ts';

const TEST = dirname(import.meta.dirname);

describe('the table of complaints', () => {
  test.each(COMPLAINTS)('tests show that it is not so here: $complaint', ({ shownBy }) => {
    expect(shownBy.flatMap(({ titles }) => titles).length).toBeGreaterThan(0);
    for (const { file, titles } of shownBy) {
      const found = titlesOf(file, readFileSync(join(TEST, file), 'utf8'));
      for (const title of titles) expect(found).toContain(title);
    }
  });

  test('what is written for a complaint is in it', () => {
    const file = 'e2e/complaints.test.ts';
    const named = COMPLAINTS.flatMap(({ shownBy }) => shownBy.flatMap((one) => (one.file === file ? one.titles : [])));
    expect(titlesOf(file, readFileSync(join(TEST, file), 'utf8')).toSorted()).toEqual(named.toSorted());
  });
});

describe('the titles of a file', () => {
  test('are those of its tests, also of many at once, and of scripts', () => {
    const source = `
      describe('a', () => {
        test('one', () => {});
        test.each([1])('two %i', () => {});
        describe.runIf(need('tmux'))('b', () => void test.runIf(true)('three', () => {}));
      });
      script('four', async () => {}, ['memory']);
    `;
    expect(titlesOf('a.test.ts', source)).toEqual(['one', 'two %i', 'three', 'four']);
  });

  test('are not of what never runs, nor of what is no test', () => {
    const source = `
      test.skip('one', () => {});
      test.todo('two');
      test.skip.each([1])('three', () => {});
      describe.skip('a', () => void test('four', () => {}));
      // test('five', () => {});
      other('six', () => {});
      const text = "test('seven')";
    `;
    expect(titlesOf('a.test.ts', source)).toEqual([]);
  });

  test('can only be read where the file can', () => {
    expect(() => titlesOf('a.test.ts', 'test(')).toThrow('a.test.ts');
  });
});
