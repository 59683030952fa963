/** A private message's way: sent, stored, handed to the sessions of who it is for. */
import { type DeviceId, NO_SEQ, type UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { MailCame, NewMail } from '../store/store.ts';
import type { Core } from './core.ts';
import type { MailRequest, Verdict } from './effect.ts';
import type { Instant } from './instant.ts';
import { deliverTo } from './mailbox.ts';
import { whyNot } from './reach.ts';
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
  { id, to, device, sealed }: ClientMessages['mail'],
  at: Instant,
): void {
  const mail: NewMail = { from: user.name, to, device, sealed, time: at.wall, id };
  hold(core, session);
  core.effects.push({ kind: 'mail', session: session.id, mail, verdict: verdictOn(core, mail) });
}

function verdictOn(core: Core, { from, to, device }: NewMail): Verdict {
  const refusal = whyNot(core, from, to);
  if (refusal !== undefined) return { kind: 'refuse', ...refusal };
  // The devices of accounts are known to the store.
  if (!isGuest(to)) return { kind: 'keep' };
  return core.guestDevices.has(to, device)
    ? { kind: 'pass' }
    : { kind: 'refuse', code: 'no_such_device', text: ERROR_CODES.no_such_device.says };
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
        send(core, session, { type: 'mailed', id: mail.id, to, time, kept: isKept(core, { ...mail, to }) });
      }
      break;
    case 'no_device':
      refuseMail(core, session, 'no_such_device', ERROR_CODES.no_such_device.says, mail, at);
      break;
    case 'full':
      refuseMail(
        core,
        session,
        'mailbox_full',
        `the mailbox of ${mail.to} is full: that device of theirs has been away for long; try again later`,
        mail,
        at,
      );
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

/** Does mail wait for its device, as far as its author may know? */
const isKept = (core: Core, { from, to, device }: Pick<NewMail, 'from' | 'to' | 'device'>): boolean =>
  !isGuest(to) && (!isHere(core, to, device) || core.ignores.blockersOf(from).has(to));

function isHere(core: Core, user: UserName, device: DeviceId): boolean {
  for (const session of core.users.get(user)?.sessions ?? []) if (session.device === device) return true;
  return false;
}

/** It is stored, or is for a guest, and then has no place. */
export function handOver(core: Core, { mail, n, origin }: Extract<ServerEvent, { kind: 'mail' }>, at: Instant): void {
  const { id, to, time, ...rest } = mail;
  deliverTo(core, to, { type: 'mail', kind: 'sealed', n: n ?? NO_SEQ, ...rest, to, time, id });
  const author = origin.server === core.options.serverId ? core.sessions.get(origin.session) : undefined;
  if (n === undefined && !isHere(core, to, mail.device)) {
    // The guest has gone in this moment.
    refuseMail(core, author, 'no_such_user', `nobody here is called ${to}`, mail, at);
    return;
  }
  if (author?.state.kind === 'online') send(core, author, { type: 'mailed', id, to, time, kept: isKept(core, mail) });
}
