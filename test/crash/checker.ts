/**
 * Whether the promises were kept: every acknowledged message is there once, in one order for all; nothing that anybody has
 * seen is gone or another; nothing was shown as sent that nobody had acknowledged; and no change is undone.
 */
import { checkChanges } from './check-changes.ts';
import { checkMail } from './check-mail.ts';
import { checkStreams } from './check-streams.ts';
import { type Report, reactionsOf } from './report.ts';
import type { Entry, Observation, Screen, Stored, Violation, ViolationKind } from './trace.ts';

export interface Options {
  /**
   * Each author's messages stand in the order in which they were written. Not where the server refused some for now: what
   * is sent again may come after what was written later.
   */
  readonly writersOrder: boolean;
}

/** Violations of one kind that are told; one cause has many. */
const MOST_OF_A_KIND = 5;

export function check(
  trace: readonly Observation[],
  stored: Stored,
  screens: readonly Screen[],
  options: Options = { writersOrder: true },
): Violation[] {
  const found = new Map<ViolationKind, string[]>();
  const report: Report = (kind, text) => {
    const texts = found.get(kind) ?? [];
    found.set(kind, texts);
    if (!texts.includes(text)) texts.push(text);
  };
  checkStored(stored, report);
  const asked = checkMessages(trace, stored, report, options);
  checkClaims(trace, report);
  checkStreams(trace, report);
  checkChanges(trace, stored, report);
  checkScreens(screens, stored, report);
  checkMail(trace, stored, report);
  checkDropped(trace, asked, screens, report);
  return Array.from(found, ([kind, texts]) => {
    const told = texts.slice(0, MOST_OF_A_KIND).join('; ');
    const more = texts.length > MOST_OF_A_KIND ? `; and ${texts.length - MOST_OF_A_KIND} more` : '';
    return { kind, text: told + more };
  });
}

const nameOf = ({ from, id, text }: Entry): string => `${from} ${id ?? `"${text.slice(0, 40)}"`}`;
const isSame = (a: Entry, b: Entry): boolean => a.from === b.from && a.id === b.id;

/** Places are 1, 2, 3 … and nothing stands there twice. */
function checkStored({ rooms }: Stored, report: Report): void {
  const seen = new Map<string, string>();
  for (const [room, { last, entries }] of rooms) {
    for (const [i, entry] of entries.entries()) {
      if (entry.seq !== i + 1) report('gap', `${room} has ${entry.seq} where ${i + 1} should be`);
      if (entry.id === undefined) continue;
      const key = `${entry.from} ${entry.id}`;
      const before = seen.get(key);
      if (before !== undefined) report('doubled', `${key} is ${before} and ${room} ${entry.seq}`);
      seen.set(key, `${room} ${entry.seq}`);
    }
    if (last !== entries.length) report('gap', `${room} says it ends at ${last}, and has ${entries.length}`);
  }
}

interface Asked {
  readonly room: string;
  readonly text: string;
  readonly who: string;
}

/** What was acknowledged or seen is there, in that place, and says what was written. */
function checkMessages(
  trace: readonly Observation[],
  { rooms }: Stored,
  report: Report,
  { writersOrder }: Options,
): Map<string, Asked> {
  const asked = new Map<string, Asked>();
  const places = new Map<string, { readonly room: string; readonly seq: number }>();
  for (const [room, { entries }] of rooms)
    for (const { from, id, seq } of entries) if (id !== undefined) places.set(`${from} ${id}`, { room, seq });
  const at = (room: string, seq: number): Entry | undefined => rooms.get(room)?.entries[seq - 1];
  const seen = (who: string, room: string, entry: Entry): void => {
    const now = at(room, entry.seq);
    if (now !== undefined && isSame(now, entry)) return;
    const place = entry.id === undefined ? undefined : places.get(`${entry.from} ${entry.id}`);
    if (place === undefined) report('shown and missing', `${who} saw ${nameOf(entry)} in ${room} ${entry.seq}`);
    else report('two orders', `${who} saw ${nameOf(entry)} in ${room} ${entry.seq}: it is ${place.room} ${place.seq}`);
  };
  /** Of each author and room, where what they wrote last stands. */
  const written = new Map<string, number>();
  for (const one of trace) {
    if (one.kind === 'heard' || one.kind === 'shown') seen(one.who, one.room, one.entry);
    else if (one.kind === 'read') for (const entry of one.entries) seen(one.who, one.room, entry);
    else if (one.kind === 'acked') {
      const place = places.get(`${one.as} ${one.id}`);
      if (place === undefined) report('acknowledged and missing', `${one.as} ${one.id} of ${one.room} ${one.seq}`);
      else if (place.room !== one.room || place.seq !== one.seq)
        report('two orders', `${one.id} was acknowledged as ${one.room} ${one.seq}: it is ${place.room} ${place.seq}`);
    } else if (one.kind === 'asked') {
      const key = `${one.as} ${one.id}`;
      asked.set(key, { room: one.room, text: one.text, who: one.who });
      const place = places.get(key);
      if (place === undefined) continue;
      const own = `${one.who} ${one.room}`;
      const before = written.get(own) ?? 0;
      written.set(own, place.seq);
      if (writersOrder && before > place.seq)
        report('reordered', `${one.who} wrote ${one.room} ${place.seq} after ${before}`);
    }
  }
  checkTexts(trace, rooms, asked, report);
  return asked;
}

/** A live message says what was written, and all that is stored was written by somebody. */
function checkTexts(
  trace: readonly Observation[],
  rooms: Stored['rooms'],
  asked: ReadonlyMap<string, Asked>,
  report: Report,
): void {
  for (const one of trace) {
    if (one.kind !== 'heard') continue;
    const written = asked.get(`${one.entry.from} ${one.entry.id}`);
    if (written !== undefined && written.text !== one.entry.text)
      report('text changed', `${one.who} heard "${one.entry.text.slice(0, 40)}" for ${nameOf(one.entry)}`);
  }
  for (const [room, { entries }] of rooms) {
    for (const entry of entries) {
      const written = asked.get(`${entry.from} ${entry.id}`);
      if (written === undefined || written.room !== room) report('invented', `${room} ${entry.seq}, ${nameOf(entry)}`);
      else if (entry.rev === 0 && entry.text !== written.text)
        report('text changed', `${room} ${entry.seq} says "${entry.text.slice(0, 40)}", ${nameOf(entry)}`);
    }
  }
}

/** A client may show its message as sent when the server has said so: by `ack`, or by showing it. */
function checkClaims(trace: readonly Observation[], report: Report): void {
  const proven = new Set<string>();
  for (const one of trace) {
    const prove = (entry: Entry): void => {
      if (entry.from === one.as && entry.id !== undefined) proven.add(`${one.who} ${entry.id}`);
    };
    if (one.kind === 'acked') proven.add(`${one.who} ${one.id}`);
    else if (one.kind === 'heard') prove(one.entry);
    else if (one.kind === 'read') for (const entry of one.entries) prove(entry);
    else if (one.kind === 'claimed' && !proven.has(`${one.who} ${one.id}`))
      report('unacknowledged shown as sent', `${one.id}, by ${one.who}`);
  }
}

/** What was written is there, was refused in so many words, or is still shown as unsent. */
function checkDropped(
  trace: readonly Observation[],
  asked: ReadonlyMap<string, Asked>,
  screens: readonly Screen[],
  report: Report,
): void {
  const settled = new Set<string>();
  for (const one of trace) {
    if (one.kind === 'acked' || one.kind === 'refused' || one.kind === 'claimed') settled.add(`${one.as} ${one.id}`);
    if (one.kind === 'read') for (const { from, id } of one.entries) if (from === one.as) settled.add(`${from} ${id}`);
  }
  const open = new Map<string, number>();
  for (const [key, { who }] of asked) if (!settled.has(key)) open.set(who, (open.get(who) ?? 0) + 1);
  for (const [who, count] of open) {
    const unsent = screens.reduce((sum, screen) => sum + (screen.who === who ? screen.unsent : 0), 0);
    if (unsent < count) report('dropped silently', `${count - unsent} messages of ${who}`);
  }
}

const isEqual = (a: Entry, b: Entry | undefined): boolean =>
  b !== undefined &&
  isSame(a, b) &&
  a.text === b.text &&
  (a.deleted ?? false) === (b.deleted ?? false) &&
  reactionsOf(a) === reactionsOf(b);

/** What a client shows at the end is a piece of what is stored, up to its end, and as it is now. */
function checkScreens(screens: readonly Screen[], { rooms }: Stored, report: Report): void {
  for (const { who, room, entries, whole } of screens) {
    const truth = rooms.get(room);
    for (const [i, entry] of entries.entries()) {
      const before = entries[i - 1];
      if (before !== undefined && entry.seq <= before.seq)
        report(
          entry.seq === before.seq ? 'doubled' : 'reordered',
          `${who} shows ${room} ${entry.seq} below ${before.seq}`,
        );
      else if (before !== undefined && entry.seq !== before.seq + 1)
        report('gap', `${who} shows nothing between ${room} ${before.seq} and ${entry.seq}`);
      const now = truth?.entries[entry.seq - 1];
      if (now === undefined || !isSame(now, entry))
        report('shown and missing', `${who} shows ${nameOf(entry)} in ${room} ${entry.seq}`);
      else if (!isEqual(entry, now)) report('text changed', `${who} shows ${room} ${entry.seq} as it is no more`);
    }
    const end = entries.at(-1)?.seq ?? 0;
    if (whole && end !== (truth?.last ?? 0)) report('gap', `${who} shows ${room} up to ${end} of ${truth?.last ?? 0}`);
  }
}
