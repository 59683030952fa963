import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { onlyUser } from './words.ts';

export const op: Command = {
  name: 'op',
  aliases: [],
  args: 'name',
  help: 'make somebody an operator',
  operators: true,
  complete: others,
  run: (context) => {
    const user = onlyUser(context.args, '/op bob');
    return user.ok ? order(context, { type: 'op', user: user.value }) : user;
  },
};
