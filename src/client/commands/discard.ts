import { err, ok } from '../../base/result.ts';
import { hint } from '../core/lookup.ts';
import { discardRefused } from '../core/outbox.ts';
import type { Command } from './command.ts';

export const discard: Command = {
  name: 'discard',
  aliases: [],
  args: '',
  help: 'forget what was refused, or waits in vain',
  run: ({ state, tab }) => {
    const dropped = discardRefused(state, tab);
    if (dropped === 0) return err('nothing was refused here');
    hint(state, `${dropped} ${dropped === 1 ? 'message' : 'messages'} forgotten`);
    return ok([]);
  },
};
