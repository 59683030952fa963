import { blockWake } from './blocking.ts';
import { connectionWake } from './connection.ts';
import { draftsWake } from './drafts.ts';
import { isOnline } from './lookup.ts';
import { mailWake } from './mailbox.ts';
import { outboxWake } from './outbox.ts';
import { prefixWake } from './prefix.ts';
import { reachesAnybody } from './reaches.ts';
import type { State } from './state.ts';
import { tellingWake } from './telling.ts';
import { typingWake } from './typing.ts';

/** Monotonic ms at which the event `tick` is due; undefined while only events from outside can change anything. */
export function nextWake(state: State): number | undefined {
  const times = [
    connectionWake(state),
    outboxWake(state),
    blockWake(state),
    prefixWake(state),
    typingWake(state),
    state.inner.muteEndsAt,
  ];
  times.push(draftsWake(state), tellingWake(state));
  if (isOnline(state)) times.push(mailWake(state));
  if (reachesAnybody(state)) {
    times.push(state.inner.activity.dueAt);
    for (const request of state.inner.requests.values()) times.push(request.retryAt);
  }
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
