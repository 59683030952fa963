/**
 * Widths for the emulator, which by itself knows Unicode 6: there an emoji is one cell. Sequences join to one picture of
 * two cells, as in the terminals of today.
 */
import type { IUnicodeHandling } from '@xterm/headless';
import { codePointWidth } from '../../../src/base/text/cluster.ts';

type Provider = Parameters<IUnicodeHandling['register']>[0];

const VERSION = 'sequences';
const ZWJ = 0x200d;
const EMOJI_STYLE = 0xfe0f;
const PICTURE = /^\p{ExtPict}$/u;
const SKIN_TONE = /^\p{EMod}$/u;
const FLAG_HALF = /^\p{RI}$/u;

/** What stands before the next character, in the state that the emulator keeps for its provider. */
const AFTER = { text: 0, picture: 1, joiner: 2, flagHalf: 3 } as const;

/** xterm.js's packing: 24 bits of state, 2 of width, 1 that says whether it joins the cell before. */
const pack = (state: number, width: number, joins: boolean): number => (state << 3) | (width << 1) | (joins ? 1 : 0);
const stateOf = (packed: number): number => packed >> 3;
const widthOf = (packed: number): number => (packed >> 1) & 3;

function properties(codePoint: number, before: number): number {
  const character = String.fromCodePoint(codePoint);
  const after = stateOf(before);
  const isPicture = PICTURE.test(character);
  if (after === AFTER.joiner && isPicture) return pack(AFTER.picture, 2, true);
  if (after === AFTER.picture && SKIN_TONE.test(character)) return pack(AFTER.picture, 2, true);
  if (FLAG_HALF.test(character))
    return after === AFTER.flagHalf ? pack(AFTER.text, 2, true) : pack(AFTER.flagHalf, 1, false);
  const width = codePointWidth(codePoint);
  const joins = width === 0 && before !== 0 && widthOf(before) > 0;
  if (!joins) return pack(isPicture ? AFTER.picture : AFTER.text, width, false);
  if (codePoint === ZWJ) return pack(after === AFTER.picture ? AFTER.joiner : AFTER.text, widthOf(before), true);
  if (codePoint === EMOJI_STYLE && after === AFTER.picture) return pack(AFTER.picture, 2, true);
  return pack(after, widthOf(before), true);
}

const provider: Provider = { version: VERSION, wcwidth: codePointWidth, charProperties: properties };

export function useSequences(unicode: IUnicodeHandling): void {
  unicode.register(provider);
  // The emulator reads its current version here; assigning is how it is chosen.
  Object.assign(unicode, { activeVersion: VERSION });
}
