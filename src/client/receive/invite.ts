import { clockTime, dayOf } from '../../base/text/time.ts';
import { notice, stillOpen } from '../core/lookup.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

export const invite: Receive<'invite'> = (state, { id, code, until }, env) => {
  const found = answered(state, id, 'invite');
  if (found === undefined) return [];
  finish(state, found.id);
  const text = `${code} makes one account, until ${dayOf(until)} ${clockTime(until)}`;
  notice(stillOpen(state, found.purpose.tab), env, text);
  return [];
};
