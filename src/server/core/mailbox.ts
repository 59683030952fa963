/** What a session is sent of its user's mailbox; `mail-cursor.ts` says how far it is. */
import { NO_SEQ, type Seq, type UserName } from '../../base/ids.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { KeptMail, MailPage } from '../store/store.ts';
import type { Core } from './core.ts';
import type { MailQuestion } from './effect.ts';
import type { Instant } from './instant.ts';
import { MAIL_PAGE, MAIL_PAGE_BYTES } from './limits.ts';
import type { Online, Session } from './session.ts';
import { refuse, send } from './sessions.ts';

/** The session has logged in. */
export function openMailbox(core: Core, session: Session, { user, visible }: Online): void {
  if (!visible || isGuest(user.name)) return;
  readOn(core, session, user.name);
}

function readOn(core: Core, session: Session, user: UserName): void {
  const { mail } = session;
  mail.state = 'reading';
  core.effects.push({
    kind: 'read-mailbox',
    session: session.id,
    user,
    since: mail.upTo,
    limit: MAIL_PAGE,
    maxBytes: MAIL_PAGE_BYTES,
  });
}

/** A page has come. */
export function mailboxRead(core: Core, asked: MailQuestion, page: MailPage): void {
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  const { mail: cursor } = session;
  for (const mail of page.mail) {
    send(core, session, mailFrame(asked.user, mail));
    cursor.upTo = mail.n;
  }
  if (page.more || cursor.state === 'behind') return readOn(core, session, asked.user);
  // What lies between was received by another session.
  cursor.upTo = page.last;
  cursor.state = 'live';
}

function mailFrame(to: UserName, mail: KeptMail): ServerMessages['mail'] {
  const { n, kind, from, body, time } = mail;
  const id = kind === 'text' ? { id: mail.id } : {};
  return { type: 'mail', n, kind, from, to, body, time, ...id };
}

/** Nothing more is sent, so that what could not be read isn't taken for received. */
export function mailboxNotRead(core: Core, asked: MailQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  session.mail.state = 'broken';
  refuse(core, session, 'internal', 'the server could not read your mail; it comes when you log in again', at);
}

/** Hands something to every visible session of its recipient. Without a place, which guests' has, it is sent as it is. */
export function deliverTo(core: Core, user: UserName, frame: ServerMessages['mail']): void {
  for (const session of core.users.get(user)?.sessions ?? []) {
    if (session.state.kind !== 'online' || !session.state.visible) continue;
    if (frame.n === NO_SEQ) send(core, session, frame);
    else inItsPlace(core, session, frame);
  }
}

function inItsPlace(core: Core, session: Session, frame: ServerMessages['mail']): void {
  const { mail: cursor } = session;
  switch (cursor.state) {
    case 'live':
      if (frame.n <= cursor.upTo) return;
      // One before it has not come yet, as it may be where several servers are: the store has both.
      if (frame.n !== cursor.upTo + 1) return readOn(core, session, frame.to);
      cursor.upTo = frame.n;
      return send(core, session, frame);
    case 'reading':
      cursor.state = 'behind';
      return;
    case 'behind':
    case 'broken':
    case 'none':
  }
}

/** The session has shown what it was sent, up to a place. What it wasn't sent stays, whatever it says. */
export function received(core: Core, session: Session, { user }: Online, upTo: Seq): void {
  const { mail } = session;
  const n = upTo < mail.upTo ? upTo : mail.upTo;
  if (n <= mail.received) return;
  mail.received = n;
  core.effects.push({ kind: 'received', user: user.name, n });
}
