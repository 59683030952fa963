/** The client's core: an event changes the state in place, and what is to happen outside is returned. */
import { receive } from '../receive/index.ts';
import { activityTick } from './activity.ts';
import { fillGaps } from './backfill.ts';
import { connect, connectionTick, heard, linkDown, linkUp, nonsense } from './connection.ts';
import type { Effect, Env, Event } from './event.ts';
import { pressKey } from './keys.ts';
import { flush } from './outbox.ts';
import { resendDue } from './requests.ts';
import type { State } from './state.ts';
import { look } from './unread.ts';

export { createState } from './create-state.ts';

export function update(state: State, event: Event, env: Env): readonly Effect[] {
  const effects = handle(state, event, env);
  // What follows from the state, whatever has changed it.
  look(state);
  return [...effects, ...fillGaps(state, env), ...flush(state, env)];
}

function handle(state: State, event: Event, env: Env): readonly Effect[] {
  switch (event.type) {
    case 'start':
      return connect(state, env);
    case 'key':
      return pressKey(state, env, event.key);
    case 'linkUp':
      return linkUp(state);
    case 'linkDown':
      return linkDown(state, env, event.text);
    case 'message':
      heard(state, env);
      return isLinked(state) ? receive(state, event.message, env) : [];
    case 'nonsense':
      return isLinked(state) ? nonsense(state, env, event.text) : [];
    case 'resize':
      state.size = { columns: event.columns, rows: event.rows };
      return [];
    case 'tick':
      return tick(state, env);
  }
}

/** What still arrives from a connection that was given up changes nothing. */
const isLinked = ({ connection: { kind } }: State): boolean => kind === 'online' || kind === 'connecting';

function tick(state: State, env: Env): Effect[] {
  const effects = connectionTick(state, env);
  return state.connection.kind === 'online'
    ? [...effects, ...activityTick(state, env), ...resendDue(state, env)]
    : effects;
}
