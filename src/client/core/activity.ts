/** Tells the server that somebody sits at the keys. */
import { ACTIVITY_EVERY_MS } from '../../protocol/limits.ts';
import type { Effect, Env } from './event.ts';
import { reachesAnybody } from './reaches.ts';
import type { State } from './state.ts';

/**
 * A key was pressed. Reported at once when the last report is old enough; else when it is, so that somebody who types on
 * is never shown as away between two reports.
 */
export function pressed(state: State, env: Env): Effect[] {
  if (!reachesAnybody(state)) return [];
  const { activity } = state.inner;
  const nextAt = activity.sentAt + ACTIVITY_EVERY_MS;
  if (env.mono >= nextAt) return report(state, env);
  activity.dueAt ??= nextAt;
  return [];
}

export function activityTick(state: State, env: Env): Effect[] {
  const { dueAt } = state.inner.activity;
  return reachesAnybody(state) && dueAt !== undefined && dueAt <= env.mono ? report(state, env) : [];
}

function report(state: State, env: Env): Effect[] {
  state.inner.activity.sentAt = env.mono;
  state.inner.activity.dueAt = undefined;
  return [{ do: 'send', message: { type: 'activity' } }];
}
