import { err, ok } from '../../base/result.ts';
import { logUnavailable } from '../core/messenger.ts';
import { askAbout } from '../core/told.ts';
import type { Command } from './command.ts';
import { remembered } from './people.ts';
import { orElse } from './whom.ts';
import { firstWord, parseUser } from './words.ts';

const YES = 'yes';

export const forget: Command = {
  name: 'forget',
  aliases: [],
  args: `name ${YES}`,
  help: 'remove what you and they wrote, for good',
  complete: remembered,
  run: ({ state, tab, args }) => {
    const [typed, rest] = firstWord(args);
    // Its name is asked for even in its own tab: it is no word to slip on.
    if (typed === '') return err('whom? Write /forget bob');
    const name = parseUser(typed);
    if (!name.ok) return name;
    const { value: user } = name;
    if (rest !== YES) {
      return err(
        `this removes from this device all that you and ${user} wrote, for good: if you mean it, /forget ${user} ${YES}`,
      );
    }
    return orElse(logUnavailable(state)) ?? ok(askAbout(state, tab, user, { do: 'forget', user }, true));
  },
};
