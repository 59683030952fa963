import type { ServerMessages, ServerMessageType } from '../../protocol/server-messages.ts';
import type { Effect, Env } from '../core/event.ts';
import type { State } from '../core/state.ts';

/** What a message of the server does to the state, and what follows from it outside. */
export type Receive<K extends ServerMessageType> = (
  state: State,
  message: ServerMessages[K],
  env: Env,
) => readonly Effect[];
