/** Whether a terminal's own ground is dark, as far as it says so by itself. */
import { isDark } from './color.ts';

/** Of the sixteen: black to white, then bright black; the others are light. */
const DARK_GROUNDS: ReadonlySet<string> = new Set(['0', '1', '2', '3', '4', '5', '6', '8']);

/**
 * From `COLORFGBG`, as rxvt and those after it set it: `15;0`, or `15;default;0`, with the ground last.
 * @returns undefined where it says nothing.
 */
export function groundDark({ COLORFGBG }: Readonly<Record<string, string | undefined>>): boolean | undefined {
  const [, ground] = /^[^;]+;(?:[^;]*;)?(\d{1,2})$/.exec(COLORFGBG ?? '') ?? [];
  return ground === undefined ? undefined : DARK_GROUNDS.has(ground);
}

/** X11's way to write colours: red, green and blue with one to four digits each. */
const XPARSE = /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})/i;

/** From a terminal's answer to OSC 11: `rgb:ffff/ffff/dddd`. */
export function isDarkAnswer(text: string): boolean | undefined {
  const parts = XPARSE.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const rgb = parts.reduce((sum, digits) => {
    const share = Number.parseInt(digits, 16) / (16 ** digits.length - 1);
    return (sum << 8) | Math.round(255 * share);
  }, 0);
  return isDark(rgb);
}
