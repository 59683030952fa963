import { place } from '../core/backfill.ts';
import { roomOf, tabOf } from '../core/lookup.ts';
import { findPending } from '../core/outbox.ts';
import type { Receive } from './handler.ts';

/** Stands where the message stands for others, so it is our message, with its place. */
export const ack: Receive<'ack'> = (state, { id, to, seq, time }, env) => {
  const tab = tabOf(state, to);
  if (tab === undefined || state.self === undefined) return [];
  const found = findPending(state, id);
  if (found !== undefined) {
    const { text, re } = found.pending;
    return place(state, env, tab, { seq, time, id, from: state.self.name, text, ...(re === undefined ? {} : { re }) });
  }
  // Its text came with a page already; if not, a page brings it.
  const room = roomOf(state, to);
  if (seq > room.target) room.target = seq;
  return [];
};
