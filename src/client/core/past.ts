/**
 * What was said before, from the encrypted log on this device, a page at a time: in a person's tab it stands in front of
 * what has come since this program began.
 */
import { NO_SEQ, type Seq } from '../../base/ids.ts';
import type { PrivateEvent } from '../../peer/private.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import { farFailed } from './far.ts';
import { farPastCame } from './far-page.ts';
import { activeTab, hint, keyFor, personTabOf, personTabs } from './lookup.ts';
import { MAX_LOG_ENTRIES_READING, OWN_PLACES_FROM } from './message-log.ts';
import { logUnavailable, tell } from './messenger.ts';
import { placeInLog, placeInTab } from './places.ts';
import type { PersonTab, State } from './state.ts';

/** Messages of a page that comes by itself. */
export const PAGE = 100;
/** Messages that a command may ask for at once. */
export const MAX_PAGE = 500;

/** Asks what is to be known of whoever has a tab: how far their keys are trusted, and the last page. Called after every event. */
export function fillPersons(state: State): void {
  if (state.self === undefined) return;
  const { kind } = state.privates;
  for (const tab of personTabs(state)) {
    if ((kind === 'available' || kind === 'locked') && !tab.inner.trustAsked) {
      tab.inner.trustAsked = true;
      tell(state, { do: 'trust', user: tab.person });
    }
    if (kind === 'available' && tab.inner.past.kind === 'unread') askPage(state, tab, undefined, PAGE, false);
  }
}

function askPage(state: State, tab: PersonTab, before: number | undefined, limit: number, show: boolean): void {
  tab.inner.past = { kind: 'asked', before, limit, first: tab.log.first, show };
  tab.log.older = 'loading';
  tell(state, { do: 'history', user: tab.person, limit, ...(before === undefined ? {} : { before }) });
}

/** The page before the oldest that is here; undefined is the log's end. */
const before = ({ log }: PersonTab): number | undefined =>
  log.first < OWN_PLACES_FROM ? placeInLog(log.first) : undefined;

/** For somebody who reads back. @param limit messages. @param show a command has asked. */
export function askPast(state: State, tab: PersonTab, limit = PAGE, show = false): void {
  const { log, inner } = tab;
  if (inner.past.kind === 'asked') return;
  const why = logUnavailable(state);
  if (log.older === 'none') {
    if (show) hint(state, `there is nothing older with ${tab.person}`);
  } else if (why !== undefined) hint(state, why);
  else if (log.entries.length >= MAX_LOG_ENTRIES_READING) {
    hint(state, `${MAX_LOG_ENTRIES_READING} lines are held here: go to the end and come back to read on`);
  } else askPage(state, tab, before(tab), limit, show);
}

/** A page has come. */
export function pastCame(state: State, event: Extract<PrivateEvent, { type: 'history' }>): void {
  const { person, records, more } = event;
  const tab = personTabOf(state, person);
  if (tab === undefined || tab.inner.past.kind !== 'asked') return;
  const asked = tab.inner.past;
  const { log } = tab;
  if (asked.far !== undefined) {
    tab.inner.past = { kind: 'read' };
    farPastCame(state, tab, asked.far, records.map(entryOf), more);
    return;
  }
  tab.inner.past = { kind: 'read' };
  // The log may have lost its oldest lines meanwhile: then this page no longer touches it.
  if (log.first !== asked.first) {
    log.older = 'more';
    return;
  }
  const here = placesOf(tab, state.self?.name);
  const fresh = records.filter((record) => !here.has(keyOf(record)));
  const first = records[0]?.at;
  log.older = more && records.length > 0 ? 'more' : 'none';
  // All of it has come since this program began: what is before it is asked for.
  const onward = first !== undefined && first < (asked.before ?? Number.POSITIVE_INFINITY);
  if (fresh.length === 0 && log.older === 'more' && onward) {
    askPage(state, tab, first, asked.limit, asked.show);
    return;
  }
  if (isMixed(records, here)) takeOver(tab, records, here);
  else log.prepend(fresh.map(entryOf));
  // Lines are told, and nothing else is needed.
  if (asked.show && tab === activeTab(state) && !state.lines) {
    hint(
      state,
      fresh.length === 0
        ? `there is nothing older with ${person}`
        : `${count(fresh.length)}: ${keyFor(state, 'page-up')} shows them`,
    );
  }
}

type Records = Extract<PrivateEvent, { type: 'history' }>['records'];

const keyOf = ({ from, id }: Pick<Records[number], 'from' | 'id'>): string => `${from} ${id}`;

const entryOf = ({ at, reAt, id, from, text, time, edited, deleted, reactions }: Records[number]): HistoryEntry => ({
  seq: placeInTab(at),
  id,
  from,
  text,
  time,
  ...(reAt === undefined ? {} : { re: placeInTab(reAt) }),
  ...(edited === undefined ? {} : { edited }),
  ...(deleted === undefined ? {} : { deleted }),
  ...(reactions === undefined ? {} : { reactions }),
});

/** What is here, by author and id, and where. A message of ours that is still on its way may be in the log already. */
function placesOf({ log, pending }: PersonTab, own = ''): Map<string, Seq | undefined> {
  const places = new Map<string, Seq | undefined>();
  for (const { id } of pending) places.set(`${own} ${id}`, undefined);
  for (const entry of log.entries) {
    if (entry.kind === 'message' && entry.id !== undefined) places.set(`${entry.from} ${entry.id}`, entry.seq);
  }
  return places;
}

type Places = ReturnType<typeof placesOf>;

/**
 * Whether something that isn't here stands behind something that is: mail that nobody had looked at comes again when the
 * program does, and what was answered to it meanwhile is in the log alone.
 */
function isMixed(records: Records, here: Places): boolean {
  const first = records.findIndex((record) => here.get(keyOf(record)) !== undefined);
  return first >= 0 && records.slice(first).some((record) => !here.has(keyOf(record)));
}

/** Then the order is the log's; what is here and older than the page is in the log, too, and comes with the next one. */
function takeOver(tab: PersonTab, records: Records, here: Places): void {
  const { log, unreadFrom } = tab;
  const places = records.map((record) => ({ record, seq: here.get(keyOf(record)), isHere: here.has(keyOf(record)) }));
  const upTo = places.reduce((last, { seq }) => (seq !== undefined && seq > last ? seq : last), NO_SEQ);
  log.dropUpTo(upTo);
  // All but what is on its way.
  log.prepend(places.flatMap(({ record, seq, isHere }) => (isHere && seq === undefined ? [] : [entryOf(record)])));
  if (unreadFrom === undefined || unreadFrom > upTo) return;
  const unread = places.find(({ seq }) => seq !== undefined && seq >= unreadFrom);
  tab.unreadFrom = unread === undefined ? log.first : placeInTab(unread.record.at);
}

const count = (messages: number): string => `${messages} older ${messages === 1 ? 'message' : 'messages'}`;

/** It couldn't be had, or is no more: it is asked for when it can be. */
export function pastUnknown(tab: PersonTab): void {
  farFailed(tab);
  if (tab.inner.past.kind === 'asked' && tab.inner.past.far === undefined) tab.log.older = 'unknown';
  tab.inner.past = { kind: 'unread' };
}

/** It couldn't be had this time. */
export function pastFailed(tab: PersonTab): void {
  if (tab.inner.past.kind !== 'asked') return;
  const { far } = tab.inner.past;
  farFailed(tab);
  if (far === undefined) tab.log.older = 'more';
  tab.inner.past = { kind: 'read' };
}

/** All of it has been removed. */
export function pastForgotten(tab: PersonTab): void {
  tab.far = undefined;
  tab.seeking = undefined;
  tab.log.reset();
  tab.scroll = { kind: 'tail' };
  tab.unread = 0;
  tab.mentioned = false;
  tab.unreadFrom = undefined;
  tab.inner.line = 'unseen';
  tab.inner.past = { kind: 'read' };
  tab.log.older = 'none';
}
