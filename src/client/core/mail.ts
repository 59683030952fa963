/** Private messages that wait for whoever isn't here, as the messenger has opened or sealed them, and announcements. */
import {
  type ClientId,
  NO_SEQ,
  ownPlace,
  type Seq,
  seqAfter,
  type UnixMs,
  type UserName,
  unixMs,
} from '../../base/ids.ts';
import type { PrivateEvent } from '../../peer/private.ts';
import { guestName, isGuest } from '../../protocol/names.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import type { MailEvent } from './inner.ts';
import { activeTab, chatTabs, hint, lobbyOf, notice, personTabOf, personTabs } from './lookup.ts';
import { announcementCame, sealedCame, sealedOpened } from './mailbox.ts';
import {
  type LogEntry,
  MAX_LOG_ENTRIES,
  MAX_LOG_ENTRIES_READING,
  OWN_PLACES_FROM,
  type Reactions,
} from './message-log.ts';
import { placeOf } from './message-refs.ts';
import { findPending, held, refused, stored } from './outbox.ts';
import type { PersonTab, State, Tab } from './state.ts';
import { openPerson } from './tabs.ts';
import { ring } from './telling.ts';
import { arrived, isInView } from './unread.ts';

/** Mail of people whose messages are left out and who have no tab; beyond it the oldest is forgotten. */
export const MAX_ASIDE = 100;
/** Entries from a log's end among which a message is looked for that may have come before, under its id. */
const KNOWN_IDS_FROM = 1000;

type Event<T extends PrivateEvent['type']> = Extract<PrivateEvent, { type: T }>;

/** As the server sends it: what is sealed is opened by the messenger, and comes again as its event. */
export function receiveMail(state: State, env: Env, message: ServerMessages['mail']): Effect[] {
  switch (message.kind) {
    case 'sealed':
      sealedCame(state, message.n);
      return [];
    case 'announcement':
      return announcementCame(state, message.n) ? announced(state, env, message) : [];
  }
}

type Announcement = Extract<ServerMessages['mail'], { kind: 'announcement' }>;

function announced(state: State, env: Env, { from, body, time }: Announcement): Effect[] {
  // An old one stands where it is read, not where it would be looked for.
  const said = unixMs(time - state.clockOffset);
  for (const { log } of new Set([activeTab(state), lobbyOf(state)])) log.announcement(env.now, said, from, body);
  return ring(state, env);
}

export function mailOpened(state: State, env: Env, event: MailEvent): Effect[] {
  if (!sealedOpened(state, ownPlace(event.n))) return [];
  return event.from === state.self?.name ? copied(state, env, event) : incoming(state, env, event);
}

function incoming(state: State, env: Env, event: MailEvent): Effect[] {
  const { mail } = state.inner;
  const { from, text, time, n } = event;
  const ignored = isIgnored(state.ignored, from);
  if (ignored && personTabOf(state, from) === undefined) {
    mail.aside = [...mail.aside, event].slice(-MAX_ASIDE);
    return [];
  }
  const tab = openPerson(state, env, from);
  if (tab === undefined) {
    notice(lobbyOf(state), env, `in private, from ${from}: ${text}`);
    return ring(state, env);
  }
  const known = find(tab, event);
  // What was in the log of an earlier day and had not been looked at then is news; what came today is not.
  if (known !== undefined && known.seq >= OWN_PLACES_FROM) return [];
  const seq = known?.seq ?? place(tab, { ...event, re: placeOf(tab, event.re) });
  if (n > NO_SEQ && !ignored && event.deleted !== true && !isInView(state, tab)) {
    const before = ownPlace(n - 1);
    const { unseenAfter } = tab.inner;
    if (unseenAfter === undefined || before < unseenAfter) tab.inner.unseenAfter = before;
  }
  // It was taken back before it came: nothing is left to be read.
  return event.deleted === true ? [] : arrived(state, env, tab, { seq, from, text }, time >= mail.since);
}

/** Another terminal of ours has written to somebody; or this one, and the answer was lost with a connection. */
function copied(state: State, env: Env, event: MailEvent): Effect[] {
  stored(state, env, event.id);
  // With ourselves there is no tab.
  const tab = event.to === event.from ? undefined : openPerson(state, env, event.to);
  if (tab !== undefined && find(tab, event) === undefined) place(tab, { ...event, re: placeOf(tab, event.re) });
  return [];
}

interface Said {
  readonly id: ClientId;
  readonly from: UserName;
  readonly text: string;
  readonly time: UnixMs;
  readonly re?: Seq | undefined;
  readonly edited?: UnixMs | undefined;
  readonly deleted?: true | undefined;
  readonly reactions?: Reactions | undefined;
}

type Message = Extract<LogEntry, { kind: 'message' }>;

function find({ log: { entries } }: Tab, { id, from }: Pick<Said, 'id' | 'from'>): Message | undefined {
  for (let i = entries.length - 1; i >= Math.max(0, entries.length - KNOWN_IDS_FROM); i--) {
    const entry = entries[i];
    if (entry?.kind === 'message' && entry.id === id && entry.from === from) return entry;
  }
  return undefined;
}

/** @returns its place, which is the last in the tab. */
export function place({ log, scroll }: Tab, { from, text, time, id, re, edited, deleted, reactions }: Said): Seq {
  const seq = seqAfter(log.last);
  log.append({ seq, from, text, time, id, re, edited, deleted, reactions });
  log.trim(scroll.kind === 'tail' ? MAX_LOG_ENTRIES : MAX_LOG_ENTRIES_READING);
  return seq;
}

/** It has come from somebody, and nobody will ever read it; that is all there is to know of it. */
export function mailLost(state: State, env: Env, { n, from, text }: Event<'lostMail'>): Effect[] {
  if (!sealedOpened(state, ownPlace(n)) || isIgnored(state.ignored, from)) return [];
  // What another device of ours has sent has no tab to stand in.
  if (from === state.self?.name) {
    const what = n > NO_SEQ ? `a message from another device of yours can't be shown: ${text}` : text;
    notice(activeTab(state), env, what, true);
    return [];
  }
  const tab = openPerson(state, env, from);
  const words = n > NO_SEQ ? `a message from ${from} can't be shown: ${text}` : text;
  notice(tab ?? lobbyOf(state), env, tab === undefined ? `in private, from ${from}: ${words}` : words, true);
  return tab === undefined || isInView(state, tab) ? [] : ring(state, env);
}

/** Our mail has reached its mailbox, or a guest. */
export function mailed(state: State, env: Env, { id, to, time, kept }: Event<'mailed'>): void {
  const found = findPending(state, id);
  if (found?.tab.kind !== 'person' || state.self === undefined) return;
  const { tab, pending } = found;
  stored(state, env, id);
  place(tab, { from: state.self.name, text: pending.text, time, id, re: pending.re });
  if (kept && !tab.inner.kept) notice(tab, env, `${to} is not here: what you write is kept until ${to} is back`);
  tab.inner.kept = kept;
  endWait(state, tab);
}

const waitWords = (text: string): string => `waits: ${text}  (/discard forgets it)`;

/** Nobody keeps it for them but ourselves. */
const awayWords = (person: UserName): string =>
  `${person} is not heard: what you write waits here, encrypted, and goes when ${person} is heard again  (/discard forgets it)`;

/** Nothing waits any more, and nothing says so. */
export function endWait(state: State, { inner }: PersonTab): void {
  if (inner.waitsFor !== undefined && state.hint?.text === waitWords(inner.waitsFor)) state.hint = undefined;
  inner.waitsFor = undefined;
}

export function notMailed(state: State, env: Env, event: Event<'notMailed'>): void {
  const { id, code, text, wait } = event;
  const tab = findPending(state, id)?.tab;
  if (tab?.kind !== 'person') return;
  if (!wait) {
    refused(state, env, id, code === 'no_such_user' ? withAdvice(state, tab.person, text) : text);
    return;
  }
  held(state, id);
  // Said once, not for each of many.
  if (tab.inner.waitsFor === text) return;
  tab.inner.waitsFor = text;
  if (code === 'peer_away') {
    notice(tab, env, awayWords(tab.person));
    return;
  }
  const words = waitWords(text);
  if (tab === activeTab(state)) hint(state, words);
  else notice(tab, env, words);
}

/** A guest of that name is another person, so mail goes to them only when their name is written. */
function withAdvice(state: State, person: UserName, text: string): string {
  if (isGuest(person)) return text;
  const guest = guestName(person);
  return state.people.has(guest) ? `${text}; there is a guest: /msg ${guest}` : text;
}

/** Somebody's messages are no longer left out: what came meanwhile comes now. */
export function takeAside(state: State, env: Env): Effect[] {
  const { mail } = state.inner;
  const now = mail.aside.filter(({ from }) => !isIgnored(state.ignored, from));
  if (now.length === 0) return [];
  mail.aside = mail.aside.filter((event) => !now.includes(event));
  return now.flatMap((event) => incoming(state, env, { ...event, n: NO_SEQ }));
}

/** People with a tab: whom one writes to in private. */
export const partners = (state: State): UserName[] => [
  ...personTabs(state).map(({ person }) => person),
  ...chatTabs(state).map(({ person }) => person),
];
