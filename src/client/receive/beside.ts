import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Effect, Env } from '../core/event.ts';
import type { State } from '../core/state.ts';
import { refusal } from './error.ts';
import { receive } from './index.ts';

/** What the local network beside a server says. An error of its is never the end of the connection to the server. */
export const receiveBeside = (state: State, message: ServerMessage, env: Env): readonly Effect[] =>
  message.type === 'error' ? refusal(state, message, env) : receive(state, message, env);
