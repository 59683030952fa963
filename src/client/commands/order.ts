import { ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import { ask, type WithId } from '../core/requests.ts';
import type { Context, Outcome } from './command.ts';
import { offline } from './offline.ts';

/** Asks for what the server answers with `done`, in words that are shown in the tab. */
export const order = ({ state, env, tab }: Context, message: WithId): Outcome =>
  offline(state, 'user' in message ? message.user : undefined) ??
  ok(ask(state, env, message, { kind: 'order', tab: tabName(tab) }));
