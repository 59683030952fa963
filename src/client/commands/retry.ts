import { err, ok } from '../../base/result.ts';
import { notSaid } from '../core/not-said.ts';
import { retryRefused } from '../core/outbox.ts';
import type { Command } from './command.ts';

export const retry: Command = {
  name: 'retry',
  aliases: [],
  args: '',
  help: 'send again what was refused',
  run: ({ env, tab }) => {
    const wrong = tab.pending.length > 0 ? notSaid(tab) : undefined;
    if (wrong !== undefined) return err(wrong);
    return retryRefused(env, tab) > 0 ? ok([]) : err('nothing was refused here');
  },
};
