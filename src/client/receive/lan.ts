import { receiveLan } from '../core/lan.ts';
import type { Receive } from './handler.ts';

export const lan: Receive<'lan'> = (state, message, env) => receiveLan(state, env, message);
