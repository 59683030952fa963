import { ok } from '../../base/result.ts';
import { notice } from '../core/lookup.ts';
import type { Command } from './command.ts';

export const blocked: Command = {
  name: 'blocked',
  aliases: [],
  args: '',
  help: 'whom you block',
  run: ({ state, env, tab }) => {
    const names = [...state.ignored.blocked].toSorted();
    notice(tab, env, names.length === 0 ? 'you block nobody' : `you block ${names.length}: ${names.join(', ')}`);
    return ok([]);
  },
};
