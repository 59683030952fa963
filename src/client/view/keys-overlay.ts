/** All keys as they are bound now, on as many pages as it takes; and what the key after the prefix can do. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { padEnd, wrap } from '../../base/text/wrap.ts';
import type { State } from '../core/state.ts';
import { keyOf } from '../keys/bound.ts';
import { type KeyLine, type KeySection, keySections, LABEL_CELLS, prefixSection } from '../keys/labels.ts';
import type { Row } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { fit, rowWidth, run, spaces } from './runs.ts';
import { type Signs, UNICODE_SIGNS } from './signs.ts';

/** Cells of a column below which words would be cut too often. */
const COLUMN_FROM = 38;
const MAX_COLUMNS = 3;
/** Rows from which there are titles, and below which words stand right behind their keys. */
const TITLE_FROM = 3;
const FOLDED_FROM = 5;
/** Cells of a column below which words don't stand in a column of their own. */
const ALIGNED_FROM = 34;
/** Cells between two columns. */
const GAP = { least: 2, most: 8 } as const;

interface Column {
  readonly rows: readonly Row[];
}

/** The words in a column beside the keys; what is too long goes on below itself. */
function aligned({ label, words }: KeyLine, keys: number, width: number): Row[] {
  const lines = wrap(sanitizeLine(words), Math.max(1, width - keys - 2));
  return lines.map((line, index) => [
    run(index === 0 ? `${padEnd(label, keys)}  ` : ' '.repeat(keys + 2), 'prompt'),
    run(line, 'text'),
  ]);
}

/** The words behind the keys, or below them. */
function folded({ label, words }: KeyLine, width: number): Row[] {
  const safe = sanitizeLine(words);
  const key = run(label, 'prompt');
  if (key.width + 2 + textWidth(safe) <= width) return [[key, spaces(2), run(safe, 'text')]];
  return [[key], ...wrap(safe, Math.max(1, width - 2)).map((line): Row => [spaces(2), run(line, 'text')])];
}

/** The words right behind the keys: as few rows as possible. */
function flowing({ label, words }: KeyLine, width: number): Row[] {
  const [first = '', ...more] = wrap(sanitizeLine(`${label}  ${words}`), Math.max(1, width));
  const key = first.slice(0, label.length);
  return [[run(key, 'prompt'), run(first.slice(key.length), 'text')], ...more.map((line): Row => [run(line, 'text')])];
}

/** A title, and the rows of each line of keys. */
interface Section {
  readonly title: Row;
  readonly lines: readonly (readonly Row[])[];
}

function sectionOf({ title, lines }: KeySection, width: number, height: number): Section {
  const keys = labelCells(lines);
  const rowsOf = (line: KeyLine): Row[] => {
    if (width >= ALIGNED_FROM) return aligned(line, keys, width);
    return height < FOLDED_FROM ? flowing(line, width) : folded(line, width);
  };
  return { title: [run(title, 'accent', { bold: true })], lines: lines.map(rowsOf) };
}

const labelCells = (lines: readonly KeyLine[]): number => Math.max(...lines.map(({ label }) => textWidth(label)));

/** Second keys are named where that breaks no words. */
function roomiest(narrow: KeySection, wide: KeySection | undefined, cells: number): KeySection {
  if (wide === undefined) return narrow;
  const words = Math.max(...wide.lines.map((line) => textWidth(line.words)));
  return labelCells(wide.lines) + 2 + words <= cells ? wide : narrow;
}

/** Sections one below the other in columns of a height; what doesn't fit into the rest of a column begins the next. */
function columnsOf(sections: readonly Section[], height: number, how: 'airy' | 'tight' | 'torn'): Column[] {
  const made: Row[][] = [[]];
  for (const { title, lines } of sections) {
    const last = made.at(-1) ?? [];
    // Of few rows none is for a title.
    const head = height < TITLE_FROM ? [] : [title];
    const rows = [...head, ...lines.flat()];
    const blank: Row[] = how !== 'airy' || last.length === 0 ? [] : [[]];
    if (last.length + blank.length + rows.length <= height) last.push(...blank, ...rows);
    else if (how !== 'torn' && rows.length <= height) made.push([...rows]);
    // Longer than any column, or there is no room to be lost.
    else for (const part of partsOf(head, lines, height)) putPart(made, part, height);
  }
  return made.map((rows) => ({ rows }));
}

/** What stays together: a title with the first key below it, and the rows of each key; where a column has room for them. */
function partsOf(title: readonly Row[], lines: readonly (readonly Row[])[], height: number): (readonly Row[])[] {
  const [first = [], ...more] = lines;
  return [[...title, ...first], ...more].flatMap((part) => (part.length <= height ? [part] : part.map((row) => [row])));
}

function putPart(made: Row[][], part: readonly Row[], height: number): void {
  const last = made.at(-1);
  if (last !== undefined && last.length + part.length <= height) last.push(...part);
  else made.push([...part]);
}

/** How many columns are beside each other, and the cells of each. */
function division(width: number): { readonly count: number; readonly cells: number } {
  const count = Math.max(1, Math.min(MAX_COLUMNS, Math.floor(width / COLUMN_FROM)));
  const cells = Math.floor((width - 2 - (count - 1) * GAP.least) / count);
  return { count, cells };
}

/** Beside somebody in the list of people. */
const NEAR = 'on your local network, too';

/** The pages, each a row of columns: on as few as possible, and then as airy as possible. */
function pagesOf({ keymap, lanAlso }: State, width: number, height: number, signs = UNICODE_SIGNS): Column[][] {
  const { count, cells } = division(width);
  const wide = keySections(keymap, LABEL_CELLS.wide);
  const sections = keySections(keymap, LABEL_CELLS.narrow).map((section, index) =>
    sectionOf(roomiest(section, wide[index], cells), cells, height),
  );
  if (lanAlso) sections.push(sectionOf({ title: 'Signs', lines: [{ label: signs.near, words: NEAR }] }, cells, height));
  const tries = (['airy', 'tight', 'torn'] as const).map((how) => columnsOf(sections, Math.max(1, height), how));
  const pages = tries.map((columns) => Math.ceil(columns.length / count));
  const columns = tries[pages.indexOf(Math.min(...pages))] ?? [];
  return Array.from({ length: Math.ceil(columns.length / count) }, (_, i) => columns.slice(i * count, (i + 1) * count));
}

/** Side by side, with what they don't need between them; `height` rows of `width` cells. */
function side(columns: readonly Column[], width: number, height: number): Row[] {
  const widths = columns.map(({ rows }) => Math.max(0, ...rows.map(rowWidth)));
  const spare = width - 2 - widths.reduce((sum, each) => sum + each, 0);
  const gap = Math.max(GAP.least, Math.min(GAP.most, Math.floor(spare / Math.max(1, columns.length - 1))));
  return Array.from({ length: height }, (_, y) =>
    fit([spaces(1), ...columns.flatMap(({ rows }, x) => fit(rows[y] ?? [], (widths[x] ?? 0) + gap))], width),
  );
}

const heightOf = (state: State): number => {
  const { topic, paneHeight, cardHeight } = geometryOf(state);
  return (topic ? 1 : 0) + paneHeight + cardHeight;
};

/** Rows below the title, which goes where there are few. */
const below = (height: number): number => (height >= TITLE_FROM ? height - 1 : height);

/** How many pages the keys have on this screen. */
export const keysPages = (state: State): number =>
  pagesOf(state, geometryOf(state).columns, below(heightOf(state))).length;

/** @param words the longest wording first. */
function titleRow(title: string, words: readonly string[], width: number): Row {
  const head: Row = [spaces(1), run(title, 'accent', { bold: true })];
  const fits = words.find((each) => rowWidth(head) + 3 + textWidth(each) <= width);
  return fit([...head, run(`   ${fits ?? words.at(-1) ?? ''}`, 'dim')], width);
}

/** Exactly `height` rows of exactly `width` cells. @param page from 0; one that isn't there is the last one. */
export function keysOverlay(
  state: State,
  page: number,
  width: number,
  height: number,
  signs: Signs = UNICODE_SIGNS,
): Row[] {
  if (height <= 0) return [];
  const pages = pagesOf(state, width, below(height), signs);
  const at = Math.min(page, pages.length - 1);
  const down = keyOf(state.keymap, 'page-down') ?? keyOf(state.keymap, 'history-next');
  const up = keyOf(state.keymap, 'page-up') ?? keyOf(state.keymap, 'history-previous');
  const several = pages.length > 1 ? ` ${at + 1}/${pages.length}` : '';
  const isLast = at === pages.length - 1;
  const key = isLast ? up : down;
  const turn = pages.length > 1 && key !== undefined ? `${key}: ${isLast ? 'back' : 'more'}  ` : '';
  const [leave = '', ...other] = ['cancel', 'keys'].flatMap((name) => keyOf(state.keymap, name) ?? []);
  const words = [`${turn}${[...other, leave].join(' or ')} closes`, `${turn}${leave} closes`, turn.trimEnd(), ''];
  const rows = side(pages[at] ?? [], width, below(height));
  return height >= TITLE_FROM ? [titleRow(`Keys${several}`, words, width), ...rows] : rows;
}

/** The same of the keys after the prefix. What has no room is left out: the page of keys has all of them. */
export function prefixOverlay(state: State, width: number, height: number): Row[] {
  if (height <= 0) return [];
  const { count, cells } = division(width);
  const prefixed = (keys: number): KeySection => prefixSection(state.keymap, keys);
  const section = roomiest(prefixed(LABEL_CELLS.narrow), prefixed(LABEL_CELLS.wide), cells);
  const leave = keyOf(state.keymap, 'cancel');
  const rows = sectionOf(section, cells, height).lines.flat();
  // Balanced, since it is one section: no column is longer than the others need.
  const each = Math.max(1, Math.min(height - 1, Math.ceil(rows.length / count)));
  const columns = Array.from({ length: count }, (_, i) => ({ rows: rows.slice(i * each, (i + 1) * each) }));
  const words = leave === undefined ? [] : [`${leave} leaves it`, ''];
  return [titleRow(section.title, words, width), ...side(columns, width, height - 1)];
}
