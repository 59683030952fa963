/** Whether the screen changes by the clock alone, every second: something on it counts. */
import { tabsOnScreen } from '../core/panes/on-screen.ts';
import type { State } from '../core/state.ts';

export function isCounting(state: State): boolean {
  if (state.connection.kind !== 'online') return true;
  return tabsOnScreen(state).some((tab) => tab.kind === 'chat' && tab.status.kind === 'asked');
}
