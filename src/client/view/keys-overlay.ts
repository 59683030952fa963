/** All keys, made from the table that gives them their meaning. */
import { textWidth } from '../../base/text/width.ts';
import { padEnd } from '../../base/text/wrap.ts';
import { KEY_GROUPS, KEYMAP, type KeyGroup } from '../keys/keymap.ts';
import type { Row } from './cells.ts';
import { fit, rowWidth, run, spaces } from './runs.ts';

/** Cells of a column below which words would be cut too often. */
const COLUMN_FROM = 38;
/** In the keymap's order. */
const GROUPS: readonly KeyGroup[] = [...new Set(KEYMAP.map(({ group }) => group))];

/** A group's title and its keys; neighbours with the same label are one line. */
function groupRows(group: KeyGroup): Row[] {
  const bindings = KEYMAP.filter((binding) => binding.group === group && binding.words !== '');
  const lines = bindings.filter(({ label }, index) => label !== bindings[index - 1]?.label);
  const width = Math.max(...lines.map(({ label }) => textWidth(label)));
  return [
    [run(KEY_GROUPS[group], 'accent', { bold: true })],
    ...lines.map(({ label, words }): Row => [run(`${padEnd(label, width)}  `, 'prompt'), run(words, 'text')]),
  ];
}

/** Groups side by side, none of them torn apart while the height allows it. */
function columns(height: number, count: number, airy: boolean): Row[][] {
  const made: Row[][] = [[]];
  for (const group of GROUPS) {
    const rows = groupRows(group);
    const last = made.at(-1) ?? [];
    const blank: Row[] = airy && last.length > 0 ? [[]] : [];
    if (last.length + blank.length + rows.length <= height || made.length >= count) last.push(...blank, ...rows);
    else made.push([...rows]);
  }
  return made;
}

/** Where the height doesn't allow it: one column after the other, filled to its end. */
function torn(height: number, count: number): Row[][] {
  const rows = GROUPS.flatMap(groupRows);
  const made = Array.from({ length: count }, (_, index) => rows.slice(index * height, (index + 1) * height));
  // What is left over makes the last one too long, which says that something is cut.
  made.at(-1)?.push(...rows.slice(count * height));
  return made;
}

/** Exactly `height` rows of exactly `width` cells. */
export function keysOverlay(width: number, height: number): Row[] {
  const count = Math.max(1, Math.min(3, Math.floor(width / COLUMN_FROM)));
  const isCut = (tried: readonly Row[][]): boolean => tried.some((column) => column.length >= height);
  const room = height - 1;
  const tries = [columns(room, count, true), columns(room, count, false), torn(room, count)] as const;
  const body = tries.find((tried) => !isCut(tried)) ?? tries[1];
  // What the columns don't need lies between them.
  const widths = body.map((column) => Math.max(0, ...column.map(rowWidth)));
  const spare = width - 2 - widths.reduce((sum, each) => sum + each, 0);
  const gap = Math.max(2, Math.min(8, Math.floor(spare / Math.max(1, body.length - 1))));
  const words = isCut(body) ? 'F1 or Esc closes; a larger window shows more' : 'F1 or Esc closes';
  const rows: Row[] = [fit([spaces(1), run('Keys', 'accent', { bold: true }), run(`   ${words}`, 'dim')], width)];
  for (let y = 0; y < height - 1; y += 1) {
    const line = body.flatMap((column, x) => fit(column[y] ?? [], (widths[x] ?? 0) + gap));
    rows.push(fit([spaces(1), ...line], width));
  }
  return rows.slice(0, height);
}
