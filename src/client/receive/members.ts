import { tabOf } from '../core/lookup.ts';
import { MAX_MEMBERS } from '../core/presence.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

export const members: Receive<'members'> = (state, message) => {
  const found = answered(state, message.id, 'members');
  if (found === undefined) return [];
  const { names, room } = found.purpose;
  for (const name of message.members) if (names.size < MAX_MEMBERS) names.add(name);
  if (message.more) return [];
  finish(state, found.id);
  const tab = tabOf(state, room);
  if (tab !== undefined) tab.members = names;
  return [];
};
