/** What may be chosen of telling, and what of it is kept. */
import { type Infer, integer, list, object, oneOf, optional, text } from '../../protocol/schema.ts';

/**
 * `mentions`: what speaks to us, and all that is private. `private`: that alone. Each rings for what comes; counts and
 * marks are not its business, but for the title's.
 */
export const LEVELS = ['off', 'mentions', 'private', 'all'] as const;
export type Level = (typeof LEVELS)[number];

/** Chats with a level of their own; beyond, the one that was chosen first is forgotten. */
export const MAX_CHOSEN = 200;
/** Characters of a tab's name: a sign and a name. */
const MAX_TAB_NAME = 64;
const level = oneOf(...LEVELS);
/** Of the memory. `quietUntil`: Unix ms. */
export const TOLD = object({
  level: optional(level),
  chats: list(object({ name: text(1, MAX_TAB_NAME), level }), MAX_CHOSEN),
  quietUntil: optional(integer(0)),
});
export type Told = Infer<typeof TOLD>;

/** What of it is chosen in the config file. */
export interface TellingOptions {
  /** Of chats that have none of their own, where `/notify` hasn't chosen another. */
  readonly level: Level;
  readonly bell: boolean;
  /** Outside of the terminal's window. */
  readonly notifications: boolean;
  /** Notifications have the text of what is private, too. */
  readonly privateText: boolean;
  /** Words that speak to us as our name does. */
  readonly words: readonly string[];
}

export const TELLING: TellingOptions = {
  level: 'mentions',
  bell: true,
  notifications: true,
  privateText: false,
  words: [],
};

/** Words at most, and characters of one: each is looked for in every message. */
export const MAX_WORDS = 20;
export const MAX_WORD_CHARS = 40;
