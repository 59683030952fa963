import { err } from '../../base/result.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { onlyUser } from './words.ts';

export const unblock: Command = {
  name: 'unblock',
  aliases: [],
  args: 'name',
  help: 'end a block; what they wrote is back',
  complete: (state) => [...state.ignored.blocked].toSorted(),
  run: (context) => {
    const user = onlyUser(context.args, '/unblock bob');
    if (!user.ok) return user;
    if (!context.state.ignored.blocked.has(user.value)) return err(`you don't block ${user.value}: see /blocked`);
    return order(context, { type: 'unblock', user: user.value });
  },
};
