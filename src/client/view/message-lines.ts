/** The text of one entry as lines of runs. Laid out once per entry and width: an entry never changes. */
import { sanitizeText } from '../../base/text/sanitize.ts';
import { clockTime, dayOf, dayTitle } from '../../base/text/time.ts';
import { textWidth } from '../../base/text/width.ts';
import { wrap } from '../../base/text/wrap.ts';
import type { LogEntry } from '../core/message-log.ts';
import type { Role, Row, Run } from './cells.ts';
import { nickRole } from './nick-color.ts';
import { clip, run } from './runs.ts';

interface Cached {
  readonly width: number;
  readonly own: string | undefined;
  readonly inline: boolean;
  readonly lines: readonly Row[];
}

const cache = new WeakMap<LogEntry, Cached>();
/** An announcement that came this much later than it was made (ms) has waited for us. */
const OLD_AFTER = 60_000;

/** Lines of at most `width` cells. */
export function wrapped(text: string, width: number): string[] {
  return sanitizeText(text)
    .split('\n')
    .flatMap((line) => wrap(line, width));
}

/** Several lines, one of which would have to be broken. */
export const isWideTable = (text: string, width: number): boolean =>
  text.includes('\n') &&
  sanitizeText(text)
    .split('\n')
    .some((line) => textWidth(line) > width);

/** Of a table the cells before its last column, which a line that is broken goes on below; otherwise its own indent. */
const INDENT = /^ *(?:\S+(?: \S+)* {2,})*/;
/** Cells that a column keeps; where it would have fewer, a broken line goes on at the edge. */
const LEAST_COLUMN = 20;

/** As `wrapped`, the rows of a broken line indented as its text is. */
function hanging(text: string, width: number): string[] {
  return sanitizeText(text)
    .split('\n')
    .flatMap((line) => {
      const [head = ''] = INDENT.exec(line) ?? [];
      const indent = textWidth(head);
      if (textWidth(line) <= width || indent === 0 || width - indent < LEAST_COLUMN) return wrap(line, width);
      return wrap(line.slice(head.length), width - indent).map(
        (row, index) => `${index === 0 ? head : ' '.repeat(indent)}${row}`,
      );
    });
}

/** Where a text names us, by the same rule as `core/mentions.ts`, with the signs that may stand before the name. */
function mentionPattern(own: string): RegExp {
  const name = own.replace(/^~/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const letter = '[\\p{L}\\p{N}_]';
  // A mark after it belongs to its last letter, so the name ends elsewhere.
  return new RegExp(`(?<!${letter})(?<!${letter}[-.])[@~]{0,2}${name}(?!${letter})(?![-.]${letter})(?!\\p{M})`, 'giu');
}

const patterns = new Map<string, RegExp>();

function patternOf(own: string): RegExp {
  const known = patterns.get(own);
  if (known !== undefined) return known;
  // One name at a time is ours.
  patterns.clear();
  const made = mentionPattern(own);
  patterns.set(own, made);
  return made;
}

function emphasise(line: string, role: Role, own: string | undefined): Row {
  if (own === undefined) return [run(line, role)];
  const runs: Run[] = [];
  let at = 0;
  for (const match of line.matchAll(patternOf(own))) {
    if (match.index > at) runs.push(run(line.slice(at, match.index), role));
    runs.push(run(match[0], 'mention', { bold: true }));
    at = match.index + match[0].length;
  }
  if (at < line.length || runs.length === 0) runs.push(run(line.slice(at), role));
  return runs;
}

type Worded = LogEntry & { kind: 'message' | 'notice' | 'announcement' };

export interface LineOptions {
  readonly width: number;
  /** Our own name, to be marked where others say it. */
  readonly own?: string | undefined;
  /** The name stands before the text: `alice: hello`. */
  readonly inline?: boolean;
}

export function entryLines(entry: Worded, { width, own, inline = false }: LineOptions): readonly Row[] {
  const cached = cache.get(entry);
  if (cached !== undefined && cached.width === width && cached.own === own && cached.inline === inline) {
    return cached.lines;
  }
  const lines = layOut(entry, width, own, inline).map((line) => clip(line, width));
  cache.set(entry, { width, own, inline, lines });
  return lines;
}

/** An older one says when it was made. */
function announcementHead({ from, said, time }: LogEntry & { kind: 'announcement' }): string {
  const day = dayOf(said) === dayOf(time) ? '' : ` ${dayTitle(said)}`;
  const when = time - said < OLD_AFTER ? '' : `,${day} ${clockTime(said)}`;
  return `Announcement by ${from}${when}`;
}

function layOut(entry: Worded, width: number, own: string | undefined, inline: boolean): Row[] {
  if (entry.kind === 'notice') {
    const lines = entry.text.includes('\n') ? hanging(entry.text, width) : wrapped(entry.text, width);
    return lines.map((line) => [run(line, entry.bad ? 'error' : 'notice')]);
  }
  if (entry.kind === 'announcement') {
    const lines = wrapped(`${announcementHead(entry)}: ${entry.text}`, width);
    return lines.map((line) => [run(line, 'mention', { bold: true })]);
  }
  const marked = entry.from === own ? undefined : own;
  if (!inline) return wrapped(entry.text, width).map((line) => emphasise(line, 'text', marked));
  const role = entry.from === own ? 'self' : nickRole(entry.from);
  const head = `${entry.from}:`;
  return wrapped(`${head} ${entry.text}`, width).map((line, index) =>
    index === 0 && line.startsWith(head)
      ? [run(head, role, { bold: true }), ...emphasise(line.slice(head.length), 'text', marked)]
      : emphasise(line, 'text', marked),
  );
}
