import type { RoomName, UserName } from '../../base/ids.ts';
import { err } from '../../base/result.ts';
import { reaches } from '../core/reaches.ts';
import type { State } from '../core/state.ts';
import type { Outcome } from './command.ts';

/**
 * For what only the server can do; messages wait for a connection, commands don't: an hour later nobody expects them.
 * @param about whom or which room: beside a server that may be the local network.
 */
export const offline = (state: State, about?: RoomName | UserName): Outcome | undefined =>
  reaches(state, about) ? undefined : err('there is no connection now: give the command again when there is');
