/** Which tab each pane shows, and which of them has the keyboard. */
import { activeTab } from '../lookup.ts';
import type { State, Tab } from '../state.ts';
import { type PaneId, paneIds } from './tree.ts';

export const tabOfPane = (state: State, id: PaneId): Tab | undefined =>
  id === state.panes.focused ? activeTab(state) : state.panes.shows.get(id);

/** The pane that shows a tab, whether or not it is on the screen. */
export function paneOf(state: State, tab: Tab): PaneId | undefined {
  if (tab === activeTab(state)) return state.panes.focused;
  for (const [id, shown] of state.panes.shows) if (shown === tab) return id;
  return undefined;
}

/** In the order of their numbers, those that no pane shows. */
export const hiddenTabs = (state: State): Tab[] => state.tabs.filter((tab) => paneOf(state, tab) === undefined);

/** Gives a pane the keyboard; what it shows is the active tab from now on. */
export function focus(state: State, id: PaneId): void {
  const { panes } = state;
  const tab = panes.shows.get(id);
  if (tab === undefined) return;
  panes.shows.set(panes.focused, activeTab(state));
  panes.shows.delete(id);
  panes.focused = id;
  state.active = state.tabs.indexOf(tab);
  remember(state);
}

/** The focused one was used last of all. */
export function remember({ panes }: State): void {
  const here = paneIds(panes.tree);
  const before = panes.recent.filter((id) => id !== panes.focused && here.includes(id));
  panes.recent = [panes.focused, ...before, ...here.filter((id) => id !== panes.focused && !before.includes(id))];
}

/** Which panes there are, what they show, or the tabs and their order have changed: to be kept for the next start. */
export function layoutChanged({ inner }: State): void {
  // What was kept comes first.
  if (inner.layout.kind !== 'waiting') inner.layout = { kind: 'changed' };
}

/** A tab has come by itself, or gone. */
export function tabsChanged({ inner }: State): void {
  if (inner.layout.kind === 'kept') inner.layout = { kind: 'changed' };
}
