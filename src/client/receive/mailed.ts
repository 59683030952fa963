import { mailed as stored } from '../core/mail.ts';
import type { Receive } from './handler.ts';

export const mailed: Receive<'mailed'> = (state, message, env) => {
  stored(state, env, message);
  return [];
};
