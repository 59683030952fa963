/** What to know at the first start: once for each person and screen, and until they have begun. */
import { isFirstStart } from '../view/first-start.ts';
import type { Event } from './event.ts';
import { lobbyOf } from './lookup.ts';
import { keep } from './memory.ts';
import type { State, Tab } from './state.ts';

/** After every event. */
export function settleWelcome(state: State, event: Event): void {
  if (state.self === undefined) return;
  if (state.memory.welcomed !== true) {
    // Not before somebody sits there, and never where there is no screen.
    if (event.type === 'key' || event.type === 'click' || event.type === 'wheel') keep(state, { welcomed: true });
    else state.welcoming = true;
  }
  if (isWriting(state, event) || lobbyOf(state).scroll.kind !== 'tail') state.welcoming = false;
}

/**
 * One reads back: what it lies over comes first, or the page above it would be missed.
 * @returns whether it was on the screen.
 */
export function endWelcome(state: State, tab: Tab): boolean {
  const isShown = isFirstStart(state, tab);
  if (isShown) state.welcoming = false;
  return isShown;
}

const isWriting = ({ overlay }: State, event: Event): boolean =>
  event.type === 'key' && event.key.kind !== 'key' && overlay === undefined;
