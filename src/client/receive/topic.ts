import { hint, tabOf } from '../core/lookup.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

export const topic: Receive<'topic'> = (state, { id, room, text, by, time }) => {
  const found = answered(state, id, 'topic');
  if (found !== undefined) finish(state, found.id);
  const tab = tabOf(state, room);
  if (tab === undefined) return [];
  tab.topic = text;
  tab.log.event(time, '*', by, text === '' ? 'took the topic away' : `set the topic: ${text}`);
  if (found !== undefined) hint(state, text === '' ? `${room} has no topic now` : `the topic of ${room} is set`);
  return [];
};
