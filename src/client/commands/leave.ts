import { err, ok } from '../../base/result.ts';
import { LOBBY, parseRoom } from '../../protocol/names.ts';
import { tabOf } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const leave: Command = {
  name: 'leave',
  aliases: ['part', 'close'],
  args: '[#room]',
  help: 'leave this room, or another one',
  complete: (state) => state.tabs.map(({ room }) => room).filter((room) => room !== LOBBY),
  run: ({ state, env, tab, args }) => {
    const room = args === '' ? { ok: true as const, value: tab.room } : parseRoom(args);
    if (!room.ok) return room;
    const name = room.value;
    if (name === LOBBY) return err(`nobody leaves ${LOBBY}: /quit leaves the chat`);
    if (tabOf(state, name) === undefined) return err(`you are not in ${name}`);
    return offline(state) ?? ok(ask(state, env, { type: 'leave', room: name }, { kind: 'leave', room: name }));
  },
};
