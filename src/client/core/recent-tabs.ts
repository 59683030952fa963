/** Which tabs were in front before the one that is: for the key that goes back, and for the palette's order. */
import { activeTab, hint, tabName } from './lookup.ts';
import type { State, Tab } from './state.ts';
import { goToTab } from './tabs.ts';

/** The last of them first; those that never were in front are none of them. */
export function recentTabs(state: State): Tab[] {
  const open = new Map(state.tabs.map((tab) => [tabName(tab), tab]));
  const here = activeTab(state);
  return state.inner.recentTabs.flatMap((name) => open.get(name) ?? []).filter((tab) => tab !== here);
}

export function goToLast(state: State): void {
  const [last] = recentTabs(state);
  if (last === undefined) hint(state, 'no other tab was in front before this one');
  else goToTab(state, last);
}
