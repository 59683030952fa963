import { place } from '../core/backfill.ts';
import { tabOf } from '../core/lookup.ts';
import { typed } from '../core/typing.ts';
import type { Receive } from './handler.ts';

/** One for a room without a tab was on its way while we left. */
export const message: Receive<'message'> = (state, received, env) => {
  const tab = tabOf(state, received.to);
  if (tab === undefined) return [];
  typed(tab, received.from);
  return place(state, env, tab, received);
};
