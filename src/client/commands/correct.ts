import { err } from '../../base/result.ts';
import { askChange } from '../core/change-request.ts';
import { keyFor } from '../core/lookup.ts';
import { newestOwn } from '../core/reply.ts';
import type { Command } from './command.ts';

export const correct: Command = {
  name: 'correct',
  aliases: [],
  args: 'text',
  help: 'your newest message says this instead',
  run: ({ state, env, tab, args }) => {
    if (args === '') {
      const old = state.lines ? '' : ` (${keyFor(state, 'pick-message')} e gives you the old one)`;
      return err(`to what? Write /correct and the whole new text${old}`);
    }
    if (tab.pending.length > 0) return err('your newest message is still on its way: correct it when it has arrived');
    const entry = newestOwn(state, tab);
    if (entry === undefined) return err('you have not written here');
    return askChange(state, env, tab, entry, { do: 'edit', text: args.toWellFormed() });
  },
};
