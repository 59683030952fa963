import { ignore } from '../core/ignore.ts';
import { ignoredOf } from '../core/ignored.ts';
import type { Receive } from './handler.ts';

export const ignored: Receive<'ignored'> = (state, message, env) => {
  state.inner.ignoredTold = true;
  return ignore(state, env, ignoredOf(message));
};
