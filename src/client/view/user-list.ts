/** Who is here, away, and gone: the column at the right. */

import { shortDuration } from '../../base/duration.ts';
import type { UnixMs, UserName } from '../../base/ids.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import { padEnd, truncate } from '../../base/text/wrap.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import { isAlsoNear, sharedNames, tellingKey } from '../core/lan-people.ts';
import { activeTab } from '../core/lookup.ts';
import { reaches } from '../core/reaches.ts';
import type { Person, State, Tab } from '../core/state.ts';
import type { Row, Run } from './cells.ts';
import { geometryOf } from './geometry.ts';
import { nameRole } from './log-rows.ts';
import { clip, fit, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

const STATES = ['online', 'away', 'offline'] as const satisfies readonly PresenceState[];
const TITLES: Readonly<Record<PresenceState, string>> = { online: 'here', away: 'away', offline: 'gone' };
/** Without the server nobody knows who is here now. */
const LAST_TITLES: Readonly<Record<PresenceState, string>> = {
  online: 'was here',
  away: 'was away',
  offline: 'gone',
};

const plain = (name: UserName): string => name.replace(/^~/, '').toLowerCase();

/** By name, whoever vouches for it; those who are gone, the latest first. */
function compare(a: Person, b: Person): number {
  if (a.state === 'offline' && a.since !== b.since) return b.since - a.since;
  return plain(a.name) < plain(b.name) ? -1 : plain(a.name) > plain(b.name) ? 1 : a.name < b.name ? -1 : 1;
}

const RANK: Readonly<Record<PresenceState, number>> = { online: 0, away: 1, offline: 2 };

/** The order of the list from its top. */
const inOrder = (a: Person, b: Person): number => RANK[a.state] - RANK[b.state] || compare(a, b);

/** The first so many of many, in an order: only those that can be shown are sorted. */
class Nearest {
  readonly people: Person[] = [];
  readonly #most: number;
  readonly #order: (a: Person, b: Person) => number;

  constructor(most: number, order: (a: Person, b: Person) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(person: Person): void {
    const { people } = this;
    const last = people.at(-1);
    if (people.length >= this.#most && (last === undefined || this.#order(person, last) > 0)) return;
    let low = 0;
    let high = people.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = people[middle];
      if (other !== undefined && this.#order(other, person) < 0) low = middle + 1;
      else high = middle;
    }
    people.splice(low, 0, person);
    if (people.length > this.#most) people.pop();
  }
}

/** In private, the two who talk; with oneself, one. */
const membersOf = (state: State, tab: Tab): Iterable<UserName> | undefined =>
  tab.kind === 'room' ? tab.members : new Set([tab.person, ...(state.self === undefined ? [] : [state.self.name])]);

function* peopleOf(state: State, tab: Tab): Iterable<Person> {
  const members = membersOf(state, tab);
  if (members === undefined) {
    yield* state.people.values();
    return;
  }
  for (const name of members) {
    const person = state.people.get(name);
    if (person !== undefined) yield person;
  }
}

function note(state: State, { name, state: presence, since }: Person, now: UnixMs): string {
  if (name === state.self?.name) return 'you';
  if (state.ignored.blocked.has(name)) return 'blocked';
  if (state.ignored.muted.has(name)) return 'muted';
  if (presence === 'online') return '';
  if (presence === 'offline' && dayOf(since) === dayOf(now)) return clockTime(since);
  // By the server's clock, which counts from its own idea of now.
  return shortDuration(now + state.clockOffset - since);
}

/** With what a list is drawn. */
interface Look {
  readonly now: UnixMs;
  readonly signs: Signs;
  /** Whether it is known who is here now: that is told by the server, or by the local network beside it. */
  readonly isKnown: boolean;
  /** Names that several have. */
  readonly shared: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Who is told apart by their key, or met on the local network, too, and what else there is to say. Where the column is narrow
 * the name is worth more than the key, which `/who` tells.
 */
function noteOf(state: State, person: Person, width: number, { now, signs, shared }: Look): string {
  const key = tellingKey(state, person, shared);
  const near = isAlsoNear(state, person) ? signs.near : undefined;
  const rest = [near, note(state, person, now)].filter((word) => word !== undefined && word !== '');
  const all = (key === undefined ? rest : [key, ...rest]).join(' ');
  return person.name.length + 1 + all.length <= width ? all : rest.join(' ');
}

function personRow(state: State, person: Person, width: number, look: Look): Row {
  const { signs } = look;
  const words = noteOf(state, person, width - 2, look);
  const room = width - 2 - (words === '' ? 0 : words.length + 1);
  const name = padEnd(truncate(person.name, room, signs.ellipsis), Math.max(0, room));
  const { isKnown } = look;
  const dimmed = person.state === 'offline' || !isKnown;
  return [
    run(`${isKnown ? signs[person.state] : '?'} `, isKnown ? person.state : 'dim'),
    run(name, dimmed ? 'dim' : nameRole(state, person.name)),
    ...(words === '' ? [] : [run(` ${words}`, 'dim')]),
  ];
}

/** The people around the selected one, or those at the top; `start`: how many come before the first of them. */
interface Around {
  readonly people: readonly Person[];
  readonly start: number;
  readonly total: number;
  readonly counts: Readonly<Record<PresenceState, number>>;
  /** Index into `people`. */
  readonly selected: number | undefined;
}

function around(state: State, tab: Tab, most: number): Around {
  const everybody = [...peopleOf(state, tab)];
  const anchor = everybody.find(({ name }) => name === state.selected);
  const counts: Record<PresenceState, number> = { online: 0, away: 0, offline: 0 };
  const before = new Nearest(most, (a, b) => inOrder(b, a));
  const after = new Nearest(most, inOrder);
  let start = 0;
  for (const person of everybody) {
    counts[person.state] += 1;
    const isBefore = anchor !== undefined && inOrder(person, anchor) < 0;
    if (isBefore) start += 1;
    (isBefore ? before : after).add(person);
  }
  const above = before.people.toReversed();
  return {
    people: [...above, ...after.people],
    start: start - above.length,
    total: everybody.length,
    counts,
    selected: anchor === undefined ? undefined : above.length,
  };
}

/** Rows of the people from `from` to before `to` (indexes into `people`), with titles and what says that there are more. */
function cost({ people, start, total }: Around, from: number, to: number): number {
  const states = new Set(people.slice(from, to).map((person) => person.state));
  return (start + from > 0 ? 1 : 0) + states.size + (to - from) + (start + to < total ? 1 : 0);
}

/** Which of them are shown: from the top, unless the selected one is further down; then it stands in the middle. */
function windowOf(list: Around, height: number): { readonly from: number; readonly to: number } {
  const { people, selected } = list;
  let to = 0;
  if (list.start === 0) {
    while (to < people.length && cost(list, 0, to + 1) <= height) to += 1;
    if (selected === undefined || selected < to) return { from: 0, to };
  }
  let from = selected ?? 0;
  to = from + 1;
  for (let grown = true; grown; ) {
    grown = false;
    if (from > 0 && cost(list, from - 1, to) <= height) {
      from -= 1;
      grown = true;
    }
    if (to < people.length && cost(list, from, to + 1) <= height) {
      to += 1;
      grown = true;
    }
  }
  return { from, to };
}

/** A row of the list; what it is about decides both how it is drawn and what a click on it means. */
type Line =
  | { readonly kind: 'blank' }
  | { readonly kind: 'title'; readonly state: PresenceState; readonly count: number }
  | { readonly kind: 'more'; readonly count: number }
  | { readonly kind: 'person'; readonly person: Person };

function linesOf(state: State, tab: Tab, height: number): Line[] {
  if (height <= 0) return [];
  const list = around(state, tab, height);
  const { people, start, total, counts } = list;
  const { from, to } = windowOf(list, height);
  const groups = STATES.filter((each) => counts[each] > 0).length;
  const airy = total + 2 * groups - 1 <= height;
  const lines: Line[] = [];
  if (start + from > 0) lines.push({ kind: 'more', count: start + from });
  let last: PresenceState | undefined;
  for (const person of people.slice(from, to)) {
    if (person.state !== last) {
      if (last !== undefined && airy) lines.push({ kind: 'blank' });
      lines.push({ kind: 'title', state: person.state, count: counts[person.state] });
    }
    last = person.state;
    lines.push({ kind: 'person', person });
  }
  if (start + to < total) lines.push({ kind: 'more', count: total - start - to });
  return lines.slice(0, height);
}

/** Exactly `width` cells, of which the first is for the sign of the selected one. */
function lineRow(state: State, line: Line, width: number, look: Look): Row {
  const beside = (row: Row): Row => fit([spaces(1), ...clip(row, width - 2)], width);
  switch (line.kind) {
    case 'blank':
      return [spaces(width)];
    case 'title':
      return beside([run(`${(look.isKnown ? TITLES : LAST_TITLES)[line.state]} ${line.count}`, 'dim')]);
    case 'more':
      return beside([run(`+${line.count} more`, 'dim')]);
    case 'person': {
      const row = beside(personRow(state, line.person, width - 2, look));
      if (line.person.name !== state.selected) return row;
      return [
        run(look.signs.selected, 'selection'),
        ...row.slice(1).map((each): Run => ({ ...each, role: 'selection' })),
      ];
    }
  }
}

/** `height` rows of exactly `width` cells, the border at the left with them. */
export function userList(state: State, tab: Tab, now: UnixMs, width: number, height: number, signs: Signs): Row[] {
  const lines = linesOf(state, tab, height);
  const border = run(signs.vertical, 'border');
  const shared = state.lan === undefined ? NONE : sharedNames(state);
  const isKnown = reaches(state, tab.kind === 'room' ? tab.room : tab.person);
  const look: Look = { now, signs, shared, isKnown };
  return Array.from({ length: height }, (_, index) =>
    fit([border, ...lineRow(state, lines[index] ?? { kind: 'blank' }, width - 1, look)], width),
  );
}

/**
 * Whose row of the list is drawn there.
 * @param x cells from the screen's left, from 0; @param y rows from its top.
 */
export function personAt(state: State, x: number, y: number): UserName | undefined {
  if (state.overlay !== undefined) return undefined;
  const tab = activeTab(state);
  const { columns, listWidth, listTop, listHeight } = geometryOf(state, tab);
  if (listWidth === 0 || x < columns - listWidth || x >= columns) return undefined;
  if (y < listTop || y >= listTop + listHeight) return undefined;
  const line = linesOf(state, tab, listHeight)[y - listTop];
  return line?.kind === 'person' ? line.person.name : undefined;
}

/**
 * Who stands `by` rows below the selected one in the list (negative: above), at most the last or the first; where nobody
 * is selected, the first, or with a negative `by` the last. Undefined: the list is empty.
 */
export function personBeside(state: State, by: number): UserName | undefined {
  const { people, selected } = around(state, activeTab(state), Math.max(1, Math.abs(by)) + 1);
  if (selected !== undefined) return people[Math.max(0, Math.min(people.length - 1, selected + by))]?.name;
  if (by >= 0) return people[0]?.name;
  return [...peopleOf(state, activeTab(state))].reduce<Person | undefined>(
    (last, person) => (last === undefined || inOrder(person, last) > 0 ? person : last),
    undefined,
  )?.name;
}
