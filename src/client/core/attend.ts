/** Whether somebody sits before the terminal. */
import type { State } from './state.ts';

/** A key or a click: the window has the keyboard, whatever the terminal has said of it, or forgotten to say. */
export function attend(state: State): void {
  if (state.focused === false) state.focused = true;
}
