/** A private message's way: sent, stored, handed to the sessions of who it is for. */
import { NO_SEQ, type UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { MailCame, NewMail } from '../store/store.ts';
import type { Core } from './core.ts';
import type { MailRequest, Verdict } from './effect.ts';
import type { Instant } from './instant.ts';
import { deliverTo } from './mailbox.ts';
import type { Online, Session } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

/**
 * On its way to the disk, also where it will be refused: it may have been taken before, under the same id. The session's
 * next message waits, so its mail keeps its order.
 */
export function sendMail(
  core: Core,
  session: Session,
  { user }: Online,
  { id, to, body }: ClientMessages['mail'],
  at: Instant,
): void {
  const mail: NewMail = { from: user.name, to, body, time: at.wall, id };
  hold(core, session);
  core.effects.push({ kind: 'mail', session: session.id, mail, verdict: verdictOn(core, user.name, to) });
}

function verdictOn(core: Core, from: UserName, to: UserName): Verdict {
  const isHidden = core.ignores.blockersOf(from).has(to);
  // A guest is there or isn't, and who is hidden isn't; an account can always be written to, so nothing is given away.
  const exists = isGuest(to) ? (core.users.get(to)?.visible ?? 0) > 0 && !isHidden : core.lastSeen.has(to);
  if (!exists) return { kind: 'refuse', code: 'no_such_user', text: `nobody here is called ${to}` };
  if (isHidden) return { kind: 'refuse', code: 'not_delivered', text: `${to} takes no messages from you` };
  if (core.ignores.blockedBy(from).has(to))
    return { kind: 'refuse', code: 'not_delivered', text: `you block ${to}: unblock them to write to them` };
  return { kind: isGuest(to) ? 'pass' : 'keep' };
}

/** The store has answered. */
export function mailCame(core: Core, { session: from, mail, verdict }: MailRequest, came: MailCame, at: Instant): void {
  const session = core.sessions.get(from);
  switch (came.kind) {
    case 'kept':
    case 'passed': {
      const origin = { server: core.options.serverId, session: from, id: mail.id };
      const place = came.kind === 'kept' ? { n: came.n } : {};
      core.effects.push({ kind: 'publish', event: { kind: 'mail', mail, ...place, origin } });
      break;
    }
    case 'known':
      if (session?.state.kind === 'online') {
        const { to, time } = came;
        send(core, session, { type: 'mailed', id: mail.id, to, time, kept: isKept(core, mail.from, to) });
      }
      break;
    case 'full':
      refuseMail(core, session, 'mailbox_full', `the mailbox of ${mail.to} is full; try again later`, mail, at);
      break;
    case 'refused':
      if (verdict.kind === 'refuse') refuseMail(core, session, verdict.code, verdict.text, mail, at);
      break;
  }
  if (session !== undefined) release(core, session, at);
}

/** The store can't take it, so nobody gets it. */
export function mailNotStored(core: Core, { session: from, mail }: MailRequest, at: Instant): void {
  const session = core.sessions.get(from);
  if (session === undefined) return;
  refuseMail(core, session, 'not_stored', ERROR_CODES.not_stored.says, mail, at);
  release(core, session, at);
}

function refuseMail(
  core: Core,
  session: Session | undefined,
  code: ErrorCode,
  text: string,
  { id }: NewMail,
  at: Instant,
) {
  if (session?.state.kind === 'online') refuse(core, session, code, text, at, id);
}

/** Does mail wait for its recipient, as far as its author may know? */
const isKept = (core: Core, from: UserName, to: UserName): boolean =>
  !isGuest(to) && ((core.users.get(to)?.visible ?? 0) === 0 || core.ignores.blockersOf(from).has(to));

/** It is stored, or is for a guest, and then has no place. */
export function handOver(core: Core, { mail, n, origin }: Extract<ServerEvent, { kind: 'mail' }>, at: Instant): void {
  const { id, from, to, body, time } = mail;
  const frame: ServerMessages['mail'] = { type: 'mail', n: n ?? NO_SEQ, kind: 'text', from, to, body, time, id };
  deliverTo(core, to, frame);
  const author = origin.server === core.options.serverId ? core.sessions.get(origin.session) : undefined;
  if (n === undefined && (core.users.get(to)?.visible ?? 0) === 0) {
    // The guest has gone in this moment.
    refuseMail(core, author, 'no_such_user', `nobody here is called ${to}`, mail, at);
    return;
  }
  if (from !== to)
    for (const session of core.users.get(from)?.sessions ?? [])
      if (session !== author && isVisible(session)) send(core, session, { ...frame, n: NO_SEQ });
  if (author?.state.kind === 'online')
    send(core, author, { type: 'mailed', id, to, time, kept: isKept(core, from, to) });
}

const isVisible = ({ state }: Session): boolean => state.kind === 'online' && state.visible;
