import { welcome as loggedIn } from '../core/connection.ts';
import type { Receive } from './handler.ts';

export const welcome: Receive<'welcome'> = (state, message, env) => loggedIn(state, env, message);
