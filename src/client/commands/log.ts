import { err, ok } from '../../base/result.ts';
import { logUnavailable, tell } from '../core/messenger.ts';
import type { Command } from './command.ts';
import { orElse } from './whom.ts';

export const log: Command = {
  name: 'log',
  aliases: [],
  args: 'on | off',
  help: 'keep this private chat in your log, or no more',
  complete: () => ['on', 'off'],
  run: ({ state, tab, args }) => {
    if (tab.kind !== 'chat') return err('this is for the tab of a private chat: messages of /msg are always kept');
    const { chat, person, status } = tab;
    if (status.kind !== 'open') return err(`no private chat with ${person} is open`);
    if (args === '') {
      return err(
        status.log
          ? 'you keep a log of this chat: /log off ends that'
          : 'you keep no log of this chat: /log on begins one',
      );
    }
    if (args !== 'on' && args !== 'off') return err('write /log on, or /log off');
    const on = args === 'on';
    const why = on ? orElse(logUnavailable(state)) : undefined;
    if (why !== undefined) return why;
    tell(state, { do: 'log', chat, on });
    return ok([]);
  },
};
