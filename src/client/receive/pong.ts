import { pong as answered } from '../core/connection.ts';
import type { Receive } from './handler.ts';

export const pong: Receive<'pong'> = (state, { n }, env) => {
  answered(state, env, n);
  return [];
};
