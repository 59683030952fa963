import { err, ok } from '../../base/result.ts';
import { retryRefused } from '../core/outbox.ts';
import type { Command } from './command.ts';

export const retry: Command = {
  name: 'retry',
  aliases: [],
  args: '',
  help: 'send again what the server has refused',
  run: ({ env, tab }) => (retryRefused(env, tab) > 0 ? ok([]) : err('nothing was refused here')),
};
