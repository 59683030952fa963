import { answered, finish } from '../core/requests.ts';
import { enterRoom, goToRoom } from '../core/tabs.ts';
import type { Receive } from './handler.ts';

/** Only who asked for the room is taken to its tab: another terminal of ours may have joined it. */
export const room: Receive<'room'> = (state, message, env) => {
  const effects = enterRoom(state, env, message.room, message.room.sparse === true);
  const found = answered(state, message.id, 'join');
  if (found !== undefined) {
    finish(state, found.id);
    if (found.purpose.asked) {
      goToRoom(state, message.room.name);
      // It said that we are on our way.
      state.hint = undefined;
    }
  }
  return effects;
};
