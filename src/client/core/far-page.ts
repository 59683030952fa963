/** A page of the log on this device has come for a window. */
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import { appendFar, arrive, asks, prependFar } from './far.ts';
import type { TabInner } from './inner.ts';
import { placeInTab } from './places.ts';
import type { PersonTab, State } from './state.ts';

type Asked = NonNullable<Extract<TabInner['past'], { kind: 'asked' }>['far']>;

/** @param more there is something before the page. */
export function farPastCame(
  state: State,
  tab: PersonTab,
  asked: Asked,
  messages: readonly HistoryEntry[],
  more: boolean,
): void {
  if (asked.page === 'there') {
    const seq = placeInTab(asked.at);
    if (tab.seeking !== seq) return;
    tab.seeking = undefined;
    arrive(state, tab, messages, seq, more);
  } else if (tab.far !== asked.far) asks(asked.far);
  else if (asked.page === 'older') prependFar(asked.far, messages, more);
  // Whether there is more behind it is known when nothing comes.
  else appendFar(tab, asked.far, messages, false);
}
