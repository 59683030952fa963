import { askKeys } from '../core/device-keys.ts';
import { hasAccount } from './account.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';

export const key_remove: Handler<'key_remove'> = {
  allowed: 'online',
  handle(context, { id, fingerprint }) {
    if (!hasAccount(context, id) || !mayWrite(context, id)) return;
    askKeys(context.core, context.session, context.online, { kind: 'remove', fingerprint }, id);
  },
};
