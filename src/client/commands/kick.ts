import { err } from '../../base/result.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { firstWord, parseReason, parseUser } from './words.ts';

export const kick: Command = {
  name: 'kick',
  aliases: [],
  args: 'name [reason]',
  help: 'put somebody out, who may come back',
  operators: true,
  complete: others,
  run: (context) => {
    const [typed, why] = firstWord(context.args);
    if (typed === '') return err('whom? Write /kick bob, or /kick bob calm down');
    const user = parseUser(typed);
    if (!user.ok) return user;
    const reason = parseReason(why);
    if (!reason.ok) return reason;
    const { value } = reason;
    return order(context, { type: 'kick', user: user.value, ...(value === '' ? {} : { reason: value }) });
  },
};
