/**
 * Private messages and announcements. The server keeps what is sent to us until it is told that it was seen: so what
 * nobody has looked at when this program ends comes again at the next log-in, and what comes twice meanwhile is known by
 * its place in the mailbox.
 */
import { NO_SEQ, type Seq, seqAfter, type UserName, unixMs } from '../../base/ids.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import { activeTab, isOnline, lobbyOf, notice, personTabOf, personTabs } from './lookup.ts';
import { MAX_LOG_ENTRIES, MAX_LOG_ENTRIES_READING } from './message-log.ts';
import { findPending, stored } from './outbox.ts';
import type { PersonTab, State } from './state.ts';
import { openPerson } from './tabs.ts';
import { arrived, isInView, ring } from './unread.ts';

type Mail = ServerMessages['mail'];

/** Milliseconds in which what was seen is told together: a full mailbox is not answered by a line for each message. */
export const TELL_AFTER_MS = 100;
/** Mail of people whose messages are left out and who have no tab; beyond it the oldest is forgotten. */
export const MAX_ASIDE = 100;
/** Entries from a log's end among which a message is looked for that may have come before, under its id. */
const KNOWN_IDS_FROM = 1000;

/** A new connection: older mail than this waited for us. Another name has another mailbox. */
export function login(state: State, { time, user }: ServerMessages['welcome']): void {
  const { mail } = state.inner;
  mail.since = time;
  mail.told = NO_SEQ;
  if (state.self?.name !== user) mail.last = NO_SEQ;
}

export function receiveMail(state: State, env: Env, message: Mail): Effect[] {
  const { mail } = state.inner;
  const before = mail.last;
  if (message.n > NO_SEQ) {
    if (message.n <= before) {
      // What we told was lost with a connection.
      mail.told = NO_SEQ;
      return [];
    }
    mail.last = message.n;
  }
  if (message.kind === 'announcement') return announced(state, env, message);
  return isOurs(state, message) ? copied(state, env, message) : incoming(state, env, message, before);
}

const isOurs = (state: State, { from }: Mail): boolean => from === state.self?.name;

function incoming(state: State, env: Env, message: Mail, before: Seq): Effect[] {
  const { mail } = state.inner;
  const { from } = message;
  const ignored = isIgnored(state.ignored, from);
  if (ignored && personTabOf(state, from) === undefined) {
    mail.aside = [...mail.aside, message].slice(-MAX_ASIDE);
    return [];
  }
  const tab = openPerson(state, env, from);
  if (tab === undefined) {
    notice(lobbyOf(state), env, `in private, from ${from}: ${message.body}`);
    return ring(state, env);
  }
  const seq = place(tab, message);
  if (seq === undefined) return [];
  if (message.n > NO_SEQ && !ignored && !isInView(state, tab)) tab.inner.unseenAfter ??= before;
  return arrived(state, env, tab, { seq, from, text: message.body }, message.time >= mail.since);
}

/** Another terminal of ours has written to somebody; or this one, and the answer was lost with a connection. */
function copied(state: State, env: Env, message: Mail): Effect[] {
  if (message.id !== undefined) stored(state, env, message.id);
  const tab = openPerson(state, env, message.to);
  if (tab !== undefined) place(tab, message);
  return [];
}

/** @returns its place in the tab; undefined where it is there already. */
function place(tab: PersonTab, { from, body, time, id }: Pick<Mail, 'from' | 'body' | 'time' | 'id'>): Seq | undefined {
  const { log, scroll } = tab;
  if (id !== undefined) {
    const { entries } = log;
    for (let i = entries.length - 1; i >= Math.max(0, entries.length - KNOWN_IDS_FROM); i--) {
      const entry = entries[i];
      if (entry?.kind === 'message' && entry.id === id && entry.from === from) return undefined;
    }
  }
  const seq = seqAfter(log.last);
  log.append({ seq, from, text: body, time, ...(id === undefined ? {} : { id }) });
  log.trim(scroll.kind === 'tail' ? MAX_LOG_ENTRIES : MAX_LOG_ENTRIES_READING);
  return seq;
}

/** Our mail has reached its mailbox, or a guest. */
export function mailed(state: State, env: Env, { id, to, time, kept }: ServerMessages['mailed']): void {
  const found = findPending(state, id);
  if (found?.tab.kind !== 'person' || state.self === undefined) return;
  const { tab, pending } = found;
  stored(state, env, id);
  place(tab, { from: state.self.name, body: pending.text, time, id });
  if (kept && !tab.inner.kept) notice(tab, env, `${to} is not here: what you write is kept until ${to} is back`);
  tab.inner.kept = kept;
}

function announced(state: State, env: Env, { from, body, time }: Mail): Effect[] {
  // An old one stands where it is read, not where it would be looked for.
  const said = unixMs(time - state.clockOffset);
  for (const { log } of new Set([activeTab(state), lobbyOf(state)])) log.announcement(env.now, said, from, body);
  return ring(state, env);
}

/** Somebody's messages are no longer left out: what came meanwhile comes now. */
export function takeAside(state: State, env: Env): Effect[] {
  const { mail } = state.inner;
  const now = mail.aside.filter(({ from }) => !isIgnored(state.ignored, from));
  if (now.length === 0) return [];
  mail.aside = mail.aside.filter((message) => !now.includes(message));
  return now.flatMap((message) => incoming(state, env, { ...message, n: NO_SEQ }, NO_SEQ));
}

/** Up to where all mail has been seen. */
function seenUpTo(state: State): Seq {
  let upTo = state.inner.mail.last;
  for (const { inner } of personTabs(state)) {
    if (inner.unseenAfter !== undefined && inner.unseenAfter < upTo) upTo = inner.unseenAfter;
  }
  return upTo;
}

/** Tells at once what the server may forget. */
export function tellReceived(state: State): Effect[] {
  const { mail } = state.inner;
  const n = seenUpTo(state);
  mail.dueAt = undefined;
  if (!isOnline(state) || n <= mail.told) return [];
  mail.told = n;
  return [{ do: 'send', message: { type: 'received', n } }];
}

/** Nobody sits at the keys: what is on the screen is seen when somebody is back. */
const isAway = ({ self, people }: State): boolean => self !== undefined && people.get(self.name)?.state === 'away';

/** The same, after a while. Called after every event. */
export function acknowledge(state: State, env: Env): Effect[] {
  const { mail } = state.inner;
  if (!isOnline(state) || isAway(state) || seenUpTo(state) <= mail.told) {
    mail.dueAt = undefined;
    return [];
  }
  mail.dueAt ??= env.mono + TELL_AFTER_MS;
  return mail.dueAt <= env.mono ? tellReceived(state) : [];
}

export const mailWake = ({ inner: { mail } }: State): number | undefined => mail.dueAt;

/** People with a tab: whom one writes to in private. */
export const partners = (state: State): UserName[] => personTabs(state).map(({ person }) => person);
