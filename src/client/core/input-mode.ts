/** What the keys of the input line are for, where that isn't writing. Each tab has its own. */
import type { Sent } from './inner.ts';
import type { InputLine } from './input-line.ts';

/** Part of a text: UTF-16 indexes, `to` is behind it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was sent before is searched, letter by letter, as Ctrl-R does in readline. */
export interface SearchMode {
  readonly kind: 'search';
  readonly query: string;
  /** What was found; undefined: nothing has been looked for. It stays where a letter more leads to nothing. */
  readonly found: Sent | undefined;
  /** How many fit, and which of them this is, from 1, the newest first; 0: none fits. */
  readonly count: number;
  readonly place: number;
  /** What stands in the line meanwhile, and where in it the query does. */
  readonly shown: InputLine;
  readonly hits: readonly Span[];
  /** The draft, to be given back. */
  readonly before: InputLine;
}

/** A long text is to be sent: a letter says how. */
export interface AskMode {
  readonly kind: 'ask';
  /** What would be sent: the draft, with the paste in it. */
  readonly line: InputLine;
  /** The draft without the paste; undefined: nothing was pasted, the draft itself is too long. */
  readonly before: InputLine | undefined;
  /** Of what was pasted, or of the draft. */
  readonly lines: number;
  readonly characters: number;
  /** UTF-16 units that were pasted and had no room in the line. */
  readonly lost: number;
  /** In how many messages it goes; 0: not in any number, since a command is no more than one. */
  readonly messages: number;
  /** It begins with a slash only because what was pasted does: it is said, not run. */
  readonly literal: boolean;
  /** Monotonic ms: letters before this were meant for the line. */
  readonly lettersFrom: number;
}

export type InputMode = SearchMode | AskMode;
