import { receiveChange } from '../core/changes.ts';
import { tabOf } from '../core/lookup.ts';
import { finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

/** Also of what we have asked for ourselves: it stands in the room's stream like everybody's. */
export const changed: Receive<'changed'> = (state, message) => {
  if (message.id !== undefined) finish(state, message.id);
  const tab = tabOf(state, message.room);
  if (tab !== undefined) receiveChange(state, tab, message);
  return [];
};
