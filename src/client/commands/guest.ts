import type { UserName } from '../../base/ids.ts';
import { isOnline } from '../core/lookup.ts';
import type { State } from '../core/state.ts';

/** The guest who is here, where somebody wrote the name without its sign and nobody of just that name is. */
export function guestInstead(state: State, name: UserName): UserName | undefined {
  if (!isOnline(state) || !state.inner.peopleKnown || isHere(state, name)) return undefined;
  const guest = [...state.people.keys()].find((each) => each === `~${name}`);
  return guest !== undefined && isHere(state, guest) ? guest : undefined;
}

const isHere = ({ people }: State, name: UserName): boolean => (people.get(name)?.state ?? 'offline') !== 'offline';
