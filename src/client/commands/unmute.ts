import { err } from '../../base/result.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { onlyUser } from './words.ts';

export const unmute: Command = {
  name: 'unmute',
  aliases: ['unignore'],
  args: 'name',
  help: 'end a mute; what they wrote is back',
  complete: (state) => [...state.ignored.muted.keys()].toSorted(),
  run: (context) => {
    const user = onlyUser(context.args, '/unmute bob');
    if (!user.ok) return user;
    if (!context.state.ignored.muted.has(user.value)) return err(`you don't mute ${user.value}: see /muted`);
    return order(context, { type: 'unmute', user: user.value });
  },
};
