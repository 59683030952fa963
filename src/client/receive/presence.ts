import { receivePresence } from '../core/presence.ts';
import type { Receive } from './handler.ts';

export const presence: Receive<'presence'> = (state, message) => {
  receivePresence(state, message);
  return [];
};
