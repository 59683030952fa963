import { blockWake } from './blocking.ts';
import { connectionWake } from './connection.ts';
import { isOnline } from './lookup.ts';
import { mailWake } from './mailbox.ts';
import { outboxWake } from './outbox.ts';
import type { State } from './state.ts';

/** Monotonic ms at which the event `tick` is due; undefined while only events from outside can change anything. */
export function nextWake(state: State): number | undefined {
  const times = [connectionWake(state), outboxWake(state), blockWake(state), state.inner.muteEndsAt];
  if (isOnline(state)) {
    times.push(state.inner.activity.dueAt, mailWake(state));
    for (const request of state.inner.requests.values()) times.push(request.retryAt);
  }
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
