import { keyDone } from '../core/device-key.ts';
import { activeTab, notice, stillOpen } from '../core/lookup.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

/** Also without a request of ours: what an operator has done to us. */
export const done: Receive<'done'> = (state, { id, text, operator }, env) => {
  if (operator !== undefined) state.operator = operator;
  const key = answered(state, id, 'keyAdd') ?? answered(state, id, 'keyRemove');
  const found = answered(state, id, 'order') ?? key;
  if (found !== undefined) finish(state, found.id);
  const tab = found === undefined ? activeTab(state) : stillOpen(state, found.purpose.tab);
  if (text !== '') notice(tab, env, text);
  return key === undefined ? [] : keyDone(state, key.purpose);
};
