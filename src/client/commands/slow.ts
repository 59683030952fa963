import { parseDuration } from '../../base/duration.ts';
import { err, ok } from '../../base/result.ts';
import { roomTabs } from '../core/lookup.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { roomAndRest } from './words.ts';

/** Offered by Tab. */
const LIMITS: readonly string[] = ['10s', '30s', '1m', 'off'];

export const slow: Command = {
  name: 'slow',
  aliases: [],
  args: '[#room] 10s|off',
  help: 'everybody may write once in this time',
  operators: true,
  complete: (state) => [...roomTabs(state).map(({ room }) => room), ...LIMITS],
  completeNext: [(_, [first]) => (first?.startsWith('#') === true ? LIMITS : [])],
  run: (context) => {
    const parts = roomAndRest(context.args, context.tab);
    if (!parts.ok) return parts;
    const { room, rest } = parts.value;
    if (rest === '') return err('how slow? Write /slow #dev 10s, or /slow #dev off');
    const every = rest.toLowerCase() === 'off' ? ok(0) : parseDuration(rest);
    return every.ok ? order(context, { type: 'slow', room, every: every.value }) : every;
  },
};
