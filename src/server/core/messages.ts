/** A message's way: said, appended to the store, published. */
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { NewMessage, Placed } from '../store/store.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { MAX_APPEND_CHARS, MAX_APPEND_CHARS_HARD, MAX_APPENDS_OF_SESSION } from './limits.ts';
import { lateMessage } from './own-messages.ts';
import { isRead, type Online, type Session } from './session.ts';
import { readAgain, refuse, release, send, stopReading } from './sessions.ts';

/** On its way to the disk. Nobody hears of it before it is there. */
export function append(
  core: Core,
  session: Session,
  { user }: Online,
  { to, text, id, re }: ClientMessages['say'],
  at: Instant,
): void {
  if (core.appendChars > MAX_APPEND_CHARS_HARD) {
    refuse(core, session, 'rate_limited', 'the server has too much to store; send it again later', at, id);
    return;
  }
  const message = { room: to, from: user.name, text, time: at.wall, ...(id === undefined ? {} : { id }) };
  session.appends += 1;
  core.appendChars += text.length;
  core.effects.push({
    kind: 'append',
    session: session.id,
    message: re === undefined ? message : { ...message, re },
  });
  if (core.appendChars > MAX_APPEND_CHARS) core.storeFull = true;
  if (core.storeFull || session.appends > MAX_APPENDS_OF_SESSION) flood(core, session);
}

/** It has its place. */
export function appended(core: Core, from: Session['id'], message: NewMessage, placed: Placed, at: Instant): void {
  const session = settled(core, from, message, at);
  const { id, text, re } = message;
  if (placed.fresh) {
    const { room, seq, time } = placed;
    const origin = { server: core.options.serverId, session: from };
    const entry =
      re === undefined ? { seq, from: message.from, text, time } : { seq, from: message.from, text, time, re };
    if (session === undefined) lateMessage(core, message.from, from, room, seq);
    core.effects.push({
      kind: 'publish',
      event:
        id === undefined
          ? { kind: 'message', room, entry, origin }
          : { kind: 'message', room, entry: { ...entry, id }, origin: { ...origin, id } },
    });
  } else if (session?.state.kind === 'online' && id !== undefined) {
    send(core, session, { type: 'ack', id, to: placed.room, seq: placed.seq, time: placed.time });
  }
  wake(core, session, at);
}

/** The store can't take it, so nobody sees it. */
export function notAppended(core: Core, from: Session['id'], message: NewMessage, at: Instant): void {
  const session = settled(core, from, message, at);
  if (session?.state.kind === 'online')
    refuse(core, session, 'not_stored', ERROR_CODES.not_stored.says, at, message.id);
  wake(core, session, at);
}

/** A session that waited until all it had written was on the disk need not wait any more. */
function wake(core: Core, session: Session | undefined, at: Instant): void {
  if (session?.waitsFor === 'appends' && session.appends === 0) release(core, session, at);
}

function flood(core: Core, session: Session): void {
  if (session.flooding) return;
  const wasRead = isRead(session);
  session.flooding = true;
  core.flooding.add(session);
  if (wasRead) stopReading(core, session);
}

/** One message less on its way. Whoever was stopped is read again when half of what stopped them is done. */
function settled(core: Core, from: Session['id'], message: NewMessage, at: Instant): Session | undefined {
  core.appendChars -= message.text.length;
  const session = core.sessions.get(from);
  if (session !== undefined) session.appends -= 1;
  if (core.flooding.size === 0 && !core.storeFull) return session;
  if (core.storeFull && core.appendChars <= MAX_APPEND_CHARS / 2) {
    core.storeFull = false;
    for (const stopped of core.flooding) ebb(core, stopped, at);
  } else if (session?.flooding === true) ebb(core, session, at);
  return session;
}

function ebb(core: Core, session: Session, at: Instant): void {
  if (core.storeFull || session.appends > MAX_APPENDS_OF_SESSION / 2) return;
  core.flooding.delete(session);
  session.flooding = false;
  if (isRead(session) && session.state.kind === 'online') readAgain(core, session, at);
}
