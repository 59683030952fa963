import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from '../../../src/base/text/graphemes.ts';
import { sanitizeLine } from '../../../src/base/text/sanitize.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import { EMPTY_LINE, edit, type InputLine, insert } from '../../../src/client/core/input-line.ts';
import type { Row } from '../../../src/client/view/cells.ts';
import { inputBox, inputHeight } from '../../../src/client/view/input-box.ts';

const FAMILY = '👨‍👩‍👧‍👦';
const text = (row: Row): string => row.map((piece) => piece.text).join('');
const rows = (line: InputLine, width: number, height = 100): string[] => inputBox(line, width, height).rows.map(text);
const at = (shown: string): InputLine => ({ text: shown.replace('|', ''), cursor: shown.indexOf('|') });

const looks = new Map<string, string>();
function lookOf(cluster: string): string {
  const known = looks.get(cluster);
  if (known !== undefined) return known;
  const look = cluster === '\n' ? '' : sanitizeLine(cluster);
  looks.set(cluster, look);
  return look;
}

/** The plainest way to lay it out: from the beginning, one character after the other. */
function plainly({ text: whole, cursor }: InputLine, width: number) {
  const made: string[] = [''];
  let cells = 0;
  let index = 0;
  let place: { x: number; y: number } | undefined;
  const next = (): void => {
    made.push('');
    cells = 0;
  };
  const stand = (): void => {
    if (cells >= width) next();
    place ??= { x: cells, y: made.length - 1 };
  };
  for (const cluster of graphemes(whole)) {
    const shown = lookOf(cluster);
    if (cells + textWidth(shown) > width) next();
    if (index === cursor) stand();
    index += cluster.length;
    made[made.length - 1] += shown;
    cells += textWidth(shown);
    if (cluster === '\n') next();
  }
  if (index === cursor) stand();
  return { rows: made, cursor: place };
}

describe('the rows of the input', () => {
  test('are as wide as the line, and a newline ends one', () => {
    expect(rows(at('one two|'), 4)).toEqual(['one ', 'two']);
    expect(rows(at('one\n\ntwo|'), 10)).toEqual(['one', '', 'two']);
    expect(rows(at('|'), 10)).toEqual(['']);
  });

  test('never cut a character, and a wide one at the edge goes to the next', () => {
    expect(rows(at(`abc${FAMILY}|d`), 4)).toEqual(['abc', `${FAMILY}d`]);
    expect(rows(at('中文字|'), 3)).toEqual(['中', '文', '字']);
    expect(rows(at('中|'), 1)).toEqual(['']);
  });

  test('give the cursor a cell of its own, also behind a row that is full', () => {
    expect(inputBox(at('abcd|'), 4, 9)).toMatchObject({ rows: [[{ text: 'abcd' }], []], cursor: { x: 0, y: 1 } });
    expect(inputBox(at('abc|d'), 4, 9).cursor).toEqual({ x: 3, y: 0 });
    expect(inputBox(at('abcd|\nx'), 4, 9)).toMatchObject({ cursor: { x: 0, y: 1 }, rows: [{}, [], [{ text: 'x' }]] });
    expect(inputHeight(at('abcd|'), 4, 9)).toBe(2);
    expect(inputHeight(at('abcd|'), 4, 1)).toBe(1);
  });

  test('of a long text are those around the cursor', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const whole = lines.join('\n');
    const end = { text: whole, cursor: whole.length };
    expect(rows(end, 20, 3)).toEqual(['line 17', 'line 18', 'line 19']);
    expect(inputBox(end, 20, 3).cursor).toEqual({ x: 7, y: 2 });
    expect(rows({ text: whole, cursor: 0 }, 20, 3)).toEqual(['line 0', 'line 1', 'line 2']);
    expect(inputHeight(end, 20, 8)).toBe(8);
    expect(inputHeight(end, 20, 100)).toBe(20);
  });

  test('show what could harm the screen as what it is not', () => {
    expect(rows(at('a\u202eb\u200bc\td|'), 20)).toEqual(['abc    d']);
  });

  test('mark what was found, character by character, over the end of a row', () => {
    const { rows: made } = inputBox(at('the builder|'), 6, 9, [{ from: 4, to: 9 }]);
    expect(made.map((row) => row.map(({ text: piece, role, underline }) => [piece, role, underline === true]))).toEqual(
      [
        [
          ['the ', 'input', false],
          ['bu', 'selection', true],
        ],
        [
          ['ild', 'selection', true],
          ['er', 'input', false],
        ],
      ],
    );
  });
});

describe('whatever is written', () => {
  // All of them have a cell, and room in a row: where the cursor stands before what has none is nobody's question.
  const piece = fc.constantFrom('a', 'word ', '中', FAMILY, '\n', 'e\u0301', '🇨🇭', '\t', '👍🏽', 'ש', 'क्ष');
  const width = fc.integer({ min: 4, max: 12 });

  test('the rows are those of the plainest way, and the cursor is where it is', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), width, fc.nat({ max: 60 }), (pieces, columns, moves) => {
        let line: InputLine = { text: pieces.join(''), cursor: 0 };
        for (let i = 0; i < moves; i += 1) line = edit(line, 'right');
        const box = inputBox(line, columns, 1000);
        const plain = plainly(line, columns);
        expect(box.rows.map(text)).toEqual(plain.rows);
        expect(box.cursor).toEqual(plain.cursor);
        expect(inputHeight(line, columns, 1000)).toBe(plain.rows.length);
      }),
      { numRuns: 500 },
    );
  });

  test('a change anywhere in a long text shows what a text that was never seen shows', () => {
    const step = fc.oneof(
      piece.map((each) => (line: InputLine) => insert(line, each)),
      fc
        .constantFrom('left', 'wordLeft', 'lineStart', 'lineEnd', 'deleteBack', 'deleteForward', 'killToEnd', 'undo')
        .map((action) => (line: InputLine) => edit(line, action)),
      fc.nat().map((where) => (line: InputLine) => edit({ ...line, cursor: where % (line.text.length + 1) }, 'left')),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 5, maxLength: 40 }),
        fc.array(step, { maxLength: 12 }),
        width,
        (pieces, steps, columns) => {
          let line = EMPTY_LINE;
          while (line.text.length < 2000) line = insert(line, `${pieces.join('')}x`);
          for (const each of [(same: InputLine) => same, ...steps]) {
            line = each(line);
            const box = inputBox(line, columns, 5);
            const plain = plainly(line, columns);
            const top = (plain.cursor?.y ?? 0) - box.cursor.y;
            expect(box.cursor.x).toBe(plain.cursor?.x);
            expect(box.rows.map(text)).toEqual(plain.rows.slice(top, top + 5));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
