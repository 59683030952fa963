/** Which tab is in front, and so which pane has the keyboard. */
import { activeTab, tabName } from '../lookup.ts';
import type { State, Tab } from '../state.ts';
import { moveOn } from '../unread.ts';
import { focus, layoutChanged, paneOf, remember, tabOfPane } from './panes.ts';
import { type PaneId, type PaneTree, removePane } from './tree.ts';

/** Tabs that were in front before: there is one step back, and of tabs that were closed meanwhile some more. */
const MAX_RECENT = 20;

/** @param by makes it the active one. */
function turnTo(state: State, to: Tab, by: () => void): void {
  const from = activeTab(state);
  if (to === from) return;
  moveOn(from);
  const { inner } = state;
  const name = tabName(from);
  inner.recentTabs = [name, ...inner.recentTabs.filter((each) => each !== name)].slice(0, MAX_RECENT);
  by();
  state.selected = undefined;
  layoutChanged(state);
}

/** @param index from 0; a tab that isn't there changes nothing. Where another pane shows it, that one gets the keyboard. */
export function goTo(state: State, index: number): void {
  const to = state.tabs[index];
  const pane = to === undefined ? undefined : paneOf(state, to);
  if (pane !== undefined) bringTo(state, pane);
  else if (to !== undefined) {
    turnTo(state, to, () => {
      state.active = index;
    });
  }
}

export const goToTab = (state: State, tab: Tab): void => goTo(state, state.tabs.indexOf(tab));

/** The keyboard goes to a pane. */
export function bringTo(state: State, id: PaneId): void {
  const to = tabOfPane(state, id);
  if (to !== undefined) turnTo(state, to, () => focus(state, id));
}

/** The panes lie in another way from now on. */
export function setTree(state: State, tree: PaneTree): void {
  state.panes.tree = tree;
  // It belongs to how they lay.
  state.inner.drag = undefined;
  layoutChanged(state);
}

/** What it shows is in no pane from now on; where it had the keyboard, the one that had it before gets it. */
export function dropPane(state: State, id: PaneId): void {
  const { panes } = state;
  const tree = removePane(panes.tree, id);
  if (tree === undefined) return;
  if (id === panes.focused) {
    const heir = panes.recent.find((other) => other !== id);
    if (heir === undefined) return;
    bringTo(state, heir);
  }
  panes.shows.delete(id);
  setTree(state, tree);
  if (tree.kind === 'pane') panes.zoomed = false;
  remember(state);
}
