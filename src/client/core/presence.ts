/** Who is here. The first list of a connection is taken as it is; from then on every change is news. */
import type { UserName } from '../../base/ids.ts';
import type { PersonInfo, ServerMessages } from '../../protocol/server-messages.ts';
import type { Effect, Env } from './event.ts';
import { ignore } from './ignore.ts';
import { NOBODY } from './ignored.ts';
import { isOverLan } from './lan-people.ts';
import { lobbyOf } from './lookup.ts';
import { MAX_LOG_ENTRIES, MAX_LOG_ENTRIES_READING } from './message-log.ts';
import { answered, finish } from './requests.ts';
import type { Person, State } from './state.ts';

/** People held, those who were here of late included: far more than share a host. Who left first is forgotten first. */
export const MAX_PEOPLE = 10_000;
/** Names held of one room: as many as there may be people. */
export const MAX_MEMBERS = 10_000;

/** Milliseconds after our own return in which others return from the same outage: a restart of the server empties its list. */
const BACK_WITHIN_MS = 60_000;

/** One frame of the list. */
export function receiveUsers(state: State, env: Env, message: ServerMessages['users']): Effect[] {
  const found = answered(state, message.id, 'who');
  if (found === undefined) return [];
  const { people } = found.purpose;
  for (const person of message.users) {
    // A change that came between two frames is newer than the list.
    const known = people.get(person.name);
    if (known === undefined || known.since <= person.since) put(people, person);
  }
  if (message.more) return [];
  finish(state, found.id);
  if (!state.inner.peopleKnown) state.inner.awaited = missing(state.people, people);
  state.people = people;
  state.inner.peopleKnown = true;
  // It would have said so before it answered.
  return state.inner.ignoredTold ? [] : ignore(state, env, NOBODY);
}

/** Who was here by the list of before, and isn't by the new one. */
function missing(before: ReadonlyMap<UserName, Person>, now: ReadonlyMap<UserName, Person>): Set<UserName> {
  const isHere = (person: Person | undefined): boolean => person !== undefined && person.state !== 'offline';
  const here = [...before.values()].filter((person) => isHere(person) && !isHere(now.get(person.name)));
  return new Set(here.map(({ name }) => name));
}

/** Whoever comes back from an outage that was everybody's is no news: for us they haven't been away. */
const isBack = ({ inner }: State, env: Env, user: UserName): boolean =>
  inner.awaited.delete(user) && env.mono - inner.onlineSince <= BACK_WITHIN_MS;

export function receivePresence(state: State, env: Env, message: ServerMessages['presence']): void {
  const { user, since, device } = message;
  const before = state.people.get(user)?.state ?? 'offline';
  const person: Person = { name: user, state: message.state, since, ...(device === undefined ? {} : { device }) };
  put(state.people, person);
  for (const { purpose } of state.inner.requests.values()) {
    if (purpose.kind === 'who') put(purpose.people, person);
  }
  if (!state.inner.peopleKnown || user === state.self?.name) return;
  const { log, scroll } = lobbyOf(state);
  const news = newsOf(state, person, before);
  if (news === undefined) return;
  const came = news === 'came';
  if (came && isBack(state, env, user)) return;
  if (came) log.event(since, '+', user, 'came');
  else log.event(since, '-', user, message.reason || 'left');
  log.trim(scroll.kind === 'tail' ? MAX_LOG_ENTRIES : MAX_LOG_ENTRIES_READING);
}

/** On the local network a script makes its user be heard, too, and nobody is told of that: they come with the first key. */
function newsOf(state: State, { name, state: now }: Person, before: Person['state']): 'came' | 'left' | undefined {
  const { unseen } = state.inner;
  const wasUnseen = unseen.has(name);
  if (now === 'away' && before === 'offline' && isOverLan(state, name) && unseen.size < MAX_PEOPLE) {
    unseen.add(name);
    return undefined;
  }
  if (now === 'away' && wasUnseen) return undefined;
  unseen.delete(name);
  if (now === 'offline') return before === 'offline' || wasUnseen ? undefined : 'left';
  return before === 'offline' || wasUnseen ? 'came' : undefined;
}

/** Without being news. */
export function putPerson(state: State, person: PersonInfo): void {
  put(state.people, person);
}

function put(people: Map<UserName, Person>, person: PersonInfo): void {
  if (!people.has(person.name) && people.size >= MAX_PEOPLE) {
    let longest: PersonInfo | undefined;
    for (const one of people.values()) {
      if (one.state === 'offline' && (longest === undefined || one.since < longest.since)) longest = one;
    }
    if (longest === undefined) return;
    people.delete(longest.name);
  }
  people.set(person.name, person);
}
