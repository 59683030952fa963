import { ok } from '../../base/result.ts';
import { activeTab, notice, tabName } from '../core/lookup.ts';
import type { Tab } from '../core/state.ts';
import type { Command } from './command.ts';

function words(tab: Tab, isHere: boolean): string {
  const asks = tab.kind === 'chat' && tab.status.kind === 'asked' && !tab.status.ours;
  const parts = [
    ...(isHere ? ['you are here'] : []),
    ...(tab.unread > 0 ? [`${tab.unread} unread`] : []),
    ...(tab.mentioned ? ['speaks to you'] : []),
    ...(asks ? ['asks for a private chat'] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

export const tabs: Command = {
  name: 'tabs',
  aliases: ['windows'],
  args: '',
  help: 'which chats are open, and what is new in them',
  run: ({ state, env, tab }) => {
    const here = activeTab(state);
    const lines = state.tabs.map((one, index) => `${index + 1} ${tabName(one)}${words(one, one === here)}`);
    notice(tab, env, lines.join('\n'));
    return ok([]);
  },
};
