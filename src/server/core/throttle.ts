/** How many bytes a session may send. Beyond it the network holds the peer back, and nothing is lost. */
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { isRead, type Session } from './session.ts';
import { readAgain, stopReading } from './sessions.ts';

/** @param bytes that have come. */
export function spend(core: Core, session: Session, bytes: number, at: Instant): void {
  if (!core.options.rateLimit || session.throttled || session.state.kind === 'closing') return;
  if (session.bytes.take(at.mono, bytes)) return;
  const wasRead = isRead(session);
  session.throttled = true;
  core.throttled.touch(session, at.mono);
  if (wasRead) stopReading(core, session);
}

export function listenAgain(core: Core, session: Session, at: Instant): void {
  session.throttled = false;
  if (isRead(session) && session.state.kind !== 'closing') readAgain(core, session, at);
}
