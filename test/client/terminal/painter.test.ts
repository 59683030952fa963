import xterm, { type IBufferCell } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlessedScreen, openScreen } from '../../../src/client/terminal/blessed-screen.ts';
import { JOINS_NOTHING, LINK_SHIFT } from '../../../src/client/terminal/cell-writer.ts';
import { Output } from '../../../src/client/terminal/output.ts';
import { CAUTIOUS, type Manners, Painter } from '../../../src/client/terminal/painter.ts';
import { background, flags, foreground } from '../../../src/client/terminal/sgr.ts';
import { DARK, type Palette, paletteOf } from '../../../src/client/terminal/theme.ts';
import type { Frame, Role, Row, Run } from '../../../src/client/view/cells.ts';
import { clip, run } from '../../../src/client/view/runs.ts';
import { useSequences } from '../../e2e/harness/unicode-widths.ts';
import { Sink } from '../../screen/sink.ts';

const COLUMNS = 30;
const ROWS = 9;
const JOINS_ALL = { pictures: true, tones: true, styles: true, keycaps: true, flags: true };
const DEFAULT_COLOR = 0x1ff;
const UNDERLINE = 2;

interface Painted {
  readonly screen: BlessedScreen;
  readonly painter: Painter;
  readonly terminal: xterm.Terminal;
  /** @returns what it took. */
  show(frame: Frame): Promise<string>;
}

interface Setting {
  readonly manners?: Manners;
  readonly inColor?: boolean;
  readonly palette?: Palette;
}

function painted({ manners = CAUTIOUS, inColor = true, palette = paletteOf(DARK, 256) }: Setting = {}): Painted {
  const sink = new Sink(COLUMNS, ROWS);
  const screen = openScreen({ output: new Output(sink), terminal: 'xterm-256color', env: {}, unicode: true });
  screen.program.flush();
  const painter = new Painter({ screen, unicode: true, palette, erasing: { within: true, inColor } });
  painter.change({ manners });
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true, scrollback: 0 });
  useSequences(terminal.unicode);
  const write = (text: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    terminal.write(text, resolve);
    return promise;
  };
  terminal.write('\x1b[?7l');
  const show = async (frame: Frame): Promise<string> => {
    const bytes = painter.paint(frame);
    await write(bytes);
    return bytes;
  };
  return { screen, painter, terminal, show };
}

function flagsOf(cell: IBufferCell): number {
  const all = [cell.isBold(), cell.isUnderline(), cell.isBlink(), cell.isInverse(), cell.isInvisible()];
  return all.reduce((sum, flag, bit) => sum | (flag > 0 ? 1 << bit : 0), 0);
}

/** Every cell: what it shows and in which colours; of a blank no more than its ground is seen. */
function seen({ terminal, screen }: Painted): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: ROWS }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: COLUMNS }, (__, x) => {
      const cell = line?.getCell(x);
      if (cell === undefined) return '?';
      // To us what stands behind something that it draws in two cells, or in one, is part of that.
      const isPart = (at: number): boolean => screen.olines[y]?.[at]?.[1] === '';
      const more = isPart(x + 1)
        ? (line
            ?.getCell(x + 1)
            ?.getChars()
            .trim() ?? '')
        : '';
      const text = cell.getWidth() === 0 || isPart(x) ? '' : (cell.getChars() || ' ') + more;
      const flag = flagsOf(cell);
      const isBlank = text === ' ' && (flag & ~1) === 0;
      return isBlank ? ` /${cell.getBgColor()}` : `${text}${flag}:${cell.getFgColor()}/${cell.getBgColor()}`;
    }).join(' ');
  });
}

/** The same, of what the painter believes that it shows; a link is shown as underlined. */
function believed({ screen }: Painted): string[] {
  const color = (code: number): number => (code === DEFAULT_COLOR ? -1 : code);
  return screen.olines.map((line) =>
    line
      .map(([attribute, text]) => {
        const flag = flags(attribute) | (attribute >> LINK_SHIFT > 0 ? UNDERLINE : 0);
        if (text === ' ' && (flag & ~1) === 0) return ` /${color(background(attribute))}`;
        return `${text}${flag}:${color(foreground(attribute))}/${color(background(attribute))}`;
      })
      .join(' '),
  );
}

const TEXTS = [
  '中',
  '한국',
  'é',
  '👨‍👩‍👧‍👦',
  '🇩🇪',
  '👍🏽',
  '❤️',
  '1️⃣',
  'e\u0301',
  'नी',
  '│',
  '●',
  'שלום',
  '            ',
  '  ',
];
const LINKS = ['https://box/log/4012', 'http://a.example/?q=1;2', undefined, undefined, undefined];
const piece = fc.record({
  text: fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 })),
  role: fc.constantFrom<Role>('text', 'status', 'error', 'nick3', 'border'),
  bold: fc.boolean(),
  underline: fc.boolean(),
  link: fc.constantFrom(...LINKS),
});
const row = fc.array(piece, { maxLength: 6 }).map(
  (pieces): Row =>
    clip(
      pieces.map(({ text, role, link, ...more }): Run => ({ ...run(text, role), ...more, ...(link && { link }) })),
      COLUMNS,
    ),
);
const blankOr = fc.oneof({ weight: 1, arbitrary: fc.constant<Row>([]) }, { weight: 4, arbitrary: row });

/** What happens to a screen: a stretch of rows moves, and some of it changes besides. */
const step = fc.record({
  top: fc.nat(ROWS - 1),
  height: fc.nat(ROWS),
  by: fc.integer({ min: -4, max: 4 }),
  fresh: fc.array(blankOr, { minLength: ROWS, maxLength: ROWS }),
  changed: fc.array(fc.nat(ROWS - 1), { maxLength: 2 }),
  cursor: fc.option(fc.record({ x: fc.nat(COLUMNS - 1), y: fc.nat(ROWS - 1) }), { nil: undefined }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function next(rows: readonly Row[], { top, height, by, fresh, changed }: Step): Row[] {
  const after = Array.from({ length: ROWS }, (_, y) => rows[y] ?? []);
  const bottom = Math.min(ROWS, top + height);
  for (let y = top; y < bottom; y += 1) {
    const from = y + by;
    after[y] = from >= top && from < bottom ? (rows[from] ?? []) : (fresh[y] ?? []);
  }
  for (const y of changed) after[y] = fresh[y] ?? [];
  return after;
}

const frameOf = (rows: readonly Row[], cursor: Frame['cursor']): Frame => ({
  columns: COLUMNS,
  rows,
  cursor,
  title: '',
});

const ground: Palette = (each) => (paletteOf(DARK, 256)(each) & ~DEFAULT_COLOR) | 17;
const SETTINGS: readonly (readonly [string, Setting])[] = [
  ['as long as nothing is known', {}],
  ['where all is known', { manners: { joins: JOINS_ALL, wideSigns: false, together: true, links: true } }],
  ['where nothing is erased in colour', { inColor: false, manners: { ...CAUTIOUS, joins: JOINS_ALL } }],
  ['where signs may be wide', { manners: { ...CAUTIOUS, joins: JOINS_NOTHING, wideSigns: true } }],
  ['on a ground of its own', { palette: ground }],
  ['on a ground of its own, not erased in colour', { palette: ground, inColor: false }],
];

describe('whatever was on the screen', () => {
  test.each(SETTINGS)('a frame looks as on an empty one, and the painter knows it, %s', async (_name, setting) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const used = painted(setting);
        let frame = frameOf([], undefined);
        for (const each of steps) {
          frame = frameOf(next(frame.rows, each), each.cursor);
          await used.show(frame);
          expect(believed(used)).toEqual(seen(used));
          if (each.cursor === undefined) continue;
          const { cursorX, cursorY } = used.terminal.buffer.active;
          expect({ x: cursorX, y: cursorY }).toEqual(each.cursor);
        }
        const fresh = painted(setting);
        await fresh.show(frame);
        expect(seen(used)).toEqual(seen(fresh));
      }),
      { numRuns: 30 },
    );
  });
});
