import { err } from '../../base/result.ts';
import { askChange } from '../core/change-request.ts';
import { FREQUENT, hasReacted, parseEmoji } from '../core/reactions.ts';
import { newestBy, newestOfOthers } from '../core/reply.ts';
import type { Command } from './command.ts';
import { firstWord } from './words.ts';

export const react: Command = {
  name: 'react',
  aliases: [],
  args: 'emoji [name]',
  help: 'put it to the newest message, or take it back',
  complete: () => FREQUENT.map(({ emoji }) => emoji),
  run: ({ state, env, tab, args }) => {
    const [word, name] = firstWord(args);
    if (word === '') return err('with what? Write /react 👍, or /react :tada: bob');
    const emoji = parseEmoji(state, word);
    if (emoji === undefined) return err(`${word} is no emoji: write one, or a name such as :tada:`);
    const entry = name === '' ? newestOfOthers(state, tab) : newestBy(state, tab, name);
    if (entry === undefined) return err(name === '' ? 'nobody else has written here' : `${name} has not written here`);
    const on = !hasReacted(entry, emoji, state.self?.name);
    return askChange(state, env, tab, entry, { do: 'react', emoji, on });
  },
};
