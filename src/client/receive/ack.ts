import { place } from '../core/backfill.ts';
import { roomOf, tabOf } from '../core/lookup.ts';
import { findPending, stored } from '../core/outbox.ts';
import type { Receive } from './handler.ts';

/** Stands where the message stands for others, so it is our message, with its place. */
export const ack: Receive<'ack'> = (state, { id, to, seq, time }, env) => {
  const tab = tabOf(state, to);
  if (tab === undefined || state.self === undefined) return [];
  const found = findPending(state, id);
  const room = roomOf(state, to);
  // What is new comes after all that is known. What isn't was stored over a connection that is gone: it may have changed since.
  const mayHaveChanged = seq <= room.target && seq > tab.log.last;
  if (found !== undefined && !mayHaveChanged) {
    const { text, re } = found.pending;
    return place(state, env, tab, { seq, time, id, from: state.self.name, text, ...(re === undefined ? {} : { re }) });
  }
  // It came with a page already; if not, a page brings it as it is now.
  stored(state, env, id);
  if (seq > room.target) room.target = seq;
  return [];
};
