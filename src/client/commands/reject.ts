import { ok } from '../../base/result.ts';
import { isAsking, reject as say } from '../core/chats.ts';
import { findChat } from './chat-named.ts';
import type { Command } from './command.ts';
import { askers } from './people.ts';

export const reject: Command = {
  name: 'reject',
  aliases: [],
  args: '[name]',
  help: 'say no to a private chat',
  complete: askers,
  run: ({ state, args }) => {
    const tab = findChat(state, args, isAsking, 'asks you for a private chat', 'reject');
    if (!tab.ok) return tab;
    say(state, tab.value);
    return ok([]);
  },
};
