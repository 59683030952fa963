import { ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const invite: Command = {
  name: 'invite',
  aliases: [],
  args: '',
  help: 'a code with which somebody may make an account',
  operators: true,
  run: ({ state, env, tab }) =>
    offline(state) ?? ok(ask(state, env, { type: 'invite' }, { kind: 'invite', tab: tabName(tab) })),
};
