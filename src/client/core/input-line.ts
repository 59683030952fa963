/**
 * The text that is being written, and editing it: the keys of readline, on characters as a reader sees them. Every
 * function gives a new line; none changes the one it got.
 */
import { graphemes, nextGrapheme, nextWord, previousGrapheme, previousWord } from '../../base/text/graphemes.ts';
import type { EditAction } from '../keys/action.ts';

/** The text that is being written, and where the cursor stands in it. */
export interface InputLine {
  /** May hold \n. */
  readonly text: string;
  /** UTF-16 index, always on a grapheme boundary. */
  readonly cursor: number;
  /** What editing remembers; a line that was made anew has none. */
  readonly memory?: Memory;
}

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

interface Memory {
  /** The newest last. */
  readonly undo: readonly Snapshot[];
  /** What was cut last, for yank. */
  readonly killed: string;
  /** The last change was of this kind: typed letters are undone together, cuts in a row become one. */
  readonly last: 'type' | 'killBack' | 'killForward' | undefined;
}

/** Steps that can be undone: nobody goes back further, and each holds a whole text. */
export const MAX_UNDO = 100;
/**
 * UTF-16 units that the line holds; what is inserted beyond is cut off. Four times what one message may have, so that a
 * paste that is too long is still there to be cut in pieces, and one of megabytes doesn't make every key slow.
 */
export const MAX_INPUT = 32_768;

const BLANK: Memory = { undo: [], killed: '', last: undefined };
export const EMPTY_LINE: InputLine = { text: '', cursor: 0 };

/** Control characters but \n and tab: they mean nothing in a message, and some terminals act on them. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const clean = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replace(CONTROLS, '').toWellFormed();

/** `index`, or the end of the character that it is inside of: text inserted may have joined with its neighbours. */
function boundary(text: string, index: number): number {
  if (index <= 0 || index >= text.length) return Math.max(0, Math.min(index, text.length));
  const end = nextGrapheme(text, index - 1);
  return end > index ? end : index;
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly last?: Memory['last'];
  readonly killed?: string;
  /** Belongs to the step before, and is undone with it. */
  readonly joined?: boolean;
}

function change(line: InputLine, { from, to, insert, last, killed, joined = false }: Change): InputLine {
  const memory = line.memory ?? BLANK;
  const text = line.text.slice(0, from) + insert + line.text.slice(to);
  const undo = joined ? memory.undo : [...memory.undo, { text: line.text, cursor: line.cursor }].slice(-MAX_UNDO);
  return {
    text,
    cursor: boundary(text, from + insert.length),
    memory: { undo, killed: killed ?? memory.killed, last },
  };
}

/** Moving ends a run of typing or cutting. */
function moveTo(line: InputLine, cursor: number): InputLine {
  const memory = line.memory ?? BLANK;
  return { text: line.text, cursor, memory: memory.last === undefined ? memory : { ...memory, last: undefined } };
}

/** Typed or pasted text; controls are dropped, line ends become \n, what is too long is cut off. */
export function insert(line: InputLine, text: string): InputLine {
  const room = MAX_INPUT - line.text.length;
  const whole = clean(text);
  const inserted = whole.length <= room ? whole : whole.slice(0, boundaryBefore(whole, room));
  if (inserted === '') return line;
  const typed = graphemes(inserted).length === 1 && inserted !== '\n';
  // A word is one step: a blank begins the next.
  const joined = typed && line.memory?.last === 'type' && !/\s/u.test(inserted);
  return change(line, {
    from: line.cursor,
    to: line.cursor,
    insert: inserted,
    last: typed ? 'type' : undefined,
    joined,
  });
}

function boundaryBefore(text: string, index: number): number {
  const at = Math.max(0, index);
  return at >= text.length || boundary(text, at) === at ? at : previousGrapheme(text, at);
}

/** Another text in its place, the cursor at its end: from the history, or by completion. Can be undone. */
export function replaceText(line: InputLine, text: string, cursor = text.length): InputLine {
  const whole = clean(text);
  const kept = whole.slice(0, boundaryBefore(whole, MAX_INPUT));
  const changed = change(line, { from: 0, to: line.text.length, insert: kept });
  return { ...changed, cursor: boundary(changed.text, cursor) };
}

/** Empty, as after sending; what was cut can still be yanked. */
export function cleared(line: InputLine): InputLine {
  return { text: '', cursor: 0, memory: { undo: [], killed: line.memory?.killed ?? '', last: undefined } };
}

/** `line` with the cut text of another: so that one can cut in one tab and yank in the next. */
export function withCutOf(line: InputLine, other: InputLine): InputLine {
  return { ...line, memory: { ...(line.memory ?? BLANK), killed: other.memory?.killed ?? '' } };
}

function kill(line: InputLine, from: number, to: number, last: 'killBack' | 'killForward'): InputLine {
  if (from === to) return line;
  const cut = line.text.slice(from, to);
  const memory = line.memory ?? BLANK;
  const inARow = memory.last === 'killBack' || memory.last === 'killForward';
  const before = inARow ? memory.killed : '';
  return change(line, { from, to, insert: '', last, killed: last === 'killBack' ? cut + before : before + cut });
}

// Not lastIndexOf with -1, which would look at the first character.
const lineStart = ({ text, cursor }: InputLine): number => text.slice(0, cursor).lastIndexOf('\n') + 1;

function lineEnd({ text, cursor }: InputLine): number {
  const at = text.indexOf('\n', cursor);
  return at < 0 ? text.length : at;
}

/** Where the word before the cursor begins, words being whatever stands between blanks. */
function blankWordStart({ text, cursor }: InputLine): number {
  const match = /\S*\s*$/u.exec(text.slice(0, cursor));
  // A mark on a blank makes one character of both.
  return boundaryBefore(text, match?.index ?? 0);
}

/** The character before the cursor changes places with the one under it; at the end, the two before. */
function transpose(line: InputLine): InputLine {
  const { text } = line;
  const middle = line.cursor >= text.length ? previousGrapheme(text, text.length) : line.cursor;
  const start = previousGrapheme(text, middle);
  const end = nextGrapheme(text, middle);
  if (start === middle || middle === end) return line;
  return change(line, { from: start, to: end, insert: text.slice(middle, end) + text.slice(start, middle) });
}

function undo(line: InputLine): InputLine {
  const memory = line.memory ?? BLANK;
  const before = memory.undo.at(-1);
  if (before === undefined) return line;
  return { ...before, memory: { ...memory, undo: memory.undo.slice(0, -1), last: undefined } };
}

function remove(line: InputLine, from: number, to: number): InputLine {
  return from === to ? line : change(line, { from, to, insert: '' });
}

export function edit(line: InputLine, action: EditAction): InputLine {
  const { text, cursor } = line;
  switch (action) {
    case 'left':
      return moveTo(line, previousGrapheme(text, cursor));
    case 'right':
      return moveTo(line, nextGrapheme(text, cursor));
    case 'wordLeft':
      return moveTo(line, previousWord(text, cursor));
    case 'wordRight':
      return moveTo(line, nextWord(text, cursor));
    case 'lineStart':
      return moveTo(line, lineStart(line));
    case 'lineEnd':
      return moveTo(line, lineEnd(line));
    case 'deleteBack':
      return remove(line, previousGrapheme(text, cursor), cursor);
    case 'deleteForward':
      return remove(line, cursor, nextGrapheme(text, cursor));
    case 'killWordBack':
      return kill(line, previousWord(text, cursor), cursor, 'killBack');
    case 'killBlankWordBack':
      return kill(line, blankWordStart(line), cursor, 'killBack');
    case 'killWordForward':
      return kill(line, cursor, nextWord(text, cursor), 'killForward');
    case 'killToStart':
      return kill(line, lineStart(line), cursor, 'killBack');
    case 'killToEnd':
      // At a line's end its newline goes, so that the key pressed again goes on.
      return kill(line, cursor, text[cursor] === '\n' ? cursor + 1 : lineEnd(line), 'killForward');
    case 'yank':
      return line.memory?.killed ? insert(moveTo(line, cursor), line.memory.killed) : line;
    case 'transpose':
      return transpose(line);
    case 'undo':
      return undo(line);
    case 'newline':
      return insert(line, '\n');
  }
}

/** The cursor one written line up, in the same column of characters; undefined on the first line. */
export function lineUp(line: InputLine): InputLine | undefined {
  const start = lineStart(line);
  if (start === 0) return undefined;
  const column = graphemes(line.text.slice(start, line.cursor)).length;
  return moveTo(line, inColumn(line.text, lineStart({ text: line.text, cursor: start - 1 }), column));
}

/** The cursor one written line down; undefined on the last line. */
export function lineDown(line: InputLine): InputLine | undefined {
  const end = lineEnd(line);
  if (end === line.text.length) return undefined;
  const column = graphemes(line.text.slice(lineStart(line), line.cursor)).length;
  return moveTo(line, inColumn(line.text, end + 1, column));
}

function inColumn(text: string, start: number, column: number): number {
  let at = start;
  for (const cluster of graphemes(text.slice(start, lineEnd({ text, cursor: start }))).slice(0, column)) {
    at += cluster.length;
  }
  return at;
}
