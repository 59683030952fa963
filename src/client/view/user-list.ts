/** Who is here, away, and gone: the column at the right. */

import { shortDuration } from '../../base/duration.ts';
import type { UnixMs, UserName } from '../../base/ids.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import { padEnd, truncate } from '../../base/text/wrap.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Person, State, Tab } from '../core/state.ts';
import type { Row } from './cells.ts';
import { nameRole } from './log-rows.ts';
import { clip, fit, run, spaces } from './runs.ts';
import type { Signs } from './signs.ts';

const STATES = ['online', 'away', 'offline'] as const satisfies readonly PresenceState[];
const TITLES: Readonly<Record<PresenceState, string>> = { online: 'here', away: 'away', offline: 'gone' };

const plain = (name: UserName): string => name.replace(/^~/, '').toLowerCase();

/** By name, whoever vouches for it; those who are gone, the latest first. */
function compare(a: Person, b: Person): number {
  if (a.state === 'offline' && a.since !== b.since) return b.since - a.since;
  return plain(a.name) < plain(b.name) ? -1 : plain(a.name) > plain(b.name) ? 1 : a.name < b.name ? -1 : 1;
}

/** A list of people of one state: all are counted, only those that can be shown are sorted. */
class Group {
  count = 0;
  readonly shown: Person[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(person: Person): void {
    this.count += 1;
    const last = this.shown.at(-1);
    if (this.shown.length >= this.#most && last !== undefined && compare(person, last) > 0) return;
    let low = 0;
    let high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.shown[middle];
      if (other !== undefined && compare(other, person) < 0) low = middle + 1;
      else high = middle;
    }
    this.shown.splice(low, 0, person);
    if (this.shown.length > this.#most) this.shown.pop();
  }
}

/** In private, the two who talk. */
const membersOf = (state: State, tab: Tab): Iterable<UserName> | undefined =>
  tab.kind === 'room' ? tab.members : [tab.person, ...(state.self === undefined ? [] : [state.self.name])];

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

function personRow(state: State, person: Person, now: UnixMs, width: number, signs: Signs): Row {
  const words = note(state, person, now);
  const room = width - 2 - (words === '' ? 0 : words.length + 1);
  const name = padEnd(truncate(person.name, room, signs.ellipsis), Math.max(0, room));
  const dimmed = person.state === 'offline';
  return [
    run(`${signs[person.state]} `, person.state),
    run(name, dimmed ? 'dim' : nameRole(state, person.name)),
    ...(words === '' ? [] : [run(` ${words}`, 'dim')]),
  ];
}

/** `height` rows of exactly `width` cells, the border at the left with them. */
export function userList(state: State, tab: Tab, now: UnixMs, width: number, height: number, signs: Signs): Row[] {
  const groups: Record<PresenceState, Group> = {
    online: new Group(height),
    away: new Group(height),
    offline: new Group(height),
  };
  for (const person of peopleOf(state, tab)) groups[person.state].add(person);
  const inner = width - 3;
  const filled = STATES.filter((each) => groups[each].count > 0);
  const needed = filled.reduce((sum, each) => sum + 1 + groups[each].count, 0);
  const airy = needed + filled.length - 1 <= height;
  const lines: { readonly row: Row; readonly people: number }[] = [];
  for (const [index, each] of filled.entries()) {
    if (index > 0 && airy) lines.push({ row: [], people: 0 });
    lines.push({ row: [run(`${TITLES[each]} ${groups[each].count}`, 'dim')], people: 0 });
    for (const person of groups[each].shown) {
      lines.push({ row: personRow(state, person, now, inner, signs), people: 1 });
    }
  }
  const total = filled.reduce((sum, each) => sum + groups[each].count, 0);
  const fits = needed <= height;
  let kept = fits ? lines : lines.slice(0, Math.max(0, height - 1));
  // A title with nobody under it says nothing.
  while (!fits && kept.at(-1)?.people === 0) kept = kept.slice(0, -1);
  const hidden = total - kept.reduce((sum, { people }) => sum + people, 0);
  const rows = kept.map(({ row }) => row);
  if (hidden > 0 && height > 0) rows.push([run(`+${hidden} more`, 'dim')]);
  const border = run(signs.vertical, 'border');
  return Array.from({ length: height }, (_, index) =>
    fit([border, spaces(1), ...clip(rows[index] ?? [], inner)], width),
  );
}
