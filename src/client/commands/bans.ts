import { ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const bans: Command = {
  name: 'bans',
  aliases: [],
  args: '',
  help: 'who is kept out, how long, and why',
  operators: true,
  run: ({ state, env, tab }) =>
    offline(state) ?? ok(ask(state, env, { type: 'bans' }, { kind: 'bans', tab: tabName(tab), rows: [] })),
};
