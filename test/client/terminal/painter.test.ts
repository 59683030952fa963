import xterm, { type IBufferCell } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Size } from '../../../src/client/core/state.ts';
import { type BlessedScreen, openScreen } from '../../../src/client/terminal/blessed-screen.ts';
import { JOINS_NOTHING, LINK_SHIFT } from '../../../src/client/terminal/cell-writer.ts';
import { Output } from '../../../src/client/terminal/output.ts';
import { CAUTIOUS, type Manners, Painter } from '../../../src/client/terminal/painter.ts';
import { background, flags, foreground } from '../../../src/client/terminal/sgr.ts';
import { DARK, type Palette, paletteOf } from '../../../src/client/terminal/theme.ts';
import type { Frame, Role, Row, Run } from '../../../src/client/view/cells.ts';
import { clip, run } from '../../../src/client/view/runs.ts';
import { view } from '../../../src/client/view/view.ts';
import { useSequences } from '../../e2e/harness/unicode-widths.ts';
import { lobby, morning, NOW, say } from '../../screen/scene.ts';
import { Sink } from '../../screen/sink.ts';

const COLUMNS = 30;
const ROWS = 9;
const SIZE: Size = { columns: COLUMNS, rows: ROWS };
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
  readonly size?: Size;
}

function painted({
  manners = CAUTIOUS,
  inColor = true,
  palette = paletteOf(DARK, 256),
  size = SIZE,
}: Setting = {}): Painted {
  const sink = new Sink(size.columns, size.rows);
  const screen = openScreen({ output: new Output(sink), terminal: 'xterm-256color', env: {}, unicode: true });
  screen.program.flush();
  const painter = new Painter({ screen, unicode: true, palette, erasing: { within: true, inColor } });
  painter.change({ manners });
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true, scrollback: 0 });
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
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: terminal.cols }, (__, x) => {
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

describe('a short message that arrives', () => {
  /** What it costs, written after a screen that is full. */
  async function costOf(columns: number, rows: number, listShown: boolean): Promise<string> {
    const state = morning(columns, rows);
    state.showList = listShown;
    const tab = lobby(state);
    tab.pending = [];
    tab.unreadFrom = undefined;
    const words = 'the build is green again and the log is where it was before lunch'.split(' ');
    for (let i = 0; i < 80; i += 1)
      say(tab, ['alice', 'bob', 'carol'][i % 3] ?? '', words.slice(i % 5, 9 + (i % 4)).join(' '));
    const known: Manners = { joins: JOINS_ALL, wideSigns: false, together: true, links: true };
    const used = painted({ manners: known, size: { columns, rows } });
    await used.show(view(state, { now: NOW, mono: 0 }));
    say(tab, 'frank', 'tagging 2.3 now');
    const bytes = await used.show(view(state, { now: NOW, mono: 0 }));
    const fresh = painted({ manners: known, size: { columns, rows } });
    await fresh.show(view(state, { now: NOW, mono: 0 }));
    expect(seen(used)).toEqual(seen(fresh));
    return bytes;
  }

  test.each([
    [80, 24],
    [160, 48],
  ])('at %ix%i with the list hidden is moved in by the terminal, for 400 bytes at most', async (columns, rows) => {
    const bytes = await costOf(columns, rows, false);
    expect(bytes).toMatch(/\x1b\[\d+;\d+r\x1b\[\d+H\n+\x1b\[r/);
    expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(400);
    expect(bytes.match(/green/g)).toBeNull();
  });

  test('with the list shown is written in the cells that change, and nothing moves the list', async () => {
    const bytes = await costOf(80, 24, true);
    expect(bytes).not.toMatch(/here \d|gone|Welcome|●|○|erin/);
  });
});

describe('what a key changes', () => {
  const typed = (text: string): Frame =>
    frameOf([[run('one', 'text')], [run(`> ${text}`, 'input')]], { x: 2 + text.length, y: 1 });

  test('is that key, and no more', async () => {
    const used = painted();
    await used.show(typed('hell'));
    expect(await used.show(typed('hello'))).toBe('o');
    expect(await used.show(typed('hell'))).toBe('\b \b');
    expect(await used.show(typed('hell'))).toBe('');
  });
});

describe('a frame of several pieces', () => {
  const two = (text: string): Frame => frameOf([[run(text, 'text')], [], [run(text, 'text')]], { x: 0, y: 5 });

  test('is shown whole where the terminal knows how, and else without a cursor that jumps about', async () => {
    const knowing = painted({ manners: { ...CAUTIOUS, together: true } });
    const other = painted();
    for (const each of [knowing, other]) await each.show(two('one'));
    expect(await knowing.show(two('two'))).toMatch(/^\x1b\[\?2026h[^?]*\x1b\[\?2026l$/);
    expect(await other.show(two('two'))).toMatch(/^\x1b\[\?25l[^?]*\x1b\[\?25h$/);
  });
});

describe('links', () => {
  const linked = (link: string, ...texts: readonly string[]): Row =>
    texts.map((text) => ({ ...run(text, 'text'), link }));

  test('of one address are one, on as many rows as they take; other addresses are others', async () => {
    const used = painted({ manners: { ...CAUTIOUS, links: true } });
    const bytes = await used.show(
      frameOf([linked('https://a/', 'https:'), linked('https://a/', '//a/'), linked('https://b/', 'b')], undefined),
    );
    const ids = [...bytes.matchAll(/\x1b\]8;id=(\w+);(\S*?)\x1b/g)].map(([, id, link]) => `${link} ${id}`);
    expect(ids).toEqual(
      ['https://a/ u1', 'https://a/ u1', 'https://b/ u2'].filter((each, i, all) => each !== all[i - 1]),
    );
    // Each is ended, before anything else is written.
    expect(bytes).toMatch(/b\x1b\]8;;\x1b\\/);
  });

  test('to other places, or on other terminals, are text', async () => {
    const frame = frameOf([linked('file:///etc/passwd', 'x'), linked('https://a/', 'y')], undefined);
    expect(await painted().show(frame)).not.toContain('\x1b]8');
    const knowing = painted({ manners: { ...CAUTIOUS, links: true } });
    expect(await knowing.show(frame)).not.toContain('file:');
  });

  test('of which there are more than have numbers leave the screen as it should be', async () => {
    const used = painted({ manners: { ...CAUTIOUS, links: true } });
    for (let i = 0; i < 60; i += 1) {
      const rows = Array.from({ length: ROWS }, (_, y) => linked(`https://a/${i * 3 + y}`, `link ${i * 3 + y}`));
      await used.show(frameOf(rows, undefined));
      expect(believed(used)).toEqual(seen(used));
    }
    expect(seen(used)[0]).toContain('l2');
  });
});
