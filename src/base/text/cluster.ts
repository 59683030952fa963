/** How many cells one code point, or one cluster of them, takes in a terminal. */
import { isWide } from './east-asian-wide.ts';

/**
 * No cell of their own: marks that sit on the character before (Mn, Me; a spacing mark, Mc, has its cell), format
 * characters, controls, what is invisible by definition, and the vowels and finals of Hangul, which join the initial
 * before them.
 */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** Format characters (Cf) that are seen all the same: Prepended_Concatenation_Mark in Unicode's PropList.txt. */
const PREPENDED = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

/**
 * More than one code point that stands as one picture (UTS #51): a flag, a keycap, a pictograph with a variation
 * selector, a skin tone, tags, or others joined to it.
 */
const EMOJI_SEQUENCE =
  /^(?:\p{RI}\p{RI}|[0-9#*]\ufe0f\u20e3|\p{ExtPict}(?:\ufe0f|\p{EMod}|[\u{e0020}-\u{e007f}]+)?(?:\u200d\p{ExtPict}(?:\ufe0f|\p{EMod})?)*)$/u;

/** Cells of one code point on its own, as terminals count: 0, 1 or 2. */
export function codePointWidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x300) {
    if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0) || codePoint === 0xad) return 0;
    return 1;
  }
  // The bulk of Chinese, Japanese and Korean text.
  if ((codePoint >= 0x4e00 && codePoint <= 0x9fff) || (codePoint >= 0xac00 && codePoint <= 0xd7a3)) return 2;
  const character = String.fromCodePoint(codePoint);
  if (ZERO.test(character)) return PREPENDED.test(character) ? 1 : 0;
  return isWide(codePoint) ? 2 : 1;
}

export function isEmojiSequence(cluster: string): boolean {
  // One code point is no sequence; its own width counts.
  const first = cluster.codePointAt(0) ?? 0;
  return cluster.length > (first > 0xffff ? 2 : 1) && EMOJI_SEQUENCE.test(cluster);
}

/** The widest that one cluster may be (cells); what is wider is cut into several, as a terminal shows it anyway. */
const WIDEST_CLUSTER = 2;

/**
 * A cluster of Unicode's in parts of at most two cells each. Nearly always that is the cluster itself; only scripts that
 * write a syllable in several cells (Devanagari, old Hangul) give more.
 */
export function cellParts(cluster: string): readonly string[] {
  if (cluster.length === 1 || isEmojiSequence(cluster)) return [cluster];
  const parts: string[] = [];
  let part = '';
  let width = 0;
  for (const character of cluster) {
    const add = codePointWidth(character.codePointAt(0) ?? 0);
    if (add > 0 && width + add > WIDEST_CLUSTER) {
      parts.push(part);
      part = '';
      width = 0;
    }
    part += character;
    width += add;
  }
  parts.push(part);
  return parts;
}
