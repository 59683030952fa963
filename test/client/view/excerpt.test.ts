import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soughtWords } from '../../../src/base/text/find-words.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import type { Found, Search } from '../../../src/client/core/search-state.ts';
import { excerpt } from '../../../src/client/view/excerpt.ts';
import { at, room, seq, user } from '../core/drive.ts';

const searched = (words: string): Search => ({
  words,
  sought: soughtWords(words),
  room: undefined,
  hits: [],
  index: 0,
  before: undefined,
  status: { kind: 'idle' },
  shows: 'list',
  from: { tab: '#lobby', at: undefined },
  kept: undefined,
});
const found = (text: string): Found => ({ room: room('#lobby'), seq: seq(1), from: user('bob'), text, time: at(0) });
const cut = (words: string, text: string, width: number, ellipsis = '…'): string =>
  excerpt(searched(words), found(text), width, ellipsis)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('');

const FILLER = 'one two three four five six seven eight nine ten '.repeat(40);

describe('the excerpt of a hit', () => {
  test('is all of a text that fits', () => {
    expect(cut('build', 'the build is green', 40)).toBe('the [build] is green');
  });

  test('of a longer one has words before the first, and fills its row', () => {
    const text = cut('needle', `${FILLER}needle ${FILLER}`, 60);
    expect(textWidth(text.replaceAll(/[[\]]/g, ''))).toBe(60);
    expect(text).toMatch(/^…\w+ (\w+ )+\[needle\] one two .*…$/);
    expect(text.indexOf('[needle]')).toBeGreaterThan(8);
  });

  test('with little behind the word has the more before it', () => {
    const text = cut('needle', `${FILLER}the needle`, 60);
    expect(text.endsWith(' the [needle]')).toBe(true);
    expect(textWidth(text)).toBeGreaterThan(48);
  });

  test('finds a word wherever it stands, also where a piece that is looked through ends', () => {
    for (let before = 380; before < 420; before++) {
      expect(cut('needle', `${'x '.repeat(before / 2)}needle${' y'.repeat(500)}`, 40), `${before}`).toContain(
        '[needle]',
      );
    }
    // A word that ends so is another.
    expect(cut('dle', `${'x'.repeat(303)}dle ${'y '.repeat(300)}dle`, 40)).toContain('y [dle]');
  });

  test('is cut anew for another width, and by another sign', () => {
    const search = searched('needle');
    const hit = found(`${FILLER}needle ${FILLER}`);
    const width = (cells: number, sign: string): number =>
      textWidth(excerpt(search, hit, cells, sign).reduce((all, { text }) => all + text, ''));
    expect([width(60, '…'), width(30, '…'), width(30, '~')]).toEqual([60, 30, 30]);
    expect(excerpt(search, hit, 30, '~')).toBe(excerpt(search, hit, 30, '~'));
  });

  test('is never wider than its row, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 0, max: 90 }),
        (before, behind, width) => {
          const pieces = excerpt(searched('needle'), found(`${before} needle ${behind}`), width, '…');
          expect(textWidth(pieces.map(({ text }) => text).join(''))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
