/** The life of a connection: opened, refused, heard, paused, closed, gone. */
import { type ClientId, sessionId } from '../../base/ids.ts';
import type { DecodeFault } from '../../protocol/codec.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import * as fields from '../../protocol/fields.ts';
import type { FrameFault } from '../../protocol/frame-decoder.ts';
import { MAX_ERRORS_IN_A_ROW } from '../../protocol/limits.ts';
import { parse } from '../../protocol/schema.ts';
import type { ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import type { Core } from './core.ts';
import { countRefusal } from './counts.ts';
import type { Instant } from './instant.ts';
import { type ConnectionLimit, MAX_CONNECTIONS, MAX_PENDING, MAX_REFUSALS_AT_ONCE } from './limits.ts';
import { sessionLeaves } from './presence.ts';
import { createSession, isRead, type Peer, type Session } from './session.ts';

const CONNECTION_LIMIT: ConnectionLimit = { connections: MAX_CONNECTIONS, refusals: MAX_REFUSALS_AT_ONCE };

/** A new connection. @returns undefined when even a refusal would be too much: drop it. */
export function opened(core: Core, peer: Peer, at: Instant): Session | undefined {
  const open = core.sessions.size;
  const { connections, refusals } = core.options.connectionLimit ?? CONNECTION_LIMIT;
  if (open >= connections + refusals) return undefined;
  core.sessionsEver += 1;
  const session = createSession(sessionId(core.sessionsEver), peer, at.mono);
  core.sessions.set(session.id, session);
  if (open >= connections) refuse(core, session, 'server_full', ERROR_CODES.server_full.says, at);
  else {
    if (core.options.rateLimit && core.hellos.size >= MAX_PENDING) makeRoom(core, at);
    core.hellos.touch(session, at.mono);
  }
  return session;
}

/** Whoever has said nothing for the longest time goes first: those who log in at once never are it. */
function makeRoom(core: Core, at: Instant): void {
  const oldest = core.hellos.takeFirst(({ state }) => state.kind === 'connected', AMONG_OLDEST);
  if (oldest === undefined) return;
  drop(core, oldest, at);
  if (core.pendingNotices.take(at.mono))
    core.effects.push({
      kind: 'notice',
      event: {
        kind: 'warning',
        code: 'too_many_pending',
        text: `${MAX_PENDING} connections have not logged in: the oldest make room for new ones`,
      },
    });
}

/** Connections that are looked at for one that has said nothing, so that each arrival costs the same. */
const AMONG_OLDEST = 64;

/** Ends a connection without a word. */
export function drop(core: Core, session: Session, at: Instant): void {
  forget(core, session, at);
  session.state = { kind: 'closing' };
  core.effects.push({ kind: 'drop', session: session.id });
}

/** The connection is gone, for whatever reason. */
export function gone(core: Core, session: Session, at: Instant): void {
  if (!core.sessions.delete(session.id)) return;
  forget(core, session, at);
}

/** Something has been heard from the peer. */
export function heard(core: Core, session: Session, at: Instant): void {
  if (core.pinging.has(session)) core.pinging.touch(session, at.mono);
}

export function send(core: Core, session: Session, message: ServerMessage): void {
  core.effects.push({ kind: 'send', session: session.id, message });
}

/** Says that something is wrong, and ends the connection where the code does. */
export function refuse(
  core: Core,
  session: Session,
  code: ErrorCode,
  text: string,
  at: Instant,
  id?: ClientId,
  more: Pick<ServerMessages['error'], 'registration'> = {},
): void {
  if (session.state.kind === 'closing') return;
  countRefusal(core.counts, session, code);
  const closes = ERROR_CODES[code].ends === 'connection';
  send(core, session, { type: 'error', code, text, closes, ...(id === undefined ? {} : { id }), ...more });
  if (closes || session.notices.take(at.mono)) {
    const shown = TELLS_WHOM.has(code) ? ERROR_CODES[code].says : text;
    core.effects.push({ kind: 'notice', event: { kind: 'refused', who: whoIs(session), code, text: shown } });
  }
  if (closes) close(core, session, at);
}

/** Codes whose text may name whom somebody writes to, which is nothing for a log. */
const TELLS_WHOM: ReadonlySet<ErrorCode> = new Set(['no_such_user', 'not_delivered', 'mailbox_full']);

/**
 * A line that is no message. Before the log-in one that isn't even JSON ends the connection: whoever makes a program of
 * somebody else's send something, as a web page does with a browser, must not get a `hello` in behind it, for the kernel
 * would say that it comes from them.
 */
export function malformed(core: Core, session: Session, fault: FrameFault | DecodeFault, at: Instant): void {
  if (session.state.kind === 'closing') return;
  const code = typeof fault === 'string' ? fault : fault.code;
  if (session.state.kind === 'connected' && (code === 'bad_utf8' || code === 'bad_json'))
    return refuse(core, session, 'hello_expected', ERROR_CODES.hello_expected.says, at);
  heard(core, session, at);
  session.errorsInARow += 1;
  if (typeof fault === 'string') refuse(core, session, fault, ERROR_CODES[fault].says, at);
  else refuse(core, session, fault.code, fault.text, at, clientId(fault.id));
  if (session.errorsInARow >= MAX_ERRORS_IN_A_ROW)
    refuse(core, session, 'too_many_errors', ERROR_CODES.too_many_errors.says, at);
}

/** Ends a session in good order. */
export function sayBye(
  core: Core,
  session: Session,
  reason: ServerMessages['bye']['reason'],
  text: string,
  at: Instant,
) {
  if (session.state.kind === 'closing') return;
  send(core, session, { type: 'bye', reason, text });
  close(core, session, at);
}

function close(core: Core, session: Session, at: Instant): void {
  forget(core, session, at);
  session.state = { kind: 'closing' };
  core.effects.push({ kind: 'end', session: session.id });
  // What comes is ignored, but only who reads learns that the peer has gone.
  if (!isRead(session)) core.effects.push({ kind: 'resume', session: session.id });
}

/** The session is nobody's any more. */
function forget(core: Core, session: Session, at: Instant): void {
  core.hellos.delete(session);
  core.pinging.delete(session);
  core.throttled.delete(session);
  core.flooding.delete(session);
  if (session.source !== undefined) core.sources.leave(session.source, session.state.kind !== 'online', at.mono);
  session.source = undefined;
  session.held.length = 0;
  if (session.state.kind === 'online') sessionLeaves(core, session, session.state, at);
}

/** The session's next message must wait for an answer from outside the core. */
export function hold(core: Core, session: Session, waitsFor: 'answer' | 'appends' = 'answer'): void {
  const wasRead = isRead(session);
  session.waitsFor = waitsFor;
  if (wasRead) stopReading(core, session);
}

/** The answer has come: what was held may be handled. */
export function release(core: Core, session: Session, at: Instant): void {
  if (session.waitsFor === 'nothing' || session.state.kind === 'closing') return;
  session.waitsFor = 'nothing';
  core.effects.push({ kind: 'release', session: session.id });
  if (isRead(session)) readAgain(core, session, at);
}

export function stopReading(core: Core, session: Session): void {
  core.effects.push({ kind: 'pause', session: session.id });
}

export function readAgain(core: Core, session: Session, at: Instant): void {
  core.effects.push({ kind: 'resume', session: session.id });
  heard(core, session, at);
}

/** For the operator: the user, or the address of somebody who isn't logged in. */
const whoIs = ({ state, peer }: Session): string => (state.kind === 'online' ? state.user.name : peer.host);

/** The id of a refused message, which was checked, gets its type. */
function clientId(text: string | undefined): ClientId | undefined {
  const parsed = parse(fields.id, text);
  return parsed.ok ? parsed.value : undefined;
}
