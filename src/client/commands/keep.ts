import { parseKeep } from '../../base/keep.ts';
import { ok } from '../../base/result.ts';
import { roomTabs, tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';
import { order } from './order.ts';
import { roomAndRest } from './words.ts';

/** Offered by Tab. */
const RULES: readonly string[] = ['30d', '90d', '1GB', 'forever', 'default'];

export const keep: Command = {
  name: 'keep',
  aliases: ['retention'],
  args: '[#room] [90d|1GB|forever]',
  help: 'how long messages are kept here; operators set it, default ends that',
  complete: (state) => [...roomTabs(state).map(({ room }) => room), ...(state.operator ? RULES : [])],
  completeNext: [(state, [first]) => (first?.startsWith('#') === true && state.operator ? RULES : [])],
  run: (context) => {
    const { state, env, args, tab } = context;
    const parts = roomAndRest(args, tab);
    if (!parts.ok) return parts;
    const { room, rest } = parts.value;
    if (rest === '')
      return offline(state) ?? ok(ask(state, env, { type: 'keep', room }, { kind: 'kept', tab: tabName(tab) }));
    if (rest.toLowerCase() === 'default') return order(context, { type: 'keep', room, default: true });
    const wanted = parseKeep(rest);
    return wanted.ok ? order(context, { type: 'keep', room, keep: wanted.value }) : wanted;
  },
};
