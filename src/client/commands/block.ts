import { err, ok } from '../../base/result.ts';
import { block as begin } from '../core/blocking.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';
import { others } from './people.ts';
import { onlyUser } from './words.ts';

export const block: Command = {
  name: 'block',
  aliases: [],
  args: 'name',
  help: 'hide what they write, and hide from them',
  complete: (state) => others(state).filter((name) => !state.ignored.blocked.has(name)),
  run: (context) => {
    const { state, env, tab, args } = context;
    const user = onlyUser(args, '/block bob');
    if (!user.ok) return user;
    if (user.value === state.self?.name) return err('that is you: nobody blocks themselves');
    if (state.ignored.blocked.has(user.value)) return err(`you block ${user.value} already: /unblock ends it`);
    return offline(state, user.value) ?? ok(begin(state, env, tab, user.value));
  },
};
