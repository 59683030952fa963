import { err } from '../../base/result.ts';
import { isOnLan } from '../core/lan-people.ts';
import { activeTab } from '../core/lookup.ts';
import { beginSearch, showSearch } from '../core/search.ts';
import type { Command } from './command.ts';

/** Before the words: everywhere, not only here. */
const ALL = /^-a(?:\s+|$)/;

export const search: Command = {
  name: 'search',
  aliases: ['find', 'grep'],
  args: '[-a] words',
  help: 'messages with these words, in this room or all (-a); from:NAME, "a phrase"',
  run: ({ state, env, args }) => {
    const words = args.replace(ALL, '').trim().toWellFormed();
    if (words === '') return showSearch(state);
    const tab = activeTab(state);
    const isAll = ALL.test(args);
    if (!isAll && tab.kind !== 'room') {
      const where = isOnLan(state)
        ? 'only what is said in a room is searched'
        : 'what is said in private is not on the server';
      return err(`${where}: /search -a words looks in your rooms`);
    }
    return beginSearch(state, env, words, isAll || tab.kind !== 'room' ? undefined : tab.room);
  },
};
