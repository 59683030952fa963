import { err, ok } from '../../base/result.ts';
import { untouchable } from '../core/change-request.ts';
import { activeTab } from '../core/lookup.ts';
import { newestBy, newestOfOthers, speakers } from '../core/reply.ts';
import { notWritten, write } from '../core/submit-text.ts';
import type { Command } from './command.ts';
import { firstWord } from './words.ts';

export const reply: Command = {
  name: 'reply',
  aliases: [],
  args: '[name] text',
  help: 'answer the newest message here, or theirs',
  complete: (state) => speakers(state, activeTab(state)),
  run: ({ state, env, tab, args }) => {
    const [name, rest] = firstWord(args);
    // Only who has written here is meant by a name; any other word is part of the text.
    const named = rest === '' ? undefined : newestBy(state, tab, name);
    const entry = named ?? newestOfOthers(state, tab);
    const text = named === undefined ? args : rest;
    if (text === '') return err('what? Write /reply bob yes, I saw it');
    if (entry === undefined) return err('nobody else has written here');
    const wrong = untouchable(tab, entry) ?? notWritten(state, text);
    if (wrong !== undefined) return err(wrong);
    write(state, env, tab, text, entry.seq);
    return ok([]);
  },
};
