/**
 * What a person does and sees, wherever their uchat runs. A script that is written against this runs unchanged in
 * memory (milliseconds), in a terminal, in tmux and in GNU screen: see script.ts.
 */
import type { Size } from '../../../src/client/core/state.ts';
import type { Sight } from './sight.ts';

export interface Person {
  /** By name: `alt-1`, `ctrl-k`, `pageup`, `%`. */
  press(...keys: readonly string[]): this;
  /** Characters, or what else a terminal sends. */
  type(text: string): this;
  /** Types a line and sends it. */
  say(line: string): this;
  /** From the clipboard. */
  paste(text: string): this;
  /** The window has this size from now on. */
  resize(columns: number, rows: number): this;
  /** Another window has the keyboard from now on; this one has it again. Multiplexers may keep it to themselves. */
  looksAway(): this;
  looksBack(): this;
  /** A question by a letter, once it can be taken for an answer. */
  answer(letter: string): Promise<void>;

  /** @returns the screen on which it was seen. */
  sees(sight: Sight): Promise<readonly string[]>;
  /** It is on the screen no more. */
  seesNoMore(sight: Sight): Promise<void>;
  /** Rows without the blanks at their ends. */
  screen(): readonly string[];
  /** How often the terminal rang. */
  readonly bells: number;

  /**
   * The connection to the terminal drops, and they come back from another one: with a multiplexer to its session, which
   * has gone on; without one they start anew.
   */
  comesBack(size?: Size): Promise<void>;
  /** Leaves with a command. */
  leaves(): Promise<void>;
}

/** What all of them have in common: they are made of `type`. */
export abstract class Hands {
  abstract type(text: string): this;
  abstract press(...keys: readonly string[]): this;

  say(line: string): this {
    return this.type(line).press('enter');
  }

  looksAway(): this {
    return this.type('\x1b[O');
  }

  looksBack(): this {
    return this.type('\x1b[I');
  }
}
