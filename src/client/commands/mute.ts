import { err, ok } from '../../base/result.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { others } from './people.ts';
import { TIMES } from './times.ts';
import { firstWord, parseTime, parseUser } from './words.ts';

export const mute: Command = {
  name: 'mute',
  aliases: ['ignore'],
  args: 'name [15m]',
  help: 'hide their words, for a time or for good',
  complete: (state) => others(state).filter((name) => !state.ignored.muted.has(name)),
  completeNext: [() => TIMES],
  run: (context) => {
    const [typed, lasts] = firstWord(context.args);
    if (typed === '') return err('whom? Write /mute bob, or /mute bob 15m');
    const user = parseUser(typed);
    if (!user.ok) return user;
    if (user.value === context.state.self?.name) return err('that is you: nobody mutes themselves');
    const time = lasts === '' ? ok(undefined) : parseTime(lasts);
    if (!time.ok) return time;
    const { value } = time;
    return order(context, { type: 'mute', user: user.value, ...(value === undefined ? {} : { for: value }) });
  },
};
