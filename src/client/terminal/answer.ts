/** What a terminal answers (ECMA-48 8.3.35 CPR, 8.3.24 DA; xterm's ctlseqs: DECRQM, XTVERSION, OSC 11). */

/** What the terminal says when it is asked. */
export type Answer =
  /** DSR 6: where the cursor is, both from 1. */
  | { readonly kind: 'cursor'; readonly row: number; readonly column: number }
  /** DECRQM: whether a private mode is set (1, 3), reset (2, 4), or unknown (0). */
  | { readonly kind: 'mode'; readonly mode: number; readonly value: number }
  /** DA1 and DA2: what it is, in numbers. */
  | { readonly kind: 'device'; readonly level: 1 | 2; readonly numbers: readonly number[] }
  /** XTVERSION: what it is, in its own words. */
  | { readonly kind: 'version'; readonly text: string }
  /** OSC 11: its ground, as X11 writes colours: `rgb:ffff/ffff/dddd`. */
  | { readonly kind: 'ground'; readonly text: string };

const numbersOf = (parameters: string): number[] => parameters.split(';').map((each) => Number.parseInt(each, 10) || 0);

/** @returns undefined for a control sequence that answers nothing. */
export function answerOf(parameters: string, final: string): Answer | undefined {
  const [first = 0, second = 0] = numbersOf(parameters.replace(/^[?>]/, ''));
  // In row 1 it would be F3 with a modifier: nobody asks there.
  if (final === 'R' && /^\d+;\d+$/.test(parameters)) return { kind: 'cursor', row: first, column: second };
  if (final === 'y' && /^\?\d+;\d\$$/.test(parameters)) return { kind: 'mode', mode: first, value: second };
  if (final !== 'c' || !/^[?>][\d;]*$/.test(parameters)) return undefined;
  return { kind: 'device', level: parameters.startsWith('?') ? 1 : 2, numbers: numbersOf(parameters.slice(1)) };
}

/** Between DCS or OSC, and ST or BEL. */
const VERSION = /^P>\|([^\x00-\x1f]*)/;
const GROUND = /^\]11;([^\x00-\x1f]*)/;

/** @returns undefined for a string (OSC, DCS) that answers nothing. */
export function stringAnswerOf(held: string): Answer | undefined {
  const version = VERSION.exec(held)?.[1];
  if (version !== undefined) return { kind: 'version', text: version };
  const ground = GROUND.exec(held)?.[1];
  return ground === undefined ? undefined : { kind: 'ground', text: ground };
}
