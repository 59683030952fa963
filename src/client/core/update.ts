/** The client's core: an event changes the state in place, and what is to happen outside is returned. */
import { receive } from '../receive/index.ts';
import { activityTick } from './activity.ts';
import { fillGaps } from './backfill.ts';
import { blockDue } from './blocking.ts';
import { connect, connectionTick, heard, linkDown, linkRefused, linkUp, nonsense } from './connection.ts';
import { addKey } from './device-key.ts';
import type { Effect, Env, Event } from './event.ts';
import { ignoreTick } from './ignore.ts';
import { pressKey } from './keys.ts';
import { activeTab, notice } from './lookup.ts';
import { acknowledge } from './mailbox.ts';
import { takeCommands } from './messenger.ts';
import { click, wheel } from './mouse.ts';
import { flush, handOver } from './outbox.ts';
import { fillPersons } from './past.ts';
import { endHiddenWalk } from './people-walk.ts';
import { privateEvent } from './private-events.ts';
import { resendDue } from './requests.ts';
import type { State } from './state.ts';
import { look } from './unread.ts';

export { createState } from './create-state.ts';

export function update(state: State, event: Event, env: Env): readonly Effect[] {
  const effects = handle(state, event, env);
  // What follows from the state, whatever has changed it.
  look(state);
  handOver(state);
  fillPersons(state);
  return [
    ...effects,
    ...takeCommands(state),
    ...blockDue(state, env),
    ...fillGaps(state, env),
    ...flush(state, env),
    ...acknowledge(state, env),
  ];
}

function handle(state: State, event: Event, env: Env): readonly Effect[] {
  switch (event.type) {
    case 'start':
      return connect(state, env);
    case 'key':
      return pressKey(state, env, event.key);
    case 'linkUp':
      return linkUp(state, env, event);
    case 'deviceKey':
      return addKey(state, env, event);
    case 'linkDown':
      return linkDown(state, env, event.text);
    case 'linkRefused':
      return linkRefused(state, env, event.code, event.text, event.details);
    case 'notice':
      notice(activeTab(state), env, event.text, event.bad);
      return [];
    case 'message':
      heard(state, env);
      return isLinked(state) ? receive(state, event.message, env) : [];
    case 'nonsense':
      return isLinked(state) ? nonsense(state, env, event.text) : [];
    case 'private':
      return privateEvent(state, env, event.event);
    case 'click':
      return click(state, env, event.x, event.y);
    case 'wheel':
      return wheel(state, env, event.up);
    case 'resize':
      state.size = { columns: event.columns, rows: event.rows };
      endHiddenWalk(state);
      return [];
    case 'tick':
      return tick(state, env);
  }
}

/** What still arrives from a connection that was given up changes nothing. */
const isLinked = ({ connection: { kind } }: State): boolean => kind === 'online' || kind === 'connecting';

function tick(state: State, env: Env): Effect[] {
  const effects = [...connectionTick(state, env), ...ignoreTick(state, env)];
  return state.connection.kind === 'online'
    ? [...effects, ...activityTick(state, env), ...resendDue(state, env)]
    : effects;
}
