import { receiveMail } from '../core/mail.ts';
import type { Receive } from './handler.ts';

export const mail: Receive<'mail'> = (state, message, env) => receiveMail(state, env, message);
