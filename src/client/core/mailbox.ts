/**
 * What of our mailbox was seen. The server keeps what is sent to us until it is told that it was: so what nobody has
 * looked at, or what could not be opened yet, comes again at the next log-in.
 */
import { NO_SEQ, type Seq } from '../../base/ids.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { Effect, Env } from './event.ts';
import { isOnline, personTabs } from './lookup.ts';
import type { State } from './state.ts';

/** Milliseconds in which what was seen is told together: a full mailbox is not answered by a line for each message. */
export const TELL_AFTER_MS = 100;
/** Places of mail that are remembered, of what was opened and of what wasn't: more than a mailbox holds. */
const MAX_PLACES = 2000;

/** A new connection: older mail than this waited for us. Another name has another mailbox. */
export function login(state: State, { time, user }: ServerMessages['welcome']): void {
  const { mail } = state.inner;
  mail.since = time;
  mail.sealed.clear();
  if (state.self?.name !== user) forgetPlaces(state);
}

/** The mailbox is another one. */
export function forgetPlaces({ inner: { mail } }: State): void {
  mail.announced = NO_SEQ;
  mail.last = NO_SEQ;
  mail.opened.clear();
  mail.sealed.clear();
  mail.told = { announced: NO_SEQ, opened: NO_SEQ };
}

/** Sealed mail has come; until it is opened, the server keeps it and what comes after it. */
export function sealedCame({ inner: { mail } }: State, n: Seq): void {
  // The first of them holds back all the others.
  if (n > NO_SEQ && mail.sealed.size < MAX_PLACES) mail.sealed.add(n);
}

/** @returns false where it was opened before; then what we told of it was lost with a connection. */
export function sealedOpened({ inner: { mail } }: State, n: Seq): boolean {
  if (n === NO_SEQ) return true;
  mail.sealed.delete(n);
  if (mail.opened.has(n)) {
    mail.told.opened = NO_SEQ;
    return false;
  }
  mail.opened.add(n);
  const [oldest] = mail.opened;
  if (mail.opened.size > MAX_PLACES && oldest !== undefined) mail.opened.delete(oldest);
  if (n > mail.last) mail.last = n;
  return true;
}

/** @returns false for an announcement that came before. */
export function announcementCame({ inner: { mail } }: State, n: Seq): boolean {
  if (n === NO_SEQ) return true;
  if (n <= mail.announced) {
    mail.told.announced = NO_SEQ;
    return false;
  }
  mail.announced = n;
  return true;
}

/** Up to where nothing has come that is not opened or that nobody has looked at. */
function limit(state: State): number {
  let upTo = Number.POSITIVE_INFINITY;
  for (const n of state.inner.mail.sealed) upTo = Math.min(upTo, n - 1);
  for (const { inner } of personTabs(state)) upTo = Math.min(upTo, inner.unseenAfter ?? upTo);
  return upTo;
}

/**
 * What the server may forget, and doesn't know yet. A place of sealed mail stands for all before it. That of an
 * announcement may be one that came before all sealed mail, so it stands for announcements alone.
 */
function untold(state: State): { readonly announced: Seq | undefined; readonly opened: Seq | undefined } {
  const { mail } = state.inner;
  const upTo = limit(state);
  let opened: Seq | undefined;
  if (mail.last > mail.told.opened) {
    if (mail.last <= upTo) opened = mail.last;
    else for (const n of mail.opened) if (n <= upTo && n > (opened ?? mail.told.opened)) opened = n;
  }
  const announced = mail.announced > mail.told.announced && mail.announced <= upTo ? mail.announced : undefined;
  return { announced, opened };
}

/** Tells at once what the server may forget. */
export function tellReceived(state: State): Effect[] {
  const { mail } = state.inner;
  mail.dueAt = undefined;
  if (!isOnline(state)) return [];
  const { announced, opened } = untold(state);
  if (opened !== undefined) mail.told.opened = opened;
  if (announced !== undefined) mail.told.announced = announced;
  const places = [opened, announced].filter((n) => n !== undefined).toSorted((a, b) => a - b);
  return places.map((n): Effect => ({ do: 'send', message: { type: 'received', n } }));
}

/** Nobody sits at the keys: what is on the screen is seen when somebody is back. */
const isAway = ({ self, people }: State): boolean => self !== undefined && people.get(self.name)?.state === 'away';

/** The same, after a while. Called after every event. */
export function acknowledge(state: State, env: Env): Effect[] {
  const { mail } = state.inner;
  const { announced, opened } = untold(state);
  if (!isOnline(state) || isAway(state) || (announced === undefined && opened === undefined)) {
    mail.dueAt = undefined;
    return [];
  }
  mail.dueAt ??= env.mono + TELL_AFTER_MS;
  return mail.dueAt <= env.mono ? tellReceived(state) : [];
}

export const mailWake = ({ inner: { mail } }: State): number | undefined => mail.dueAt;
