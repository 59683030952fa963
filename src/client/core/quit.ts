import { blockNow } from './blocking.ts';
import { quit } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { hint } from './lookup.ts';
import { countUnsent } from './outbox.ts';
import type { State } from './state.ts';

/** Leaves; where something of ours has not reached the server, only when asked twice in a row. */
export function tryToQuit(state: State, env: Env): Effect[] {
  const unsent = countUnsent(state);
  if (unsent === 0 || state.inner.quitAsked) return [...blockNow(state, env), ...quit(state, env)];
  state.inner.quitAsked = true;
  const what = unsent === 1 ? '1 message has' : `${unsent} messages have`;
  hint(state, `${what} not been sent: quit once more to leave all the same`, true);
  return [];
}
