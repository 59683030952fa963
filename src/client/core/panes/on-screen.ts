/** What can be read at the moment. */
import { paneLayout } from '../../view/pane-layout.ts';
import { activeTab } from '../lookup.ts';
import type { State, Tab } from '../state.ts';

/** Something else is on the screen: the bare view, which stands still, an editor, or what lies over the room. */
const isCovered = ({ bare, overlay, themes, inner }: State): boolean =>
  bare !== undefined || overlay !== undefined || themes.preview !== undefined || inner.editing !== undefined;

/** The tabs whose panes are on the screen. */
export function tabsOnScreen(state: State): readonly Tab[] {
  if (isCovered(state)) return [];
  const active = activeTab(state);
  return paneLayout(state) === undefined ? [active] : [active, ...state.panes.shows.values()];
}
