import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import { Secret } from '../../base/secret.ts';
import { setPassword } from '../core/own-password.ts';
import { refuse } from '../core/sessions.ts';
import { hasAccount } from './account.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';

export const password: Handler<'password'> = {
  allowed: 'online',
  handle(context, { id, ...message }) {
    const { core, session, online, at } = context;
    if (!hasAccount(context, id) || !mayWrite(context, id)) return;
    const wanted = new Secret(message.password);
    const prepared = prepareNewPassword(wanted);
    if (!prepared.ok) return refuse(core, session, 'password_unusable', PASSWORD_FAULTS[prepared.error], at, id);
    const old = message.old === undefined ? undefined : new Secret(message.old);
    setPassword(core, session, online, { password: wanted, old, id }, at);
  },
};
