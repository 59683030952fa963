import { receiveFound } from '../core/search.ts';
import type { Receive } from './handler.ts';

export const found: Receive<'found'> = (state, message, env) => receiveFound(state, env, message);
