import { err } from '../../base/result.ts';
import { LOBBY } from '../../protocol/names.ts';
import { roomTabs } from '../core/lookup.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';
import { parseReason, roomAndRest } from './words.ts';

export const close: Command = {
  name: 'close',
  aliases: [],
  args: '#room [reason]',
  help: 'empty a room and keep it shut',
  operators: true,
  complete: (state) =>
    roomTabs(state)
      .map(({ room }) => room)
      .filter((room) => room !== LOBBY),
  run: (context) => {
    // Its name is asked for even in its own tab: it is no word to slip on.
    if (!context.args.startsWith('#')) return err('which room? Write /close #dev (/leave only closes your tab)');
    const parts = roomAndRest(context.args, context.tab);
    if (!parts.ok) return parts;
    const { room, rest } = parts.value;
    if (room === LOBBY) return err(`${LOBBY} is for all: it can't be closed`);
    const reason = parseReason(rest);
    if (!reason.ok) return reason;
    return order(context, { type: 'close', room, ...(reason.value === '' ? {} : { reason: reason.value }) });
  },
};
