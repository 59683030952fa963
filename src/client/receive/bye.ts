import { bye as ended } from '../core/connection.ts';
import type { Receive } from './handler.ts';

export const bye: Receive<'bye'> = (state, message, env) => ended(state, env, message);
