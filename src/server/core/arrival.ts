/** What is decided about a connection when it is known where it comes from, and when it logs in: bans, limits by source. */
import type { ErrorCode } from '../../protocol/errors.ts';
import { banText } from './bans.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { banOn } from './kept-out.ts';
import { LOGINS, MAX_CONNECTIONS_OF_SOURCE, MAX_PENDING_OF_SOURCE } from './limits.ts';
import type { Session, User } from './session.ts';
import { drop, refuse } from './sessions.ts';

/**
 * It is known where the connection comes from: for an address at once, on loopback when the kernel has told who owns the
 * other end. From here on it counts.
 * @param from as `sourceOf` writes it.
 */
export function located(core: Core, session: Session, from: string, at: Instant): void {
  if (session.state.kind === 'closing' || session.from !== undefined) return;
  session.from = from;
  session.source = core.sources.enter(from, at.mono);
  const ban = banOn(core, session, undefined, at);
  if (ban !== undefined) return turnAway(core, session, 'banned', banText(ban), at);
  if (!core.options.rateLimit) return;
  const { connections, pending } = session.source;
  if (connections > MAX_CONNECTIONS_OF_SOURCE) {
    const text = `${from} has ${MAX_CONNECTIONS_OF_SOURCE} connections, as many as one may: close some`;
    return turnAway(core, session, 'too_many_connections', text, at);
  }
  if (pending > MAX_PENDING_OF_SOURCE) {
    const text = `${from} has ${MAX_PENDING_OF_SOURCE} connections that have not logged in, as many as one may; wait`;
    return turnAway(core, session, 'too_many_pending', text, at);
  }
  // It has said hello already, and waits for this.
  if (session.state.kind === 'authenticating') mayLogIn(core, session, at);
}

/** Counts a log-in, whatever comes of it. @returns false when there were too many, and that was said. */
export function mayLogIn(core: Core, session: Session, at: Instant): boolean {
  const { source } = session;
  // Where it comes from is not known yet: `located` counts it.
  if (source === undefined || !core.options.rateLimit || source.logins.take(at.mono)) return true;
  const text = `too many log-ins from ${source.name}: ${LOGINS.burst} at once and ${LOGINS.perSecond} a second get through`;
  turnAway(core, session, 'too_many_logins', text, at);
  return false;
}

/** Is the user whom the log-in has shown banned? Then that is said, and they don't get in. */
export function isKeptOut(core: Core, session: Session, user: User, at: Instant): boolean {
  const ban = banOn(core, session, user, at);
  if (ban !== undefined) turnAway(core, session, 'banned', banText(ban), at);
  return ban !== undefined;
}

/** With a word, unless there were too many of them: then it is only dropped, and the next word counts it. */
function turnAway(core: Core, session: Session, code: ErrorCode, text: string, at: Instant): void {
  const { source } = session;
  if (source === undefined) return refuse(core, session, code, text, at);
  if (!source.refusals.take(at.mono)) {
    source.dropped += 1;
    return drop(core, session, at);
  }
  const more = source.dropped === 0 ? '' : ` (${source.dropped} more were refused)`;
  source.dropped = 0;
  refuse(core, session, code, `${text}${more}`, at);
}

/** Counts a room that is made. @returns false when there were too many. */
export const mayMakeRoom = (core: Core, session: Session, at: Instant): boolean =>
  !core.options.rateLimit || session.source === undefined || session.source.newRooms.take(at.mono);
