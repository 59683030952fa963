import { ok } from '../../base/result.ts';
import type { Command } from './command.ts';

export const clear: Command = {
  name: 'clear',
  aliases: [],
  args: '',
  help: 'an empty screen; PgUp brings the messages back',
  run: ({ tab }) => {
    tab.log.clear();
    tab.scroll = { kind: 'tail' };
    return ok([]);
  },
};
