/** The bare view (Alt-l, as in weechat): only the text of a chat, as it is now, for the terminal's own selection. */
import type { Action } from '../keys/action.ts';
import { bareAt, bareHeight, scrolledBare } from '../view/bare-view.ts';
import { shownEntries } from '../view/shown.ts';
import type { Effect } from './event.ts';
import { activeTab } from './lookup.ts';
import type { Bare, State } from './state.ts';

/** Entries that it has at most: some twenty screens, which are laid out at once. */
const MAX_ENTRIES = 1000;

export function toggleBare(state: State): void {
  if (state.bare !== undefined) {
    state.bare = undefined;
    return;
  }
  const tab = activeTab(state);
  const { scroll } = tab;
  const all = shownEntries(state, tab);
  // What one reads is at the lower edge, and what follows can be scrolled to.
  const bottom = scroll.kind === 'tail' ? all.length : all.findIndex(({ key }) => key > scroll.bottom);
  const end = bottom < 0 ? all.length : Math.min(all.length, bottom + MAX_ENTRIES / 2);
  const entries = all.slice(Math.max(0, end - MAX_ENTRIES), end);
  const pending = end === all.length ? tab.pending : [];
  const bare: Bare = { tab, entries, pending, times: false, bottom: undefined };
  state.bare = scroll.kind === 'tail' ? bare : bareAt(state, bare, scroll.bottom);
}

const LEAVING: ReadonlySet<Action['kind']> = new Set(['cancel', 'bareView', 'submit', 'quit', 'deleteOrQuit']);

/** Towards what is older, in rows; of a page, the rows of one less than a screen. */
const STEPS: Readonly<Partial<Record<Action['kind'], (page: number) => number>>> = {
  historyPrevious: () => 1,
  historyNext: () => -1,
  pageUp: (page) => page,
  pageDown: (page) => -page,
  top: () => Number.POSITIVE_INFINITY,
  bottom: () => Number.NEGATIVE_INFINITY,
};

/**
 * Keys only scroll it, or leave it.
 * @returns undefined where there is none.
 */
export function pressInBare(state: State, action: Action): readonly Effect[] | undefined {
  const { bare } = state;
  if (bare === undefined) return undefined;
  if (action.kind === 'redraw') return [{ do: 'redraw' }];
  const step = STEPS[action.kind];
  if (LEAVING.has(action.kind)) state.bare = undefined;
  else if (step !== undefined) state.bare = scrolledBare(state, bare, step(Math.max(1, bareHeight(state) - 1)));
  else if (action.kind === 'insert' && action.text === 't') state.bare = { ...bare, times: !bare.times };
  return [];
}
