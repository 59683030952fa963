/** Who is left out has changed: by the server's word, or because a mute has come to its end. */

import { endBlocked } from './blocking.ts';
import { takeUnheard } from './chats.ts';
import type { Effect, Env } from './event.ts';
import { type Ignored, nextEnd, withoutEnded } from './ignored.ts';
import { serverNow } from './lookup.ts';
import { takeAside } from './mail.ts';
import type { State } from './state.ts';
import { recount } from './unread.ts';

export function ignore(state: State, env: Env, ignored: Ignored): Effect[] {
  const before = state.ignored;
  const now = serverNow(state, env);
  state.ignored = withoutEnded(ignored, now);
  const end = nextEnd(state.ignored);
  state.inner.muteEndsAt = end === undefined ? undefined : env.mono + Math.max(0, end - now);
  for (const tab of state.tabs) recount(state, tab, before);
  endBlocked(state, env, before);
  return [...takeAside(state, env), ...takeUnheard(state, env)];
}

export function ignoreTick(state: State, env: Env): Effect[] {
  const { muteEndsAt } = state.inner;
  return muteEndsAt !== undefined && muteEndsAt <= env.mono ? ignore(state, env, state.ignored) : [];
}
