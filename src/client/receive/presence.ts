import { receivePresence } from '../core/presence.ts';
import type { Receive } from './handler.ts';

export const presence: Receive<'presence'> = (state, message, env) => {
  receivePresence(state, env, message);
  return [];
};
