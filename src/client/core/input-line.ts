/**
 * The text that is being written, and editing it: the keys of readline, on characters as a reader sees them. Every
 * function gives a new line; none changes the one it got.
 */
import { graphemes } from '../../base/text/graphemes.ts';
import { clusterWidth, textWidth } from '../../base/text/width.ts';
import type { EditAction } from '../keys/action.ts';
import {
  BLANK,
  type Kills,
  type Last,
  type Memory,
  NO_KILLS,
  rotated,
  type Step,
  withKill,
  withMoreCut,
  withStep,
} from './input-memory.ts';
import { boundaryAfter, boundaryBefore, characterEnd, characterStart, wordEnd, wordStart } from './input-words.ts';

/** The text that is being written, and where the cursor stands in it. */
export interface InputLine {
  /** May hold \n. */
  readonly text: string;
  /** UTF-16 index, always on a grapheme boundary. */
  readonly cursor: number;
  /** What editing remembers; a line that was made anew has none. */
  readonly memory?: Memory;
}

/**
 * UTF-16 units that the line holds; what is inserted beyond is cut off. Eight times what one message may have, so that a
 * long paste is there whole to be sent in pieces, and one of megabytes doesn't make every key slow.
 */
export const MAX_INPUT = 65_536;
export const FULL = `the line is full: it holds ${MAX_INPUT} characters`;

export const EMPTY_LINE: InputLine = { text: '', cursor: 0 };

/** Control characters but \n and tab: they mean nothing in a message, and some terminals act on them. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** As it would stand in a line. */
export const cleaned = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replace(CONTROLS, '').toWellFormed();

interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly last?: Last;
  readonly kills?: Kills;
  /** Goes on with the step before, and is undone with it. */
  readonly joined?: boolean;
  /** Where the cursor is to stand; without it behind what was inserted. */
  readonly cursor?: number;
}

function change(line: InputLine, { from, to, insert, last, kills, joined = false, cursor }: Change): InputLine {
  const memory = line.memory ?? BLANK;
  const text = line.text.slice(0, from) + insert + line.text.slice(to);
  // What was inserted may have joined with its neighbours.
  const after = boundaryAfter(text, cursor ?? from + insert.length);
  const step: Step = { from, removed: line.text.slice(from, to), inserted: insert, before: line.cursor, after };
  const undo = withStep(memory.undo, step, joined);
  return { text, cursor: after, memory: { undo, redo: [], kills: kills ?? memory.kills, last } };
}

/** Moving ends a run of typing or cutting. */
function moveTo(line: InputLine, cursor: number, last?: Last): InputLine {
  const memory = line.memory ?? BLANK;
  return { text: line.text, cursor, memory: memory.last === last ? memory : { ...memory, last } };
}

/** As much of a text, from its beginning, as so many units hold. */
const beginning = (text: string, units: number): string =>
  text.length <= units ? text : text.slice(0, boundaryBefore(text, units));

/** Typed or pasted text; controls are dropped, line ends become \n, what is too long is cut off. */
export function insert(line: InputLine, text: string): InputLine {
  const inserted = beginning(cleaned(text), MAX_INPUT - line.text.length);
  if (inserted === '') return line;
  const typed = inserted !== '\n' && characterEnd(inserted, 0) === inserted.length;
  // A word is one step: a blank begins the next.
  const joined = typed && line.memory?.last?.kind === 'type' && !/\s/u.test(inserted);
  const { cursor } = line;
  return change(line, {
    from: cursor,
    to: cursor,
    insert: inserted,
    last: typed ? { kind: 'type' } : undefined,
    joined,
  });
}

/** Another text in its place, the cursor at its end: from the history, or by completion. Can be undone. */
export function replaceText(line: InputLine, text: string, cursor = text.length): InputLine {
  return change(line, { from: 0, to: line.text.length, insert: beginning(cleaned(text), MAX_INPUT), cursor });
}

/** The same for a part of it; the cursor is behind what came, or stays where it was in the text. */
export function replacePart(line: InputLine, from: number, to: number, text: string, cursor?: 'stay'): InputLine {
  const room = MAX_INPUT - line.text.length + to - from;
  const put = beginning(cleaned(text), room);
  const moved = line.cursor >= to ? line.cursor - (to - from) + put.length : Math.min(line.cursor, from);
  return change(line, { from, to, insert: put, cursor: cursor === 'stay' ? moved : from + put.length });
}

/** Empty, as after sending; what was cut can still be yanked. */
export const cleared = (line: InputLine): InputLine => withKills(EMPTY_LINE, killsOf(line));

export const killsOf = ({ memory }: InputLine): Kills => memory?.kills ?? NO_KILLS;

/** `line` with what was cut elsewhere: so that one can cut in one tab and yank in the next. What is cut here then begins anew. */
export function withKills(line: InputLine, kills: Kills): InputLine {
  if (killsOf(line) === kills) return line;
  const memory = line.memory ?? BLANK;
  return { ...line, memory: { ...memory, kills, last: memory.last?.kind === 'kill' ? undefined : memory.last } };
}

function kill(line: InputLine, from: number, to: number, where: 'before' | 'behind'): InputLine {
  if (from === to) return line;
  const cut = line.text.slice(from, to);
  const kills = killsOf(line);
  const isNext = line.memory?.last?.kind === 'kill';
  return change(line, {
    from,
    to,
    insert: '',
    last: { kind: 'kill' },
    kills: isNext ? withMoreCut(kills, cut, where) : withKill(kills, cut),
  });
}

function yank(line: InputLine): InputLine {
  const kills = killsOf(line);
  return putKill(line, line.cursor, line.cursor, kills);
}

/** What is yanked stays, but makes room for what was cut before it. */
function yankPop(line: InputLine): InputLine {
  const last = line.memory?.last;
  return last?.kind === 'yank' ? putKill(line, last.from, last.to, rotated(killsOf(line))) : line;
}

function putKill(line: InputLine, from: number, to: number, kills: Kills): InputLine {
  const text = beginning(kills.entries[kills.at] ?? '', MAX_INPUT - line.text.length + to - from);
  if (text === '') return line;
  return change(line, { from, to, insert: text, kills, last: { kind: 'yank', from, to: from + text.length } });
}

// Not lastIndexOf with -1, which would look at the first character.
const lineStart = ({ text, cursor }: InputLine): number => (cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1);

function lineEnd({ text, cursor }: InputLine): number {
  const at = text.indexOf('\n', cursor);
  return at < 0 ? text.length : at;
}

/** Where the word before the cursor begins, words being whatever stands between blanks. */
function blankWordStart({ text, cursor }: InputLine): number {
  let at = cursor;
  while (at > 0 && /\s/u.test(text.charAt(at - 1))) at -= 1;
  while (at > 0 && !/\s/u.test(text.charAt(at - 1))) at -= 1;
  // A mark on a blank makes one character of both.
  return boundaryBefore(text, at);
}

/** The character before the cursor changes places with the one under it; at the end, the two before. */
function transpose(line: InputLine): InputLine {
  const { text } = line;
  const middle = line.cursor >= text.length ? characterStart(text, text.length) : line.cursor;
  const start = characterStart(text, middle);
  const end = characterEnd(text, middle);
  if (start === middle || middle === end) return line;
  return change(line, { from: start, to: end, insert: text.slice(middle, end) + text.slice(start, middle) });
}

function undo(line: InputLine): InputLine {
  const memory = line.memory ?? BLANK;
  const step = memory.undo.at(-1);
  if (step === undefined) return line;
  const { from, removed, inserted, before } = step;
  const text = line.text.slice(0, from) + removed + line.text.slice(from + inserted.length);
  const redo = [...memory.redo, step];
  return { text, cursor: before, memory: { ...memory, undo: memory.undo.slice(0, -1), redo, last: undefined } };
}

function redo(line: InputLine): InputLine {
  const memory = line.memory ?? BLANK;
  const step = memory.redo.at(-1);
  if (step === undefined) return line;
  const { from, removed, inserted, after } = step;
  const text = line.text.slice(0, from) + inserted + line.text.slice(from + removed.length);
  const steps = [...memory.undo, step];
  return { text, cursor: after, memory: { ...memory, undo: steps, redo: memory.redo.slice(0, -1), last: undefined } };
}

function remove(line: InputLine, from: number, to: number): InputLine {
  return from === to ? line : change(line, { from, to, insert: '' });
}

export function edit(line: InputLine, action: EditAction): InputLine {
  const { text, cursor } = line;
  switch (action) {
    case 'left':
      return moveTo(line, characterStart(text, cursor));
    case 'right':
      return moveTo(line, characterEnd(text, cursor));
    case 'wordLeft':
      return moveTo(line, wordStart(text, cursor));
    case 'wordRight':
      return moveTo(line, wordEnd(text, cursor));
    case 'lineStart':
      return moveTo(line, lineStart(line));
    case 'lineEnd':
      return moveTo(line, lineEnd(line));
    case 'deleteBack':
      return remove(line, characterStart(text, cursor), cursor);
    case 'deleteForward':
      return remove(line, cursor, characterEnd(text, cursor));
    case 'killWordBack':
      return kill(line, wordStart(text, cursor), cursor, 'before');
    case 'killBlankWordBack':
      return kill(line, blankWordStart(line), cursor, 'before');
    case 'killWordForward':
      return kill(line, cursor, wordEnd(text, cursor), 'behind');
    case 'killToStart':
      return kill(line, lineStart(line), cursor, 'before');
    case 'killToEnd':
      // At a line's end its newline goes, so that the key pressed again goes on.
      return kill(line, cursor, text[cursor] === '\n' ? cursor + 1 : lineEnd(line), 'behind');
    case 'yank':
      return yank(line);
    case 'yankPop':
      return yankPop(line);
    case 'transpose':
      return transpose(line);
    case 'undo':
      return undo(line);
    case 'redo':
      return redo(line);
    case 'newline':
      return insert(line, '\n');
  }
}

/** The cursor one written line up, in the same column of cells; undefined on the first line. */
export function lineUp(line: InputLine): InputLine | undefined {
  const start = lineStart(line);
  return start === 0 ? undefined : vertically(line, lineStart({ text: line.text, cursor: start - 1 }));
}

/** The cursor one written line down; undefined on the last line. */
export function lineDown(line: InputLine): InputLine | undefined {
  const end = lineEnd(line);
  return end === line.text.length ? undefined : vertically(line, end + 1);
}

/** To the line that begins at `start`: in the column where going up and down began, also past a line that is shorter. */
function vertically(line: InputLine, start: number): InputLine {
  const { text, cursor, memory } = line;
  const last = memory?.last?.kind === 'vertical' ? memory.last : undefined;
  const cells = last?.cells ?? textWidth(text.slice(lineStart(line), cursor));
  let at = start;
  let used = 0;
  for (const cluster of graphemes(text.slice(start, lineEnd({ text, cursor: start })))) {
    used += clusterWidth(cluster);
    if (used > cells) break;
    at += cluster.length;
  }
  return moveTo(line, at, last ?? { kind: 'vertical', cells });
}
