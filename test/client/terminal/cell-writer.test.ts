import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Line } from '../../../src/client/terminal/blessed-screen.ts';
import { CellWriter, JOINS_NOTHING, type Joins } from '../../../src/client/terminal/cell-writer.ts';
import { DARK, paletteOf } from '../../../src/client/terminal/theme.ts';
import type { Frame, Role, Row } from '../../../src/client/view/cells.ts';
import { clip, run } from '../../../src/client/view/runs.ts';
import { Headless } from '../../screen/headless.ts';

const COLUMNS = 24;
const ROWS = 3;

const piece = fc.record({
  text: fc.oneof(
    fc.constantFrom(
      '中',
      '한국',
      'é',
      '👨‍👩‍👧‍👦',
      '🇩🇪',
      '👍🏽',
      '❤️',
      '1️⃣',
      'e\u0301',
      'z\u0338\u0322',
      'नी',
      '│',
      '●',
      '    ',
      'नमस्ते',
    ),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }),
  ),
  role: fc.constantFrom<Role>('text', 'status', 'error', 'nick3'),
});
const row = fc.array(piece, { maxLength: 8 }).map(
  (pieces): Row =>
    clip(
      pieces.map(({ text, role }) => run(text, role)),
      COLUMNS,
    ),
);
const rows = fc.array(row, { minLength: ROWS, maxLength: ROWS });

/** Every cell: what it shows and in which colours; of a blank nothing but its ground is seen. */
function cells({ xterm }: Headless): string[] {
  const { active } = xterm.buffer;
  return Array.from({ length: ROWS }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: COLUMNS }, (__, x) => {
      const cell = line?.getCell(x);
      const text = cell?.getChars() || ' ';
      return `${text}${text === ' ' ? '' : cell?.getFgColor()}/${cell?.getBgColor()}`;
    }).join(' ');
  });
}

async function show(screen: Headless, shown: readonly Row[], title: string): Promise<void> {
  const frame: Frame = { columns: COLUMNS, rows: shown, cursor: { x: 0, y: 0 }, title };
  screen.terminal.draw(frame);
  await vi.waitFor(() => expect(screen.output.written).toContain(`\u001b]2;${title}\u0007`), { interval: 2 });
  await screen.settle();
}

test('whatever was on the screen, a frame looks as on an empty one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { minLength: 2, maxLength: 4 }), async (frames) => {
      const [used, fresh] = [
        new Headless({ columns: COLUMNS, rows: ROWS }),
        new Headless({ columns: COLUMNS, rows: ROWS }),
      ];
      try {
        await used.settle();
        for (const [i, each] of frames.entries()) await show(used, each, `frame ${i}`);
        await fresh.settle();
        await show(fresh, frames.at(-1) ?? [], 'only');
        expect(cells(used)).toEqual(cells(fresh));
      } finally {
        used.close();
        fresh.close();
      }
    }),
    { numRuns: 40 },
  );
});

const JOINS_ALL: Joins = { pictures: true, tones: true, styles: true, keycaps: true, flags: true };

/** The cells of a row. */
function written(row: Row, { joins = JOINS_ALL, unicode = true, columns = COLUMNS } = {}): string[] {
  const line: Line = Object.assign(
    Array.from({ length: columns }, (): [number, string] => [0, '?']),
    { dirty: false },
  );
  new CellWriter({ unicode, joins, palette: paletteOf(DARK, 256), link: () => 0 }).write(line, row);
  return line.map(([, text]) => text);
}

const MARK = '\u200e';
/** Terminals that reorder text go by the first letter, and by those on both sides: which of the cells are marked. */
const marks = (cells: readonly string[]): number[] => cells.flatMap((text, x) => (text.includes(MARK) ? [x] : []));

describe('text from right to left', () => {
  test('ends before the border behind it, and before the blanks', () => {
    expect(marks(written([run('bob ', 'nick3'), run('שלום', 'text'), run('│', 'border'), run('3', 'dim')]))).toEqual([
      7,
    ]);
    expect(
      marks(written([run('bob ', 'nick3'), run('שלום 12', 'text'), run('   ', 'text'), run('│', 'border')])),
    ).toEqual([10]);
  });

  test('goes on over a name that is marked in it', () => {
    const row = [
      run('bob ', 'nick3'),
      run('שלום ', 'text'),
      run('@alice', 'mention'),
      run(' עולם', 'text'),
      run('│', 'border'),
    ];
    expect(marks(written(row))).toEqual([19]);
  });

  test('turns no row around that begins with blanks, a sign or a number', () => {
    for (const before of ['   ', '12:30 ', '● '])
      expect(marks(written([run(before, 'time'), run('مرحبا', 'text')]))).toEqual([0]);
    expect(marks(written([run('bob ', 'nick3'), run('مرحبا', 'text')]))).toEqual([]);
  });

  test('in two columns stays in each', () => {
    const pane = [run('09:12 ', 'time'), run('שלום', 'text'), run(' ', 'text')];
    expect(marks(written([...pane, run('│', 'border'), ...pane]))).toEqual([0, 9, 21]);
  });

  test('is marked behind a wide character, not in the cell that this has no text in', () => {
    const cells = written([run('bob ', 'nick3'), run('ש中', 'text'), run('│', 'border')]);
    expect(cells.slice(4, 8)).toEqual(['ש', `中${MARK}`, '', '│']);
  });

  test('of another script, and without UTF-8, is not marked', () => {
    expect(marks(written([run(' ', 'text'), run('привет 中 é', 'text'), run('│', 'border')]))).toEqual([]);
    expect(marks(written([run(' ', 'text'), run('שלום', 'text'), run('│', 'border')], { unicode: false }))).toEqual([]);
  });
});

describe('what a terminal does not join', () => {
  test.each([
    ['🇨🇭', ['C', 'H']],
    ['1️⃣', ['1\u20e3', '']],
    ['👍🏽', ['👍', '']],
    ['👨‍👩‍👧‍👦', ['👨', '']],
    ['❤️', ['❤', '']],
  ])('%s is shown in the same two cells', (text, cells) => {
    expect(written([run(`${text}|`, 'text')], { joins: JOINS_NOTHING }).slice(0, 3)).toEqual([...cells, '|']);
    expect(written([run(`${text}|`, 'text')]).slice(0, 3)).toEqual([text, '', '|']);
  });
});
