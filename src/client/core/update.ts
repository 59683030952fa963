/** The client's core: an event changes the state in place, and what is to happen outside is returned. */

import { receiveBeside } from '../receive/beside.ts';
import { receive } from '../receive/index.ts';
import { activityTick } from './activity.ts';
import { fillGaps } from './backfill.ts';
import { besidePeople, resumeBeside } from './beside.ts';
import { blockDue } from './blocking.ts';
import { fillChanges } from './changes.ts';
import { settleCompletion } from './completion.ts';
import { connect, connectionTick, heard, linkDown, linkRefused, linkUp, nonsense } from './connection.ts';
import { addKey } from './device-key.ts';
import { watchDrafts } from './drafts.ts';
import { edited } from './editor.ts';
import { emojiCame } from './emoji.ts';
import { dropDrafts, enterLine, enterSecret, interrupt } from './enter-line.ts';
import type { Effect, Env, Event } from './event.ts';
import { settleFar } from './far.ts';
import { ignoreTick } from './ignore.ts';
import { pressKey } from './keys.ts';
import { lanIs } from './lan.ts';
import { activeTab, notice } from './lookup.ts';
import { acknowledge } from './mailbox.ts';
import { takeCommands } from './messenger.ts';
import { click, drag, release, wheel } from './mouse.ts';
import { flush, handOver } from './outbox.ts';
import { settleLayout } from './panes/layout.ts';
import { fillPersons } from './past.ts';
import { endHiddenWalk } from './people-walk.ts';
import { keepInSight } from './pick.ts';
import { prefixTick } from './prefix.ts';
import { privateEvent } from './private-events.ts';
import { reachesAnybody } from './reaches.ts';
import { resendDue } from './requests.ts';
import { keepHitInSight } from './search.ts';
import { noteSeen } from './seen.ts';
import type { State } from './state.ts';
import { resumeQuiet, tellingTick } from './telling.ts';
import { themesFound } from './themes.ts';
import { typingTick } from './typing.ts';
import { allSeen, look } from './unread.ts';
import { settleWelcome } from './welcome.ts';

export { createState } from './create-state.ts';

export function update(state: State, event: Event, env: Env): readonly Effect[] {
  // What follows from the state, whatever has changed it, comes after it.
  const effects = [...handle(state, event, env), ...settleLayout(state, env, event)];
  if (event.type === 'message' || event.type === 'resize') keepInSight(state, event.type === 'resize');
  settleFar(state);
  settleCompletion(state);
  keepHitInSight(state);
  look(state);
  watchDrafts(state, env);
  settleWelcome(state, event);
  handOver(state);
  fillPersons(state);
  return [
    ...effects,
    ...takeCommands(state),
    ...resumeBeside(state, event),
    ...blockDue(state, env),
    ...fillGaps(state, env),
    ...fillChanges(state, env),
    ...flush(state, env),
    ...acknowledge(state, env),
  ];
}

function handle(state: State, event: Event, env: Env): readonly Effect[] {
  switch (event.type) {
    case 'start':
      resumeQuiet(state, env);
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
      if (event.beside === true) return receiveBeside(state, event.message, env);
      heard(state, env);
      return isLinked(state) ? receive(state, event.message, env) : [];
    case 'nonsense':
      return isLinked(state) ? nonsense(state, env, event.text) : [];
    case 'private':
      return privateEvent(state, env, event.event);
    case 'click':
      return click(state, env, event.x, event.y);
    case 'drag':
      return drag(state, event.x, event.y);
    case 'release':
      return release(state);
    case 'line':
      return enterLine(state, env, event.text);
    case 'secret':
      return enterSecret(state, env, event.text);
    case 'interrupt':
      return interrupt(state, env);
    case 'told':
      allSeen(state);
      dropDrafts(state);
      return [];
    case 'lan':
      return lanIs(state, env, event);
    case 'lanPeople':
      besidePeople(state, event);
      return [];
    case 'focus':
      state.focused = event.on;
      if (!event.on) noteSeen(state);
      return [];
    case 'wheel':
      return wheel(state, env, event);
    case 'themes':
      return themesFound(state, env, event);
    case 'resize':
      state.size = { columns: event.columns, rows: event.rows };
      state.inner.drag = undefined;
      endHiddenWalk(state);
      return [];
    case 'emoji':
      emojiCame(state, event.table);
      return [];
    case 'edited':
      edited(state, env, event.tab, event.result);
      return [];
    case 'tick':
      return tick(state, env);
  }
}

/** What still arrives from a connection that was given up changes nothing. */
const isLinked = ({ connection: { kind } }: State): boolean => kind === 'online' || kind === 'connecting';

function tick(state: State, env: Env): Effect[] {
  prefixTick(state, env);
  typingTick(state, env);
  const effects = [...connectionTick(state, env), ...ignoreTick(state, env), ...tellingTick(state, env)];
  return reachesAnybody(state) ? [...effects, ...activityTick(state, env), ...resendDue(state, env)] : effects;
}
