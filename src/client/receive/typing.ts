import { heardTyping } from '../core/typing.ts';
import type { Receive } from './handler.ts';

export const typing: Receive<'typing'> = (state, message, env) => {
  heardTyping(state, env, message);
  return [];
};
