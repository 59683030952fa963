/** Changes of rooms that the store had to take first: what came of them. */
import { ERROR_CODES } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import type { AuditEntry, Order } from '../store/store.ts';
import { addRoom, type Core } from './core.ts';
import type { Change } from './effect.ts';
import type { Instant } from './instant.ts';
import type { Session } from './session.ts';
import { hold, refuse, release } from './sessions.ts';

/** Asks the store. The session's next message waits for the answer, so that `join` and then `say` works in one go. */
export function change(core: Core, session: Session, wanted: Change): void {
  if (wanted.kind === 'join' && wanted.creates) core.creating += 1;
  // From now on nobody comes in, also while the store is at work.
  if (wanted.kind === 'order') shut(core, wanted.order, true);
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
          event: {
            kind: 'joined',
            room: done.room,
            user: done.user,
            time: done.time,
            ...(done.reopens === undefined ? {} : { reopens: true }),
            origin: done.origin,
          },
        });
      noteOrder(core, done.reopens);
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
      noteOrder(core, done.audit);
      break;
    case 'ignore': {
      const { lasting, ...event } = done;
      // A guest who has gone meanwhile ignores nobody.
      if (lasting || core.users.has(event.user)) core.effects.push({ kind: 'publish', event });
      break;
    }
    case 'order': {
      const { order, entry, origin } = done;
      core.effects.push({ kind: 'publish', event: { kind: 'order', order, entry, origin } });
      noteOrder(core, entry);
    }
  }
  const session = core.sessions.get(done.origin.session);
  if (session !== undefined) release(core, session, at);
}

/** The store knows nothing to which it could be done: of the orders, only a name without an account can be that. */
export function nothingToChange(core: Core, failed: Change, at: Instant): void {
  settle(core, failed);
  if (failed.kind === 'order') shut(core, failed.order, false);
  const session = core.sessions.get(failed.origin.session);
  if (session === undefined) return;
  const text = failed.kind === 'order' ? `nobody with an account here is called ${failed.entry.target}` : undefined;
  refuse(core, session, 'no_such_user', text ?? ERROR_CODES.no_such_user.says, at, failed.origin.id);
  release(core, session, at);
}

/** The store can't take it, so nothing has changed. */
export function notChanged(core: Core, failed: Change, at: Instant): void {
  settle(core, failed);
  if (failed.kind === 'order') shut(core, failed.order, false);
  const session = core.sessions.get(failed.origin.session);
  if (session === undefined) return;
  refuse(core, session, 'not_stored', 'the server could not store this; try again later', at, failed.origin.id);
  release(core, session, at);
}

function settle(core: Core, settled: Change): void {
  if (settled.kind === 'join' && settled.creates) core.creating -= 1;
}

/** A room that is being closed. */
function shut(core: Core, order: Order, closed: boolean): void {
  const room = order.kind === 'close' ? core.rooms.get(order.room) : undefined;
  if (room !== undefined) room.closed = closed;
}

function noteOrder(core: Core, entry: AuditEntry | undefined): void {
  if (entry === undefined) return;
  const { by, action, target, detail } = entry;
  core.effects.push({ kind: 'notice', event: { kind: 'audit', by, action, target, detail } });
}
