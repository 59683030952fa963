/** What a session is sent of its user's mailbox; `mail-cursor.ts` says how far it is. */
import { NO_SEQ, type Seq, type UserName } from '../../base/ids.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { KeptMail, MailPage } from '../store/store.ts';
import type { Core } from './core.ts';
import type { MailQuestion } from './effect.ts';
import type { Instant } from './instant.ts';
import { MAIL_PAGE, MAIL_PAGE_BYTES, MAX_ANNOUNCEMENTS } from './limits.ts';
import type { Online, Session } from './session.ts';
import { refuse, send } from './sessions.ts';

type MailFrame = ServerMessages['mail'];

/** The session has logged in. */
export function openMailbox(core: Core, session: Session, { user, visible }: Online): void {
  if (!visible || isGuest(user.name)) return;
  readOn(core, session, user.name);
}

/** The session has said which device it is: all that is for that one has waited for it. */
export function openDeviceMail(core: Core, session: Session, user: UserName): void {
  if (isGuest(user)) return;
  const { mail } = session;
  mail.announced = later(mail.upTo, mail.announced);
  mail.upTo = NO_SEQ;
  mail.received = NO_SEQ;
  readOn(core, session, user);
}

/** The session is no device any more. A page that is on its way isn't for it, so what is for all is read again. */
export function stopDeviceMail(core: Core, session: Session, user: UserName): void {
  if (session.mail.state === 'reading' || session.mail.state === 'behind') readOn(core, session, user);
}

function readOn(core: Core, session: Session, user: UserName): void {
  const { mail, device } = session;
  mail.state = 'reading';
  core.effects.push({
    kind: 'read-mailbox',
    session: session.id,
    user,
    device,
    since: mail.upTo,
    limit: MAIL_PAGE,
    maxBytes: MAIL_PAGE_BYTES,
  });
}

/** A page has come. */
export function mailboxRead(core: Core, asked: MailQuestion, page: MailPage): void {
  const session = core.sessions.get(asked.session);
  if (!isAsking(session, asked)) return;
  const { mail: cursor } = session;
  for (const mail of page.mail) {
    // Of all devices', what came before the session said which it is.
    if (mail.kind === 'sealed' || mail.n > cursor.announced) sendMail(core, session, mailFrame(asked.user, mail));
    cursor.upTo = mail.n;
  }
  if (page.more || cursor.state === 'behind') return readOn(core, session, asked.user);
  // What lies between is for other devices, or was received by another session.
  cursor.upTo = later(page.last, cursor.upTo);
  cursor.state = 'live';
}

/** Since it asked, it may have said which device it is: then it has asked again. */
const isAsking = (session: Session | undefined, { device, since }: MailQuestion): session is Session =>
  session?.state.kind === 'online' && session.device === device && session.mail.upTo === since;

const later = (one: Seq, other: Seq): Seq => (one > other ? one : other);

function mailFrame(to: UserName, mail: KeptMail): MailFrame {
  const { n, from, time } = mail;
  if (mail.kind === 'announcement') return { type: 'mail', kind: 'announcement', n, from, to, body: mail.body, time };
  const { device, sealed, id } = mail;
  return { type: 'mail', kind: 'sealed', n, from, to, device, sealed, time, id };
}

/** Nothing more is sent, so that what could not be read isn't taken for received. */
export function mailboxNotRead(core: Core, asked: MailQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (!isAsking(session, asked)) return;
  session.mail.state = 'broken';
  refuse(core, session, 'internal', 'the server could not read your mail; it comes when you log in again', at);
}

const isFor = ({ device }: Session, frame: MailFrame): boolean =>
  frame.kind === 'announcement' || frame.device === device;

function sendMail(core: Core, session: Session, frame: MailFrame): void {
  const { early } = session.mail;
  if (session.device === undefined && frame.n !== NO_SEQ) {
    early.add(frame.n);
    // The store has forgotten it, too.
    const [oldest] = early;
    if (early.size > MAX_ANNOUNCEMENTS && oldest !== undefined) early.delete(oldest);
  }
  send(core, session, frame);
}

/** Hands something to those visible sessions that it is for. Without a place, which guests' has, it is sent as it is. */
export function deliverTo(core: Core, user: UserName, frame: MailFrame): void {
  for (const session of core.users.get(user)?.sessions ?? []) {
    if (session.state.kind !== 'online' || !session.state.visible) continue;
    if (frame.n !== NO_SEQ) inItsPlace(core, session, frame);
    else if (isFor(session, frame)) sendMail(core, session, frame);
  }
}

/** What is for another device of the user has its place in the same row, and is passed over. */
function inItsPlace(core: Core, session: Session, frame: MailFrame): void {
  const { mail: cursor } = session;
  switch (cursor.state) {
    case 'live':
      if (frame.n <= cursor.upTo) return;
      // One before it has not come yet, as it may be where several servers are: the store has both.
      if (frame.n !== cursor.upTo + 1) return readOn(core, session, frame.to);
      cursor.upTo = frame.n;
      return isFor(session, frame) ? sendMail(core, session, frame) : undefined;
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
  const { mail, device } = session;
  const isEarly = device === undefined || mail.early.has(upTo);
  const sent = isEarly ? later(mail.upTo, mail.announced) : mail.upTo;
  const n = upTo < sent ? upTo : sent;
  if (n <= (isEarly ? mail.receivedAnnounced : mail.received)) return;
  mail.receivedAnnounced = later(n, mail.receivedAnnounced);
  if (!isEarly) mail.received = n;
  core.effects.push({ kind: 'received', user: user.name, n, ...(isEarly ? {} : { device }) });
}
