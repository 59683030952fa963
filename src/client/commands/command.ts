import type { Result } from '../../base/result.ts';
import type { Effect, Env } from '../core/event.ts';
import type { State, Tab } from '../core/state.ts';

export interface Context {
  readonly state: State;
  readonly env: Env;
  /** Where the command was typed. */
  readonly tab: Tab;
  /** What follows the command's name, without the blanks around it. */
  readonly args: string;
  /** Every command, for those that speak of commands. */
  readonly commands: readonly Command[];
}

/** What came of it, or one sentence that says what is wrong; then the line stays in the input, to be mended. */
export type Outcome = Result<readonly Effect[], string>;

/** The words that could be the command's first argument; those that do not fit to what is written are left out. */
type Candidates = (state: State, commands: readonly Command[]) => readonly string[];

/** @param before the arguments that are written already. */
type NextCandidates = (state: State, before: readonly string[]) => readonly string[];

export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What follows the name, as help shows it: `[#room]`; empty where nothing does. */
  readonly args: string;
  /** What it does, in one line. */
  readonly help: string;
  /** The server does it for operators alone; help lists it for them. */
  readonly operators?: true;
  /** It is about the full screen or its keys: there is nothing to be done where there are only lines. */
  readonly screen?: true;
  readonly complete?: Candidates;
  /** The same for the arguments behind the first one, in their order; what has no words of its own is free text. */
  readonly completeNext?: readonly NextCandidates[];
  readonly run: (context: Context) => Outcome;
}
