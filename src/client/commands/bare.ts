import { ok } from '../../base/result.ts';
import { toggleBare } from '../core/bare.ts';
import type { Command } from './command.ts';

export const bare: Command = {
  name: 'bare',
  aliases: [],
  args: '',
  help: 'only the text of this chat, to copy it',
  screen: true,
  run: ({ state }) => {
    toggleBare(state);
    return ok([]);
  },
};
