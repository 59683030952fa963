import { receiveUsers } from '../core/presence.ts';
import type { Receive } from './handler.ts';

export const users: Receive<'users'> = (state, message) => {
  receiveUsers(state, message);
  return [];
};
