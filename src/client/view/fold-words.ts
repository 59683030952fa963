/** Words side by side, shortened to the room there is, in the order in which they can be missed. */
import { textWidth } from '../../base/text/width.ts';
import type { Role } from './cells.ts';

export interface Part {
  readonly text: string;
  readonly role: Role;
  readonly bold?: boolean;
  /**
   * Shorter wordings, each with its turn: of all parts of a line, the one with the smallest number is taken first. An
   * empty one leaves the part out. A part without any is never shortened.
   */
  readonly shorter?: readonly (readonly [turn: number, text: string])[];
}

/** Cells of parts with `gap` cells between them; empty parts take none. */
export function partsWidth(parts: readonly Part[], gap: number): number {
  const shown = parts.filter(({ text }) => text !== '');
  return shown.reduce((sum, { text }) => sum + textWidth(text), 0) + gap * Math.max(0, shown.length - 1);
}

/** @returns as many parts as came in, shortened until they fit, or as far as they can be. */
export function foldWords(parts: readonly Part[], room: number, gap: number): Part[] {
  const folded = [...parts];
  while (partsWidth(folded, gap) > room) {
    let next: { readonly index: number; readonly turn: number; readonly text: string } | undefined;
    for (const [index, { shorter }] of folded.entries()) {
      const [turn, text] = shorter?.[0] ?? [];
      if (turn !== undefined && text !== undefined && (next === undefined || turn < next.turn))
        next = { index, turn, text };
    }
    const part = next === undefined ? undefined : folded[next.index];
    if (next === undefined || part === undefined) break;
    folded[next.index] = { ...part, text: next.text, shorter: part.shorter?.slice(1) ?? [] };
  }
  return folded;
}
