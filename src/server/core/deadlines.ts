/** What happens because time has passed, and what happens when the server stops. */
import { longDuration } from '../../base/duration.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { Core } from './core.ts';
import { sweepGuesses } from './guessing.ts';
import { endMutes } from './ignoring.ts';
import type { Instant } from './instant.ts';
import { sweepInvites } from './inviting.ts';
import { SWEEP_EVERY_MS } from './lockout.ts';
import { goAway, goOffline } from './presence.ts';
import { isRead, type User } from './session.ts';
import { refuse, sayBye } from './sessions.ts';
import { listenAgain } from './throttle.ts';

/** Does all that is due. Call it when `nextDeadline` has come; calling it early does nothing. */
export function tick(core: Core, at: Instant): void {
  for (let session = core.hellos.take(at.mono); session !== undefined; session = core.hellos.take(at.mono))
    refuse(core, session, 'hello_timeout', ERROR_CODES.hello_timeout.says, at);
  for (let session = core.throttled.take(at.mono); session !== undefined; session = core.throttled.take(at.mono))
    listenAgain(core, session, at);
  for (let session = core.pinging.take(at.mono); session !== undefined; session = core.pinging.take(at.mono)) {
    // Silent because we don't listen.
    if (!isRead(session)) core.pinging.touch(session, at.mono);
    else refuse(core, session, 'dead', ERROR_CODES.dead.says, at);
  }
  endMutes(core, at);
  sweep(core, at);
  for (let user = core.active.take(at.mono); user !== undefined; user = core.active.take(at.mono))
    goAway(core, user, at);
  for (let user = core.away.take(at.mono); user !== undefined; user = core.away.take(at.mono)) logOff(core, user, at);
}

function sweep(core: Core, at: Instant): void {
  if (core.sweepAt > at.mono) return;
  core.sweepAt = at.mono + SWEEP_EVERY_MS;
  core.deadlineMoved = true;
  sweepGuesses(core, at);
  sweepInvites(core, at);
}

/** Nobody there for too long: visible sessions end, scripts stay. */
function logOff(core: Core, user: User, at: Instant): void {
  const text = `logged off after ${longDuration(core.options.logOffAfter)} away`;
  goOffline(core, user, at, text);
  for (const session of user.sessions)
    if (session.state.kind === 'online' && session.state.visible) sayBye(core, session, 'idle', text, at);
}

/** What a client shows while it tries to come back; the server can't know whether nobody starts it again. */
const RESTARTING = 'the server is restarting';

/** Ends every session. */
export function shutDown(core: Core, at: Instant): void {
  for (const session of core.sessions.values()) sayBye(core, session, 'shutdown', RESTARTING, at);
}
