/**
 * Cells that text takes in a terminal. An emoji sequence takes 2; everything else takes the sum of its code points, whose
 * widths are East Asian Width (UAX #11) with ambiguous ones narrow, as tmux and screen count them.
 */
import { codePointWidth, isEmojiSequence } from './cluster.ts';
import { graphemes } from './graphemes.ts';

/** Every character takes one cell. */
const NARROW = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f]*$/;

/** Cells of one element of `graphemes`. */
export function clusterWidth(cluster: string): 0 | 1 | 2 {
  if (isEmojiSequence(cluster)) return 2;
  let width = 0;
  for (const character of cluster) width += codePointWidth(character.codePointAt(0) ?? 0);
  return width === 0 || width === 1 ? width : 2;
}

export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const cluster of graphemes(text)) width += clusterWidth(cluster);
  return width;
}
