import { ok } from '../../base/result.ts';
import { isAsking, end as leave, reject } from '../core/chats.ts';
import { chatTabs } from '../core/lookup.ts';
import type { ChatTab } from '../core/state.ts';
import { findChat } from './chat-named.ts';
import type { Command } from './command.ts';

const isThere = ({ status }: ChatTab): boolean => status.kind !== 'ended';

export const end: Command = {
  name: 'end',
  aliases: ['stopprivate'],
  args: '[name]',
  help: 'end a private chat, for both',
  complete: (state) =>
    chatTabs(state)
      .filter(isThere)
      .map(({ person }) => person),
  run: ({ state, env, args }) => {
    const tab = findChat(state, args, isThere, 'is in a private chat with you', 'end');
    if (!tab.ok) return tab;
    if (isAsking(tab.value)) reject(state, tab.value);
    else leave(state, env, tab.value);
    return ok([]);
  },
};
