/** The text of one entry as lines of runs. Laid out once per entry and width: an entry never changes. */
import { linksIn } from '../../base/text/links.ts';
import { sanitizeText } from '../../base/text/sanitize.ts';
import { clockTime, dayOf, dayTitle } from '../../base/text/time.ts';
import { textWidth } from '../../base/text/width.ts';
import { wrap } from '../../base/text/wrap.ts';
import type { LogEntry, MessageEntry } from '../core/message-log.ts';
import { hitSpans } from '../core/search-hit.ts';
import type { Search } from '../core/search-state.ts';
import type { Role, Row } from './cells.ts';
import { nickRole } from './nick-color.ts';
import { clip, rowWidth, run, spaces } from './runs.ts';
import { type Span, spannedRows, without } from './spans.ts';

interface Cached {
  readonly width: number;
  readonly own: string | undefined;
  readonly inline: boolean;
  readonly search: Search | undefined;
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

/** Where a text names us, or has a word of ours, by the same rule as `core/mentions.ts`, with the signs that may stand before. */
function mentionPattern(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replace(/^~/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const name = `(?:${escaped.join('|')})`;
  const letter = '[\\p{L}\\p{N}_]';
  // A mark after it belongs to its last letter, so the name ends elsewhere.
  return new RegExp(`(?<!${letter})(?<!${letter}[-.])[@~]{0,2}${name}(?!${letter})(?![-.]${letter})(?!\\p{M})`, 'giu');
}

let latest: { readonly own: string; readonly words: readonly string[]; readonly pattern: RegExp } | undefined;

/** One name at a time is ours, and the words stay. */
function patternOf(own: string, words: readonly string[]): RegExp {
  if (latest?.own === own && latest.words === words) return latest.pattern;
  latest = { own, words, pattern: mentionPattern([own, ...words]) };
  return latest.pattern;
}

/** What calls us. */
interface Names {
  readonly own: string;
  readonly words: readonly string[];
}

const NO_WORDS: readonly string[] = [];

/** What was searched for, addresses, and our own name. */
function spansOf(line: string, names?: Names, search?: Search): readonly Span[] {
  const hits = search === undefined ? [] : hitSpans(search, line);
  const marked = hits.map((hit): Span => ({ ...hit, role: 'mention', bold: true, underline: true }));
  return without(marked, linksAndNames(line, names));
}

function linksAndNames(line: string, names: Names | undefined): readonly Span[] {
  const links = linksIn(line).map(({ start, end, href }): Span => ({ start, end, underline: true, link: href }));
  if (names === undefined) return links;
  const called = [...line.matchAll(patternOf(names.own, names.words))].map(({ 0: name, index }): Span => {
    const end = index + name.length;
    return { start: index, end, role: 'mention', bold: true };
  });
  return without(links, called);
}

type Worded = LogEntry & { kind: 'message' | 'notice' | 'announcement' };

export interface LineOptions {
  readonly width: number;
  /** Our own name, to be marked where others say it. */
  readonly own?: string | undefined;
  /** Words that call us as our name does, in lower case. */
  readonly words?: readonly string[];
  /** The name stands before the text: `alice: hello`. */
  readonly inline?: boolean;
  /** Its words are marked. */
  readonly search?: Search | undefined;
}

export function entryLines(entry: Worded, options: LineOptions): readonly Row[] {
  const { width, own, inline = false, search } = options;
  const cached = cache.get(entry);
  if (
    cached !== undefined &&
    cached.width === width &&
    cached.own === own &&
    cached.inline === inline &&
    cached.search === search
  ) {
    return cached.lines;
  }
  const lines = layOut(entry, options).map((line) => clip(line, width));
  cache.set(entry, { width, own, inline, search, lines });
  return lines;
}

/** An older one says when it was made. */
function announcementHead({ from, said, time }: LogEntry & { kind: 'announcement' }): string {
  const day = dayOf(said) === dayOf(time) ? '' : ` ${dayTitle(said)}`;
  const when = time - said < OLD_AFTER ? '' : `,${day} ${clockTime(said)}`;
  return `Announcement by ${from}${when}`;
}

function layOut(entry: Worded, options: LineOptions): Row[] {
  const { width } = options;
  if (entry.kind === 'notice') {
    const role = entry.bad ? 'error' : 'notice';
    if (entry.text.includes('\n')) return hanging(entry.text, width).map((line) => [run(line, role)]);
    return linedRows(entry.text, width, role, (line) => spansOf(line));
  }
  if (entry.kind === 'announcement') {
    const rows = linedRows(`${announcementHead(entry)}: ${entry.text}`, width, 'mention', (line) => spansOf(line));
    return rows.map((row) => row.map((piece) => ({ ...piece, bold: true })));
  }
  return messageRows(entry, options);
}

/** Every line of a text, each with its own spans. */
const linedRows = (
  text: string,
  width: number,
  role: Role,
  spans: (line: string, index: number) => readonly Span[],
): Row[] =>
  sanitizeText(text)
    .split('\n')
    .flatMap((line, index) => spannedRows(line, width, role, spans(line, index)));

/** What stands behind a text that is another than at first. */
const EDITED = run('(edited)', 'dim');

function messageRows(entry: MessageEntry, { width, own, words = NO_WORDS, inline, search }: LineOptions): Row[] {
  const name = inline === true ? `${entry.from}:` : '';
  const role = entry.from === own ? 'self' : nickRole(entry.from);
  const head: Span[] = inline === true ? [{ start: 0, end: name.length, role, bold: true }] : [];
  const before = inline === true ? `${name} ` : '';
  if (entry.deleted === true) return spannedRows(before + deletedWords(entry), width, 'dim', head);
  const names = own === undefined || entry.from === own ? undefined : { own, words };
  const rows = linedRows(before + entry.text, width, 'text', (line, index) =>
    without(index === 0 ? head : [], spansOf(line, names, search)),
  );
  if (entry.edited === undefined) return rows;
  const last = rows.at(-1) ?? [];
  if (rowWidth(last) + 1 + EDITED.width > width) return [...rows, [EDITED]];
  return [...rows.slice(0, -1), [...last, spaces(1), EDITED]];
}

/** Who has deleted it is known to those who were there. */
export const deletedWords = ({ deletedBy }: MessageEntry): string =>
  deletedBy === undefined ? '(deleted)' : `(deleted by ${deletedBy})`;
