/** Names of what lies in the single executable. */

/** The part that all others are loaded by. */
export const FIRST = 'cli.cjs';
/** Behind a part's name: what V8 made of it. */
export const COMPILED = '.compiled';
