/** Whether what is said goes somewhere now: to the server, or to the local network beside it, where either may be away. */
import type { RoomName, UserName } from '../../base/ids.ts';
import type { State } from './state.ts';

/** What names of people there end with, beside a server. */
const SUFFIX = '.lan';

type Known = Pick<State, 'connection' | 'beside'>;

const isBesideUp = ({ beside }: Pick<State, 'beside'>): boolean => beside?.isUp === true;

/** Either of them is there. */
export const reachesAnybody = (state: Known): boolean => state.connection.kind === 'online' || isBesideUp(state);

/** @param name of a room or a person; without one, it is the server that is meant. */
export function reaches(state: Known, name?: RoomName | UserName): boolean {
  const { beside, connection } = state;
  const isBeside = beside !== undefined && name !== undefined && (name === beside.room || name.endsWith(SUFFIX));
  return isBeside ? beside.isUp : connection.kind === 'online';
}
