import { err, ok } from '../../base/result.ts';
import { LOBBY, parseRoom } from '../../protocol/names.ts';
import { end, isAsking, isLive, reject } from '../core/chats.ts';
import { roomTabs, tabOf } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import { closeTab } from '../core/tabs.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const leave: Command = {
  name: 'leave',
  aliases: ['part'],
  args: '[#room]',
  help: 'leave this room, or another; close a tab',
  complete: (state) =>
    roomTabs(state)
      .map(({ room }) => room)
      .filter((room) => room !== LOBBY),
  run: ({ state, env, tab, args }) => {
    if (args === '' && tab.kind !== 'room') {
      if (tab.kind === 'chat' && isAsking(tab)) reject(state, tab);
      else if (tab.kind === 'chat' && isLive(tab)) end(state, env, tab);
      closeTab(state, env, tab);
      return ok([]);
    }
    const room = args === '' && tab.kind === 'room' ? { ok: true as const, value: tab.room } : parseRoom(args);
    if (!room.ok) return room;
    const name = room.value;
    if (name === LOBBY) return err(`nobody leaves ${LOBBY}: /quit leaves the chat`);
    if (tabOf(state, name) === undefined) return err(`you are not in ${name}`);
    return offline(state) ?? ok(ask(state, env, { type: 'leave', room: name }, { kind: 'leave', room: name }));
  },
};
