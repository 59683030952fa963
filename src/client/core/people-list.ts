/** A list of people as the lines of an answer. */
import { shortDuration } from '../../base/duration.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Env } from './event.ts';
import { serverNow } from './lookup.ts';
import type { Person, State } from './state.ts';

/** Lines of the answer: more is no list that a person reads. */
export const MAX_PEOPLE_SHOWN = 200;

const RANK: Readonly<Record<PresenceState, number>> = { online: 0, away: 1, offline: 2 };

/** How many there are, and a line for each: name, state, and since when. */
export function peopleList(state: State, env: Env, everybody: Iterable<Person>): string {
  const people = [...everybody].toSorted((a, b) => RANK[a.state] - RANK[b.state] || (a.name < b.name ? -1 : 1));
  const shown = people.slice(0, MAX_PEOPLE_SHOWN);
  const width = Math.max(...shown.map(({ name }) => name.length), 0);
  const now = serverNow(state, env);
  const line = ({ name, state: is, since }: Person): string => {
    const you = name === state.self?.name ? '  (you)' : '';
    return `${name.padEnd(width)}  ${is.padEnd(7)}  since ${shortDuration(now - since)}${you}`;
  };
  const count = (is: PresenceState): number => people.filter((person) => person.state === is).length;
  const head = `${count('online')} online, ${count('away')} away, ${count('offline')} offline`;
  const rest = people.length > shown.length ? [`and ${people.length - shown.length} more`] : [];
  return [head, ...shown.map(line), ...rest].join('\n');
}
