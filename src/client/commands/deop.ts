import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { onlyUser } from './words.ts';

export const deop: Command = {
  name: 'deop',
  aliases: [],
  args: 'name',
  help: 'somebody is no operator any more',
  operators: true,
  complete: others,
  run: (context) => {
    const user = onlyUser(context.args, '/deop bob');
    return user.ok ? order(context, { type: 'deop', user: user.value }) : user;
  },
};
