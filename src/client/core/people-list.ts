/** A list of people as the lines of an answer. */
import { shortDuration } from '../../base/duration.ts';
import type { UnixMs, UserName } from '../../base/ids.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Env } from './event.ts';
import { isAlsoNear, keyGroup } from './lan-people.ts';
import { isOnline, serverNow } from './lookup.ts';
import type { Person, State } from './state.ts';

/** Lines of the answer: more is no list that a person reads. */
export const MAX_PEOPLE_SHOWN = 200;

const RANK: Readonly<Record<PresenceState, number>> = { online: 0, away: 1, offline: 2 };

const whenLost = (at: UnixMs, env: Env): string =>
  `${dayOf(at) === dayOf(env.now) ? '' : `${dayOf(at)} `}${clockTime(at)}, when the connection was lost`;

/** By which key somebody is known on the local network: the beginning of its fingerprint, as `/dhkey` shows it whole. */
function nearWords(state: State, person: Person): string {
  const group = keyGroup(state, person);
  if (group === undefined) return '';
  return `, ${isAlsoNear(state, person) ? 'on your local network, too, ' : ''}key ${group}`;
}

/** `bob: online since 5s`; of somebody who isn't known, undefined. */
export function presenceOf(state: State, env: Env, name: UserName): string | undefined {
  const person = state.people.get(name);
  if (person === undefined) return undefined;
  const lostAt = isOnline(state) ? undefined : state.inner.lostAt;
  const now = lostAt === undefined ? serverNow(state, env) : lostAt + state.clockOffset;
  const as = lostAt === undefined ? '' : `, as of ${whenLost(lostAt, env)}`;
  const you = name === state.self?.name ? ' (you)' : '';
  return `${name}${you}: ${person.state} since ${shortDuration(now - person.since)}${as}${nearWords(state, person)}`;
}

/** How many there are, and a line for each: name, state, and since when. */
export function peopleList(state: State, env: Env, everybody: Iterable<Person>): string {
  const people = [...everybody].toSorted((a, b) => RANK[a.state] - RANK[b.state] || (a.name < b.name ? -1 : 1));
  const shown = people.slice(0, MAX_PEOPLE_SHOWN);
  const width = Math.max(...shown.map(({ name }) => name.length), 0);
  // Who is here now, nobody knows without the server: what was known last is told as such.
  const lostAt = isOnline(state) ? undefined : state.inner.lostAt;
  const now = lostAt === undefined ? serverNow(state, env) : lostAt + state.clockOffset;
  const line = (person: Person): string => {
    const { name, state: is, since } = person;
    const you = name === state.self?.name ? '  (you)' : '';
    return `${name.padEnd(width)}  ${is.padEnd(7)}  since ${shortDuration(now - since)}${nearWords(state, person)}${you}`;
  };
  const count = (is: PresenceState): number => people.filter((person) => person.state === is).length;
  const as = lostAt === undefined ? '' : `as of ${whenLost(lostAt, env)}: `;
  const head = `${as}${count('online')} online, ${count('away')} away, ${count('offline')} offline`;
  const rest = people.length > shown.length ? [`and ${people.length - shown.length} more`] : [];
  return [head, ...shown.map(line), ...rest].join('\n');
}
