import { err } from '../../base/result.ts';
import { targetAndRest } from './ban-target.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';

const USAGE = '/unban bob, /unban uid 1001, or /unban 10.0.0.7';

export const unban: Command = {
  name: 'unban',
  aliases: [],
  args: 'name|uid N|address',
  help: 'end a ban; /bans lists them',
  operators: true,
  complete: (state) => state.inner.banned,
  run: (context) => {
    const parts = targetAndRest(context.args, USAGE);
    if (!parts.ok) return parts;
    const { target, rest } = parts.value;
    return rest === '' ? order(context, { type: 'unban', target }) : err(`one at a time: ${USAGE}`);
  },
};
