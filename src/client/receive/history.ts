import { receivePage } from '../core/backfill.ts';
import { tabOf } from '../core/lookup.ts';
import type { Receive } from './handler.ts';

export const history: Receive<'history'> = (state, message, env) => {
  const tab = tabOf(state, message.room);
  return tab === undefined ? [] : receivePage(state, env, tab, message);
};
