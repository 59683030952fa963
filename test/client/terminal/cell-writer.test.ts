import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
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
