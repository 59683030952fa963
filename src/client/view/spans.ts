/** Pieces of a text that look other than the rest, wherever the rows are broken. */
import { wrap } from '../../base/text/wrap.ts';
import type { Role, Row, Run } from './cells.ts';
import { type Emphasis, run } from './runs.ts';

/** UTF-16 indexes into one line of text. */
export interface Span extends Emphasis {
  readonly start: number;
  readonly end: number;
  /** Where it isn't that of the text around it. */
  readonly role?: Role;
  /** Where it leads. */
  readonly link?: string;
}

/** Both in the order of the text; where two overlap, the one of `first` stays. */
export function without(first: readonly Span[], second: readonly Span[]): readonly Span[] {
  if (first.length === 0) return second;
  const free = second.filter(({ start, end }) => !first.some((other) => other.start < end && start < other.end));
  return [...first, ...free].toSorted((a, b) => a.start - b.start);
}

function piece(text: string, around: Role, { role = around, bold, underline, link }: Span): Run {
  const emphasis = { ...(bold === undefined ? {} : { bold }), ...(underline === undefined ? {} : { underline }) };
  return link === undefined ? run(text, role, emphasis) : { ...run(text, role, emphasis), link };
}

/** The part of a line from `start` on, as a row. */
function rowOf(row: string, start: number, role: Role, spans: readonly Span[]): Row {
  const end = start + row.length;
  const runs: Run[] = [];
  let at = start;
  for (const span of spans) {
    const from = Math.max(at, span.start);
    const to = Math.min(end, span.end);
    if (from >= to) continue;
    if (from > at) runs.push(run(row.slice(at - start, from - start), role));
    runs.push(piece(row.slice(from - start, to - start), role, span));
    at = to;
  }
  if (at < end || runs.length === 0) runs.push(run(row.slice(at - start), role));
  return runs;
}

/** One line of sanitised text in rows of at most `width` cells. @param spans in their order, apart from one another. */
export function spannedRows(line: string, width: number, role: Role, spans: readonly Span[]): Row[] {
  let at = 0;
  let first = 0;
  return wrap(line, width).map((row) => {
    // The blanks at a break are in neither row.
    while (!line.startsWith(row, at) && line.charAt(at) === ' ') at += 1;
    const start = at;
    const end = start + row.length;
    at = end;
    while ((spans[first]?.end ?? Number.POSITIVE_INFINITY) <= start) first += 1;
    let last = first;
    while ((spans[last]?.start ?? Number.POSITIVE_INFINITY) < end) last += 1;
    return rowOf(row, start, role, spans.slice(first, last));
  });
}
