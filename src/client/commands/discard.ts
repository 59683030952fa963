import { err, ok } from '../../base/result.ts';
import { hint } from '../core/lookup.ts';
import { discardRefused } from '../core/outbox.ts';
import type { Command } from './command.ts';

export const discard: Command = {
  name: 'discard',
  aliases: [],
  args: '',
  help: 'forget what the server has refused',
  run: ({ state, tab }) => {
    const dropped = discardRefused(tab);
    if (dropped === 0) return err('nothing was refused here');
    hint(state, `${dropped} ${dropped === 1 ? 'message' : 'messages'} forgotten`);
    return ok([]);
  },
};
