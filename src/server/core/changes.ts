/** Changes of rooms that the store had to take first: what came of them. */
import { isGuest } from '../../protocol/names.ts';
import { addRoom, type Core } from './core.ts';
import type { Change } from './effect.ts';
import type { Instant } from './instant.ts';
import type { Session } from './session.ts';
import { hold, refuse, release } from './sessions.ts';

/** Asks the store. The session's next message waits for the answer, so that `join` and then `say` works in one go. */
export function change(core: Core, session: Session, wanted: Change): void {
  if (wanted.kind === 'join' && wanted.creates) core.creating += 1;
  hold(core, session);
  core.effects.push({ kind: 'change', change: wanted });
}

/** The store has it. */
export function changed(core: Core, done: Change, at: Instant): void {
  settle(core, done);
  switch (done.kind) {
    case 'join':
      if (!core.rooms.has(done.room)) addRoom(core, done.room);
      // A guest may have gone meanwhile, and with them their membership.
      if (!isGuest(done.user) || core.sessions.get(done.origin.session)?.state.kind === 'online')
        core.effects.push({
          kind: 'publish',
          event: { kind: 'joined', room: done.room, user: done.user, time: done.time, origin: done.origin },
        });
      break;
    case 'leave':
      core.effects.push({
        kind: 'publish',
        event: { kind: 'left', room: done.room, user: done.user, time: done.time, origin: done.origin },
      });
      break;
    case 'topic':
      core.effects.push({
        kind: 'publish',
        event: {
          kind: 'topic',
          room: done.room,
          text: done.text,
          by: done.by,
          time: done.time,
          origin: done.origin,
        },
      });
      break;
  }
  const session = core.sessions.get(done.origin.session);
  if (session !== undefined) release(core, session, at);
}

/** The store can't take it, so nothing has changed. */
export function notChanged(core: Core, failed: Change, at: Instant): void {
  settle(core, failed);
  const session = core.sessions.get(failed.origin.session);
  if (session === undefined) return;
  refuse(core, session, 'not_stored', 'the server could not store this; try again later', at, failed.origin.id);
  release(core, session, at);
}

function settle(core: Core, settled: Change): void {
  if (settled.kind === 'join' && settled.creates) core.creating -= 1;
}
