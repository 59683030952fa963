import { activeTab, notice, tabOf } from '../core/lookup.ts';
import { memberWent } from '../core/members.ts';
import { answered, finish } from '../core/requests.ts';
import { closeTab } from '../core/tabs.ts';
import type { Receive } from './handler.ts';

export const left: Receive<'left'> = (state, { id, room, user, time, reason = '' }, env) => {
  const found = answered(state, id, 'leave');
  if (found !== undefined) finish(state, found.id);
  const tab = tabOf(state, room);
  if (tab === undefined) return [];
  if (user === state.self?.name) {
    closeTab(state, env, tab);
    if (reason !== '') notice(activeTab(state), env, `you are no longer in ${room}: ${reason}`, true);
  } else {
    memberWent(state, tab, user);
    tab.log.event(time, '-', user, reason === '' ? 'left' : `left (${reason})`);
  }
  return [];
};
