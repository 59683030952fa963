/** What every shell's script is made of: the tables of usage/ as a shell wants them. */
import { SHIPPED } from '../../client/theme/theme.ts';
import { ALL_OPTIONS, MODE_NAMES, MODES, type Mode, optionsOf } from '../../usage/modes.ts';
import type { OptionTable } from '../../usage/option.ts';
import { CLIENT, SCREEN, SERVER, SHARED } from '../../usage/options.ts';
import { type Offer, offerOf } from '../terms.ts';

export interface OptionWord {
  /** With its dashes. */
  readonly name: string;
  readonly says: string;
  /** Undefined for a flag. */
  readonly offer: Offer | undefined;
}

/** Names of themes that need no file; those in a person's own folder the shell finds. */
export const THEMES: readonly string[] = ['auto', ...SHIPPED];
/** Characters of a theme's name: see `THEME_NAME`. */
export const THEME_CHARACTERS = 'A-Za-z0-9_-';

/** One way to go on once it is known what is to be done. */
export interface ModeWords {
  readonly says: string;
  readonly options: readonly OptionWord[];
  /** For each word that isn't an option, in their order. */
  readonly positionals: readonly { readonly name: string; readonly offer: Offer }[];
}

const HELP: OptionWord = { name: '--help', says: 'Show help', offer: undefined };
const VERSION: OptionWord = { name: '--version', says: 'Show version number', offer: undefined };

const optionWords = (table: OptionTable): readonly OptionWord[] =>
  Object.entries(table).map(([name, option]) => ({ name: `--${name}`, says: option.says, offer: offerOf(option) }));

function wordsOf(mode: Mode, options: OptionTable, more: readonly OptionWord[]): ModeWords {
  const lists: Readonly<Partial<Record<string, Offer>>> = { HOST: 'servers', FILE: 'files' };
  return {
    says: mode.says,
    options: [...optionWords(options), ...more],
    positionals: mode.positionals.map(({ name, choices }) => ({
      name,
      offer: choices ?? lists[name] ?? 'nothing',
    })),
  };
}

/** Of the modes with a word. */
export const WORDED: readonly (ModeWords & { readonly word: string })[] = MODE_NAMES.filter(
  (name) => name !== 'default',
).map((word) => ({ word, ...wordsOf(MODES[word], optionsOf(MODES[word]), [HELP]) }));

const shared: OptionTable = Object.fromEntries(Object.entries(CLIENT).filter(([name]) => SHARED.includes(name)));
const { serve, ...served } = SERVER;

/** The chat, and with `--serve` the server; the one's options are none of the other's. */
export const CHAT: ModeWords = wordsOf(MODES.default, { ...CLIENT, ...SCREEN, serve }, [HELP, VERSION]);
export const SERVING: ModeWords = wordsOf({ ...MODES.default, positionals: [] }, { ...shared, ...served }, [HELP]);

/** Options that take the next word, whatever the mode. */
export const WITH_VALUE: readonly OptionWord[] = optionWords(ALL_OPTIONS).filter(({ offer }) => offer !== undefined);

/** Characters of a server's name: all others are passed over, so that no file of names puts anything else on a line. */
export const SERVER_CHARACTERS = 'A-Za-z0-9_.:%-';
