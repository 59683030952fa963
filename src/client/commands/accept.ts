import { err, ok } from '../../base/result.ts';
import { isAsking } from '../core/chats.ts';
import { acceptRequest } from '../core/private-chat.ts';
import type { State } from '../core/state.ts';
import { goToTab } from '../core/tabs.ts';
import { findChat } from './chat-named.ts';
import type { Command } from './command.ts';
import { askers } from './people.ts';

const FLAGS = ['--hide', '--plain'];
/** Not the other: a chat that isn't encrypted is nothing to slip into with Tab. */
const OFFERED = ['--hide'];

/** On the local network everybody sees where one is. */
const offered = ({ lan }: State): readonly string[] => (lan === undefined ? OFFERED : []);

export const accept: Command = {
  name: 'accept',
  aliases: [],
  args: '[name] [--hide]',
  help: 'begin the private chat; --hide keeps your address',
  complete: (state) => [...askers(state), ...offered(state)],
  completeNext: [(state, before) => offered(state).filter((flag) => !before.includes(flag))],
  run: ({ state, args }) => {
    const words = args.split(/\s+/).filter((word) => word !== '');
    const flags = words.filter((word) => word.startsWith('--'));
    const unknown = flags.find((flag) => !FLAGS.includes(flag));
    if (unknown !== undefined) return err(`there is no ${unknown}: write /accept, or /accept bob --hide`);
    const names = words.filter((word) => !word.startsWith('--'));
    const tab = findChat(state, names.join(' '), isAsking, 'asks you for a private chat', 'accept');
    if (!tab.ok) return tab;
    const done = acceptRequest(state, tab.value, {
      hideAddress: flags.includes('--hide'),
      plain: flags.includes('--plain'),
    });
    if (!done.ok) return done;
    goToTab(state, tab.value);
    return ok([]);
  },
};
