import { receivePage } from '../core/backfill.ts';
import { receiveChanges } from '../core/changes.ts';
import { receiveFar } from '../core/far.ts';
import { tabOf } from '../core/lookup.ts';
import type { Receive } from './handler.ts';

export const history: Receive<'history'> = (state, message, env) => {
  const tab = tabOf(state, message.room);
  if (tab === undefined || receiveChanges(state, tab, message) || receiveFar(state, tab, message)) return [];
  return receivePage(state, env, tab, message);
};
