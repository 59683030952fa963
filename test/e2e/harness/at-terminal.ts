/** A person before the real program. */

import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import type { Size } from '../../../src/client/core/state.ts';
import { Hands, type Person } from './person.ts';
import type { Sight } from './sight.ts';
import { ONLINE } from './stage.ts';
import type { Typist } from './typist.ts';
import { pause } from './wait.ts';

export class AtTerminal extends Hands implements Person {
  #typist: Typist;
  readonly #again: (size: Size) => Typist;

  /** @param again what they come back by when their terminal has gone. */
  constructor(typist: Typist, again: (size: Size) => Typist) {
    super();
    this.#typist = typist;
    this.#again = again;
  }

  type(text: string): this {
    this.#typist.type(text);
    return this;
  }

  press(...keys: readonly string[]): this {
    this.#typist.press(...keys);
    return this;
  }

  paste(text: string): this {
    this.#typist.paste(text);
    return this;
  }

  resize(columns: number, rows: number): this {
    this.#typist.resize(columns, rows);
    return this;
  }

  async answer(letter: string): Promise<void> {
    // What one was typing when the question came must not answer it, so the program takes no letter for a moment.
    await pause(LETTERS_AFTER_MS);
    this.press(letter);
  }

  async sees(sight: Sight): Promise<readonly string[]> {
    return await this.#typist.waitFor(sight);
  }

  async seesNoMore(sight: Sight): Promise<void> {
    await this.#typist.waitUntilGone(sight);
  }

  screen(): readonly string[] {
    return this.#typist.screen();
  }

  get bells(): number {
    return this.#typist.emulator.bells;
  }

  async comesBack(size: Size = this.#typist.emulator.size): Promise<void> {
    this.#typist.hangUp();
    await this.#typist.ended();
    this.#typist = this.#again(size);
    await this.sees(ONLINE);
  }

  async leaves(): Promise<void> {
    this.say('/quit');
    await this.#typist.ended();
  }
}
