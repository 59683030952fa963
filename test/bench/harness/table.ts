/** Figures for people: a line by itself, and the table of all. */
import type { Figure, Goal } from './figure.ts';

/** A figure and the benchmark that it is of. */
export interface Row extends Figure {
  readonly benchmark: string;
}

/** Three digits that count; from a thousand on all, in groups. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export const isMet = (value: number, goal: Goal): boolean =>
  'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;

const wanted = (goal: Goal): number => ('atMost' in goal ? goal.atMost : goal.atLeast);
const goalText = (goal: Goal): string => `${'atMost' in goal ? 'at most' : 'at least'} ${number(wanted(goal))}`;

/** How a figure stands to its goal: `met, 0.39 of it`. */
function compared({ value, goal }: Figure): string {
  if (goal === undefined) return '';
  return `${isMet(value, goal) ? 'met' : 'missed'}, ${(value / wanted(goal)).toFixed(2)} of it`;
}

export function figureLine(figure: Figure): string {
  const { name, value, unit, goal } = figure;
  const rest = goal === undefined ? '' : `   goal ${goalText(goal)}: ${compared(figure)}`;
  return `  ${name.padEnd(66)} ${number(value).padStart(12)} ${unit}${rest}`;
}

const HEAD = ['BENCHMARK', 'FIGURE', 'VALUE', 'UNIT', 'GOAL', 'COMPARED'];
/** The column of numbers, which stand at its right. */
const VALUE = 2;

/** @param judged figures of a quick run are too small to be held against a goal. */
export function table(rows: readonly Row[], judged: boolean): string {
  const cells = rows.map((row) => [
    row.benchmark,
    row.name,
    number(row.value),
    row.unit,
    row.goal === undefined ? '' : goalText(row.goal),
    judged ? compared(row) : '',
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === VALUE ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[HEAD, ...cells].map(line).join('\n')}\n`;
}
