import { err } from '../../base/result.ts';
import { isOnline } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import type { Outcome } from './command.ts';

/** For what only the server can do; messages wait for a connection, commands don't: an hour later nobody expects them. */
export const offline = (state: State): Outcome | undefined =>
  isOnline(state) ? undefined : err('there is no connection now: give the command again when there is');
