/** The themes of one chat: which one it starts with, and what the core asks for. */
import type { Event } from '../core/event.ts';
import { BUILT_IN_DARK } from '../theme/built-in.ts';
import type { ThemeAsk, ThemeFound } from '../theme/found.ts';
import { groundDark } from '../theme/ground.ts';
import type { Theme } from '../theme/theme.ts';
import { AUTO, builtInTheme, type Environment, themeNames } from './theme-files.ts';

export interface ThemeWish {
  readonly name: string;
  /** As an option of this run, so that it comes before what was chosen last. */
  readonly typed: boolean;
}

export interface FirstTheme {
  readonly theme: Theme;
  /** What is wrong with it, or why it isn't the one that was chosen. */
  readonly warnings: readonly string[];
}

/** What was typed, else what /theme chose last, else the settings, else what suits the terminal. */
function firstName(wish: ThemeWish | undefined, remembered: string | undefined): string {
  const names = wish?.typed === true ? [wish.name] : [remembered, wish?.name];
  return names.find((name) => name !== undefined && name !== AUTO) ?? AUTO;
}

export class ScreenThemes {
  readonly #wish: ThemeWish | undefined;
  readonly #env: Environment;
  #terminalDark: boolean | undefined;
  /** A name, or `auto`. */
  #name: string;
  #first: Theme | undefined;
  #warnings: readonly string[] = [];

  /** @param remembered what `/theme` chose last. @param dark the terminal's own ground, as it has said by now. */
  constructor(wish: ThemeWish | undefined, remembered?: string, dark?: boolean, env: Environment = process.env) {
    this.#wish = wish;
    this.#env = env;
    this.#terminalDark = dark ?? groundDark(env);
    this.#name = firstName(wish, remembered);
  }

  get names(): readonly string[] {
    return themeNames(this.#env);
  }

  /** What is wrong with what a start shows. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** What a start shows. What can't be used is `dark`, with a word on why. */
  async first(): Promise<FirstTheme> {
    const name = this.#name === AUTO ? (this.#terminalDark === false ? 'light' : 'dark') : this.#name;
    const first = await this.#load(name);
    this.#first = first.theme;
    this.#warnings = first.warnings;
    return first;
  }

  async #load(name: string): Promise<FirstTheme> {
    const builtIn = builtInTheme(name, this.#env);
    if (builtIn !== undefined) return { theme: builtIn, warnings: [] };
    const { loadTheme } = await import('./themes.ts');
    const found = loadTheme(name, this.#env);
    const gone = `there is no theme ${name} any more; see /theme`;
    return { theme: found?.theme ?? BUILT_IN_DARK, warnings: found?.faults ?? [gone] };
  }

  /** The same, for the core. */
  async start(): Promise<Event> {
    return await this.answer({ kind: 'start' });
  }

  async answer(ask: ThemeAsk): Promise<Event> {
    return { type: 'themes', ask, found: await this.#find(ask), names: this.names };
  }

  /**
   * The terminal has said what its ground is like.
   * @returns what the core is told: nothing, where somebody has chosen what is shown.
   */
  async ground(dark: boolean, shown: Theme): Promise<Event | undefined> {
    this.#terminalDark = dark;
    return this.#name === AUTO && shown === this.#first ? await this.start() : undefined;
  }

  async #find(ask: ThemeAsk): Promise<readonly ThemeFound[]> {
    switch (ask.kind) {
      case 'list': {
        const { loadAll } = await import('./themes.ts');
        return loadAll(this.#env);
      }
      case 'name':
      case 'reload': {
        const { loadTheme } = await import('./themes.ts');
        const found = loadTheme(ask.name, this.#env);
        return found === undefined ? [] : [found];
      }
      case 'auto':
        this.#name = firstName(this.#wish, undefined);
        return await this.#findFirst();
      case 'start':
        return await this.#findFirst();
    }
  }

  async #findFirst(): Promise<readonly ThemeFound[]> {
    const { theme, warnings } = await this.first();
    return [{ name: theme.name, own: false, theme, faults: warnings }];
  }
}
