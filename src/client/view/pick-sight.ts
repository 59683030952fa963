/** Which messages of a pane are in sight, and how one comes into it. */
import type { MessageEntry } from '../core/message-log.ts';
import type { State, Tab } from '../core/state.ts';
import { geometryOf } from './geometry.ts';
import { blockAt, type Layout, layoutFor } from './log-rows.ts';
import { paneRows, scrollBy, scrollToMessage } from './scroll.ts';
import { UNICODE_SIGNS } from './signs.ts';

const layoutOf = (state: State, tab: Tab): Layout => layoutFor(state, tab, geometryOf(state, tab), UNICODE_SIGNS);

/** The newest message of which a row is on the screen; where none is, the newest before those that are there. */
export function newestInSight(state: State, tab: Tab): MessageEntry | undefined {
  const layout = layoutOf(state, tab);
  const { bottom } = paneRows(layout);
  return layout.entries.slice(0, bottom + 1).findLast((entry) => entry.kind === 'message');
}

/** The oldest one; where none is, the oldest after. */
export function oldestInSight(state: State, tab: Tab): MessageEntry | undefined {
  const layout = layoutOf(state, tab);
  const { top } = paneRows(layout);
  return layout.entries.slice(top).find((entry) => entry.kind === 'message');
}

/** Scrolls as little as it takes to have all of a message on the screen; of one that is taller, its beginning. */
export function showMessage(state: State, tab: Tab, { key, seq }: MessageEntry): void {
  const layout = layoutOf(state, tab);
  const { top, bottom, cut } = paneRows(layout);
  const index = layout.entries.findLastIndex((entry) => entry.key <= key);
  const block = blockAt(layout, index);
  if (block === undefined) return;
  const isTall = block.rows.length - block.rules >= layout.geometry.paneHeight;
  const isAbove = block.first < top || (block.first === top && cut > block.rules);
  const { scroll } = tab;
  const isBelow = block.last > bottom || (block.last === bottom && scroll.kind === 'at' && scroll.hidden > 0);
  if (isAbove || (isBelow && isTall)) tab.scroll = scrollToMessage(state, tab, seq);
  else if (isBelow) {
    tab.scroll = { kind: 'at', bottom: key, hidden: 0 };
    // At the end of the log it goes on with it.
    tab.scroll = scrollBy(state, tab, 0);
  }
}
