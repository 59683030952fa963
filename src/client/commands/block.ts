import { err } from '../../base/result.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { onlyUser } from './words.ts';

export const block: Command = {
  name: 'block',
  aliases: [],
  args: 'name',
  help: 'hide what they write, and hide from them',
  complete: (state) => others(state).filter((name) => !state.ignored.blocked.has(name)),
  run: (context) => {
    const { state, args } = context;
    const user = onlyUser(args, '/block bob');
    if (!user.ok) return user;
    if (user.value === state.self?.name) return err('that is you: nobody blocks themselves');
    if (state.ignored.blocked.has(user.value)) return err(`you block ${user.value} already: /unblock ends it`);
    return order(context, { type: 'block', user: user.value });
  },
};
