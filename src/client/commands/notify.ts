import { err, ok } from '../../base/result.ts';
import { hint, tabName } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';
import { chooseGeneral, chooseLevel, generalLevel, levelOf } from '../core/telling.ts';
import { LEVELS, type Level } from '../core/telling-options.ts';
import type { Command } from './command.ts';

const WORDS: Readonly<Record<Level, string>> = {
  off: 'nothing rings',
  mentions: 'what speaks to you rings, and what is private',
  private: 'only what is private rings',
  all: 'every message rings',
};

const isLevel = (word: string | undefined): word is Level => LEVELS.some((level) => level === word);

function say(state: State, tab: Tab): void {
  const here = levelOf(state, tab);
  const general = generalLevel(state);
  const others = here === general ? 'as in all chats' : `in others ${general}: ${WORDS[general]}`;
  hint(state, `${tabName(tab)} ${here}: ${WORDS[here]}; ${others}`);
}

export const notify: Command = {
  name: 'notify',
  aliases: [],
  args: '[default] off|mentions|private|all',
  help: 'what rings in this chat, or by default; "same": as by default',
  complete: () => [...LEVELS, 'same', 'default'],
  completeNext: [(_, [first]) => (first === 'default' ? LEVELS : [])],
  run: ({ state, tab, args }) => {
    const [first, second] = args
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const wrong = err(`write /notify ${LEVELS.join(', ')} or same; before a level, default means all chats`);
    if (first === undefined) say(state, tab);
    else if (first === 'default') {
      if (!isLevel(second)) return wrong;
      chooseGeneral(state, second);
      hint(state, `by default ${second}: ${WORDS[second]}`);
    } else {
      if (first !== 'same' && !isLevel(first)) return wrong;
      chooseLevel(state, tab, first === 'same' ? undefined : first);
      say(state, tab);
    }
    return ok([]);
  },
};
