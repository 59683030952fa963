import { ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const rooms: Command = {
  name: 'rooms',
  aliases: ['channels'],
  args: '',
  help: 'the rooms, and how many are in them',
  run: ({ state, env, tab }) =>
    offline(state) ?? ok(ask(state, env, { type: 'rooms' }, { kind: 'rooms', tab: tabName(tab), rows: [] })),
};
