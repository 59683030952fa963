import { err, ok } from '../../base/result.ts';
import { logUnavailable } from '../core/messenger.ts';
import { askAbout } from '../core/told.ts';
import type { Command } from './command.ts';
import { remembered } from './people.ts';
import { orElse } from './whom.ts';
import { firstWord, parseUser } from './words.ts';

export const exportLog: Command = {
  name: 'export',
  aliases: [],
  args: 'name [file]',
  help: 'write what you and they wrote into a file',
  complete: remembered,
  run: ({ state, tab, args }) => {
    const [typed, path] = firstWord(args);
    if (typed === '') return err('whom? Write /export bob, or /export bob file.txt');
    const name = parseUser(typed);
    if (!name.ok) return name;
    const { value: user } = name;
    const file = path === '' ? {} : { path };
    return orElse(logUnavailable(state)) ?? ok(askAbout(state, tab, user, { do: 'export', user, ...file }));
  },
};
