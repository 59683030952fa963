/**
 * Our messages on their way out. Each is kept until it has arrived: to a room the core sends it, again after every
 * reconnect under its id, until the server has stored it; in private the messenger does that.
 */
import type { ClientId, Seq } from '../../base/ids.ts';
import { backOff } from './back-off.ts';
import type { Effect, Env } from './event.ts';
import { replaceText } from './input-line.ts';
import { activeTab, hint, notice, roomOf, roomTabs } from './lookup.ts';
import { refAt } from './message-refs.ts';
import { tell } from './messenger.ts';
import { reaches, reachesAnybody } from './reaches.ts';
import type { Pending, RoomTab, State, Tab } from './state.ts';
import { moveOn } from './unread.ts';

/** Messages of ours without an acknowledgement, in all tabs: what a long line break leaves, and what a screen can show. */
export const MAX_PENDING = 100;
/** Milliseconds until a message that the server refused for now goes out again: at first, and at most. */
const RESEND = { first: 1000, most: 30_000 };
/** Milliseconds until a message goes out again that came too early for a slow room, at most. */
const SLOW_RETRY = 5000;

export const countPending = (state: State): number => state.tabs.reduce((sum, tab) => sum + tab.pending.length, 0);

/** How many are not refused for good: what is lost when the program ends now. */
export const countUnsent = (state: State): number =>
  state.tabs.reduce((sum, tab) => sum + tab.pending.filter(({ state: { kind } }) => kind !== 'refused').length, 0);

/** @returns false where too many wait already: nothing is kept then. */
export function queue(state: State, env: Env, tab: Tab, text: string, re?: Seq): boolean {
  if (countPending(state) >= MAX_PENDING) return false;
  const answers = re === undefined ? {} : { re };
  tab.pending = [...tab.pending, { id: env.newId(), text, time: env.now, ...answers, state: { kind: 'waiting' } }];
  moveOn(tab);
  return true;
}

const withState = (tab: Tab, id: ClientId, next: Pending['state']): void => {
  tab.pending = tab.pending.map((pending) => (pending.id === id ? { ...pending, state: next } : pending));
};

export function findPending(state: State, id: ClientId): { readonly tab: Tab; readonly pending: Pending } | undefined {
  for (const tab of state.tabs) {
    const pending = tab.pending.find((one) => one.id === id);
    if (pending !== undefined) return { tab, pending };
  }
  return undefined;
}

const remove = (tab: Tab, id: ClientId): void => {
  tab.pending = tab.pending.filter((pending) => pending.id !== id);
};

/** It has arrived. */
export function stored(state: State, env: Env, id: ClientId): void {
  const found = findPending(state, id);
  if (found === undefined) return;
  const { tab } = found;
  remove(tab, id);
  if (tab.kind === 'room' && tab.slow > 0) roomOf(state, tab.room).slowUntil = env.mono + tab.slow;
  advance(state, env, id);
}

/** In slow mode: the one under way has come to its end, so the next may go; after the last all go at once again. */
function advance(state: State, env: Env, id: ClientId): void {
  const { outbox } = state.inner;
  if (outbox.kind !== 'slow' || outbox.inFlight !== id) return;
  state.inner.outbox =
    waiting(state).length > 0
      ? { kind: 'slow', inFlight: undefined, retryAt: env.mono, refusals: 0 }
      : { kind: 'open' };
}

/** The messages of a tab that is closed go nowhere. @returns how many were given up. */
export function abandon(state: State, env: Env, tab: Tab): number {
  const given = tab.pending;
  tab.pending = [];
  for (const pending of given) {
    takeBack(state, tab, pending);
    advance(state, env, pending.id);
  }
  return given.length;
}

/** The messenger tries no more. */
function takeBack(state: State, tab: Tab, { id, handed }: Pending): void {
  if (handed === true && tab.kind === 'person') tell(state, { do: 'unmail', id });
}

/** It is tried again, by the messenger. */
export function held(state: State, id: ClientId): void {
  const found = findPending(state, id);
  if (found !== undefined) withState(found.tab, id, { kind: 'waiting' });
}

/** From now on each goes after the one before it has arrived: so they keep their order, however few the server takes at once. */
export function oneByOne(state: State, env: Env): void {
  if (state.inner.outbox.kind === 'open')
    state.inner.outbox = { kind: 'slow', inFlight: undefined, retryAt: env.mono, refusals: 0 };
}

/** The server takes no more for now. */
export function postponed(state: State, env: Env, id: ClientId, text: string): void {
  const found = findPending(state, id);
  if (found === undefined) return;
  withState(found.tab, id, { kind: 'waiting' });
  const { outbox } = state.inner;
  const again = outbox.kind === 'open' || outbox.inFlight === id;
  if (again) {
    const refusals = (outbox.kind === 'slow' ? outbox.refusals : 0) + 1;
    const retryAt = env.mono + backOff(RESEND, refusals, env.random);
    state.inner.outbox = { kind: 'slow', inFlight: undefined, retryAt, refusals };
  }
  hint(state, `${text}: it is sent again by itself, nothing is lost`);
}

/** The room is slow, and somebody of us, perhaps in another terminal, has just written there. */
export function slowed(state: State, env: Env, id: ClientId, text: string): void {
  const found = findPending(state, id);
  if (found === undefined) return;
  const { tab } = found;
  withState(tab, id, { kind: 'waiting' });
  if (tab.kind === 'room') roomOf(state, tab.room).slowUntil = env.mono + Math.min(tab.slow || SLOW_RETRY, SLOW_RETRY);
  advance(state, env, id);
  hint(state, `${text}: it is sent again by itself, nothing is lost`);
}

/** The server will not take it. In a room the text goes back to where it was written, if nothing else is being written there. */
export function refused(state: State, env: Env, id: ClientId, text: string): void {
  const found = findPending(state, id);
  if (found === undefined) return;
  const { tab, pending } = found;
  if (state.lines) withState(tab, id, { kind: 'refused', text });
  else if (tab.draft.text === '' && tab.writing === undefined && tab.kind === 'room') {
    remove(tab, id);
    tab.draft = replaceText(tab.draft, pending.text);
    if (pending.re !== undefined) tab.writing = { kind: 'reply', to: pending.re };
    if (tab === activeTab(state)) hint(state, `not sent: ${text}`, true);
    else notice(tab, env, `not sent: ${text}`, true);
  } else {
    withState(tab, id, { kind: 'refused', text });
    if (tab === activeTab(state)) hint(state, `not sent: ${text}  (/retry sends it again, /discard forgets it)`, true);
  }
  advance(state, env, id);
}

/** Nothing more goes from this tab. */
export function refuseAll(tab: Tab, text: string): void {
  tab.pending = tab.pending.map((pending) =>
    pending.state.kind === 'refused' ? pending : { ...pending, state: { kind: 'refused', text } },
  );
}

const answering = ({ re }: Pending): Pick<Pending, 're'> => (re === undefined ? {} : { re });

/** Sends again what was refused in this tab, as new messages. @returns how many. */
export function retryRefused(env: Env, tab: Tab): number {
  const again = tab.pending.filter((pending) => pending.state.kind === 'refused');
  tab.pending = tab.pending.map((pending) =>
    pending.state.kind === 'refused'
      ? { ...answering(pending), id: env.newId(), text: pending.text, time: env.now, state: { kind: 'waiting' } }
      : pending,
  );
  return again.length;
}

/** Also what waits for a reason that was told, and may wait for long. @returns how many messages were dropped. */
export function discardRefused(state: State, tab: Tab): number {
  const isStuck = tab.inner.waitsFor !== undefined;
  const dropped = tab.pending.filter(({ state: { kind } }) => kind === 'refused' || (isStuck && kind === 'waiting'));
  tab.pending = tab.pending.filter((pending) => !dropped.includes(pending));
  tab.inner.waitsFor = undefined;
  for (const pending of dropped) takeBack(state, tab, pending);
  return dropped.length;
}

/** Without a connection everything waits but what goes straight to whom it is for. */
export function connectionLost(state: State): void {
  state.inner.outbox = { kind: 'open' };
  for (const tab of state.tabs) if (tab.kind !== 'chat') changeAll(tab, 'sending', 'waiting');
}

/** There is a connection again: the messenger goes on by itself. */
export function connectionBack(state: State): void {
  for (const tab of state.tabs) {
    if (tab.kind === 'person' && tab.inner.waitsFor === undefined) changeAll(tab, 'waiting', 'sending');
  }
}

function changeAll(tab: Tab, from: 'sending' | 'waiting', to: 'sending' | 'waiting'): void {
  tab.pending = tab.pending.map((pending) =>
    pending.state.kind === from && (to === 'waiting' || pending.handed === true)
      ? { ...pending, state: { kind: to } }
      : pending,
  );
}

const isWaiting = (pending: Pending): boolean => pending.state.kind === 'waiting';

/** What of a tab may go, oldest first. Where a room is slow, one at a time: so they keep their order. */
function mayLeave(state: State, tab: RoomTab): readonly Pending[] {
  if (tab.pending.length === 0 || !roomOf(state, tab.room).joined) return [];
  if (!isSlow(state, tab)) return tab.pending.filter(isWaiting);
  const isUnderWay = tab.pending.some((pending) => pending.state.kind === 'sending');
  return isUnderWay ? [] : tab.pending.filter(isWaiting).slice(0, 1);
}

/** Also one whose limit nobody has told us of, when it has refused a message of ours. */
const isSlow = (state: State, tab: RoomTab): boolean =>
  (tab.slow > 0 && !state.operator) || roomOf(state, tab.room).slowUntil > Number.NEGATIVE_INFINITY;

const dueAt = (state: State, tab: RoomTab): number =>
  isSlow(state, tab) ? roomOf(state, tab.room).slowUntil : Number.NEGATIVE_INFINITY;

/** What may go as far as its tab is concerned, now or at a time. */
const waiting = (state: State): { readonly tab: RoomTab; readonly pending: Pending }[] =>
  roomTabs(state).flatMap((tab) => mayLeave(state, tab).map((pending) => ({ tab, pending })));

/** Gives the messenger what is for it, once it can know who we are; also without a connection. Called after every event. */
export function handOver(state: State): void {
  if (state.self === undefined) return;
  for (const tab of state.tabs) {
    if (tab.kind === 'room' || !tab.pending.some(isNew)) continue;
    if (tab.kind === 'chat' && tab.status.kind !== 'open') continue;
    const goes = tab.kind === 'chat' || reaches(state, tab.person) ? 'sending' : 'waiting';
    for (const { id, text, re: place } of tab.pending.filter(isNew)) {
      const re = refAt(tab, place);
      const said = { id, text, ...(re === undefined ? {} : { re }) };
      if (tab.kind === 'person') tell(state, { do: 'mail', to: tab.person, ...said });
      else tell(state, { do: 'say', chat: tab.chat, ...said });
    }
    tab.pending = tab.pending.map((pending) =>
      isNew(pending) ? { ...pending, handed: true, state: { kind: goes } } : pending,
    );
  }
}

const isNew = (pending: Pending): boolean => isWaiting(pending) && pending.handed !== true;

/** Sends what may go now. Called after every event. */
export function flush(state: State, env: Env): Effect[] {
  if (!reachesAnybody(state)) return [];
  const effects: Effect[] = [];
  for (const { tab, pending } of waiting(state)) {
    if (dueAt(state, tab) > env.mono) continue;
    if (!mayGo(state, env, pending.id)) break;
    withState(tab, pending.id, { kind: 'sending' });
    const { id, text } = pending;
    effects.push({ do: 'send', message: { type: 'say', id, to: tab.room, text, ...answering(pending) } });
  }
  if (effects.length > 0) {
    // Whoever writes is here: no report of its own is needed.
    state.inner.activity.sentAt = env.mono;
    state.inner.activity.dueAt = undefined;
  }
  return effects;
}

function mayGo(state: State, env: Env, id: ClientId): boolean {
  const { outbox } = state.inner;
  if (outbox.kind === 'open') return true;
  if (outbox.inFlight !== undefined || outbox.retryAt > env.mono) return false;
  state.inner.outbox = { ...outbox, inFlight: id };
  return true;
}

/** Monotonic ms at which a message that was put off may go; undefined where none waits for a time. */
export function outboxWake(state: State): number | undefined {
  const { outbox } = state.inner;
  if (!reachesAnybody(state) || (outbox.kind === 'slow' && outbox.inFlight !== undefined)) return undefined;
  const all = waiting(state);
  if (all.length === 0) return undefined;
  const next = Math.min(...all.map(({ tab }) => dueAt(state, tab)));
  if (outbox.kind === 'slow') return Math.max(next, outbox.retryAt);
  return next > Number.NEGATIVE_INFINITY ? next : undefined;
}
