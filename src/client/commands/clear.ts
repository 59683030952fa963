import { err, ok } from '../../base/result.ts';
import type { Command } from './command.ts';

export const clear: Command = {
  name: 'clear',
  aliases: [],
  args: '',
  help: 'an empty screen; PgUp brings it back',
  run: ({ tab }) => {
    // Only here are they still: the server forgets private messages that were seen.
    if (tab.kind === 'person') return err('private messages would be lost by this: /leave closes the tab');
    tab.log.clear();
    tab.scroll = { kind: 'tail' };
    return ok([]);
  },
};
