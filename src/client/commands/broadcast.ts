import { err, ok } from '../../base/result.ts';
import { LOBBY } from '../../protocol/names.ts';
import { hint, lobbyOf, wayToTab } from '../core/lookup.ts';
import { notWritten, write } from '../core/submit-text.ts';
import type { Command } from './command.ts';

export const broadcast: Command = {
  name: 'broadcast',
  aliases: [],
  args: 'text',
  help: `say it in ${LOBBY}, from any tab`,
  run: ({ state, env, tab, args }) => {
    if (args === '') return err('what? Write /broadcast hello everybody');
    const wrong = notWritten(state, args);
    if (wrong !== undefined) return err(wrong);
    const lobby = lobbyOf(state);
    write(state, env, lobby, args);
    if (tab !== lobby) hint(state, `said in ${LOBBY} (${wayToTab(state, 1)})`);
    return ok([]);
  },
};
