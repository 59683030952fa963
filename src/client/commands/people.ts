/** Names that a command may be about, for Tab. */
import type { UserName } from '../../base/ids.ts';
import { isAsking } from '../core/chats.ts';
import { isIgnored } from '../core/ignored.ts';
import { chatTabs } from '../core/lookup.ts';
import { partners } from '../core/mail.ts';
import type { State } from '../core/state.ts';

const RANK = { online: 0, away: 0, offline: 1 } as const;

/** Everybody but us whom we can see: who is here comes first. */
export function others(state: State): UserName[] {
  const people = [...state.people.values()].filter(({ name }) => name !== state.self?.name);
  return people.toSorted((a, b) => RANK[a.state] - RANK[b.state] || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

/** Whom one may want to write to: nobody whose messages are left out. */
export const correspondents = (state: State): UserName[] =>
  [...new Set([...others(state), ...partners(state), ...state.inner.logged])].filter(
    (name) => !isIgnored(state.ignored, name),
  );

/** With whom there may be a log: also those whose messages are left out. */
export const remembered = (state: State): UserName[] => [
  ...new Set([...state.inner.logged, ...partners(state), ...others(state)]),
];

/** Who asks for a private chat. */
export const askers = (state: State): UserName[] =>
  chatTabs(state)
    .filter(isAsking)
    .map(({ person }) => person);
