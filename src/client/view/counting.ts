/** Whether the screen changes by the clock alone, every second: something on it counts. */
import { activeTab } from '../core/lookup.ts';
import type { State } from '../core/state.ts';

export function isCounting(state: State): boolean {
  const tab = activeTab(state);
  return state.connection.kind !== 'online' || (tab.kind === 'chat' && tab.status.kind === 'asked');
}
