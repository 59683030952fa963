import { ok } from '../../base/result.ts';
import { notice } from '../core/lookup.ts';
import { peopleList } from '../core/people-list.ts';
import type { Command } from './command.ts';
import { askSince } from './since.ts';

export const who: Command = {
  name: 'who',
  aliases: ['users', 'whoelse', 'list', 'names'],
  args: '[1h]',
  help: 'who is here, away, or was here of late',
  run: (context) => {
    const { state, env, tab, args } = context;
    if (args !== '') return askSince(context, args);
    notice(tab, env, peopleList(state, env, state.people.values()));
    return ok([]);
  },
};
