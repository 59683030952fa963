/** What the mouse does (xterm's ctlseqs, SGR mouse). */

/** Cells in a row or a column of a screen: a mouse further out is none. */
const MAX_CELLS = 9999;
/** `CSI < button ; column ; row` and a final `M` (pressed) or `m` (released). */
const MOUSE = /^<(\d{1,3});(\d{1,4});(\d{1,4})$/;
/** In the button's number: shift, meta and control, which change nothing here. */
const MOUSE_MODIFIERS = 4 | 8 | 16;
const LEFT_BUTTON = 0;
/** In the button's number: it moves while it is down. */
const MOVING = 32;
const WHEEL_UP = 64;
const WHEEL_DOWN = 65;

/** What the mouse does, in cells from 0: the left button goes down, moves, comes up; the wheel turns by a notch. */
export type Mouse =
  | { readonly kind: 'click' | 'drag' | 'release'; readonly x: number; readonly y: number }
  | { readonly kind: 'wheel'; readonly up: boolean; readonly x: number; readonly y: number };

/** @returns undefined for what nobody here wants to know: other buttons, movements of none, nonsense. */
export function mouseOf(parameters: string, final: string): Mouse | undefined {
  const [, button = '', column = '', row = ''] = MOUSE.exec(parameters) ?? [];
  const x = Number(column) - 1;
  const y = Number(row) - 1;
  if (button === '' || x < 0 || y < 0 || x >= MAX_CELLS || y >= MAX_CELLS) return undefined;
  const what = Number(button) & ~MOUSE_MODIFIERS;
  // Whichever way the button came up: a drag has ended.
  if (final === 'm') return (what & ~MOVING) === LEFT_BUTTON ? { kind: 'release', x, y } : undefined;
  if (final !== 'M') return undefined;
  if (what === LEFT_BUTTON) return { kind: 'click', x, y };
  if (what === (LEFT_BUTTON | MOVING)) return { kind: 'drag', x, y };
  return what === WHEEL_UP || what === WHEEL_DOWN ? { kind: 'wheel', up: what === WHEEL_UP, x, y } : undefined;
}
