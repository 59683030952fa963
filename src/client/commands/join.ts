import { err, ok } from '../../base/result.ts';
import { parseRoom } from '../../protocol/names.ts';
import { hint, roomOf, roomTabs, tabOf } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import { goToRoom, MAX_ROOM_TABS } from '../core/tabs.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const join: Command = {
  name: 'join',
  aliases: ['j'],
  args: '#room',
  help: 'enter a room; one that nobody has is made',
  // Those that are open already lead to their tabs, so they come last.
  complete: (state) => [
    ...state.inner.directory.rooms.map(({ name }) => name).filter((name) => tabOf(state, name) === undefined),
    ...roomTabs(state).map((tab) => tab.room),
  ],
  run: ({ state, env, args }) => {
    if (args === '') return err('which room? Write /join #dev');
    const room = parseRoom(args);
    if (!room.ok) return room;
    const name = room.value;
    if (tabOf(state, name) !== undefined && roomOf(state, name).joined) {
      goToRoom(state, name);
      return ok([]);
    }
    const refusal = offline(state);
    if (refusal !== undefined) return refusal;
    if (tabOf(state, name) === undefined && roomTabs(state).length >= MAX_ROOM_TABS) {
      return err(`${MAX_ROOM_TABS} rooms are open: leave one first`);
    }
    hint(state, `entering ${name}`);
    return ok(ask(state, env, { type: 'join', room: name }, { kind: 'join', room: name, asked: true }));
  },
};
