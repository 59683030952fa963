import { tabOf } from '../core/lookup.ts';
import { memberCame } from '../core/members.ts';
import type { Receive } from './handler.ts';

export const joined: Receive<'joined'> = (state, { room, user, time }) => {
  const tab = tabOf(state, room);
  if (tab === undefined || user === state.self?.name) return [];
  if (memberCame(state, tab, user)) tab.log.event(time, '+', user, 'joined');
  return [];
};
