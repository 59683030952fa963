import { ok } from '../../base/result.ts';
import type { Command } from './command.ts';

export const keys: Command = {
  name: 'keys',
  aliases: [],
  args: '',
  help: 'all keys (F1)',
  run: ({ state }) => {
    state.overlay = { kind: 'keys' };
    return ok([]);
  },
};
