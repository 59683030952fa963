import { askKeys } from '../core/device-keys.ts';
import { hasAccount } from './account.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';

export const keys: Handler<'keys'> = {
  allowed: 'online',
  handle(context, { id }) {
    if (!hasAccount(context, id) || !mayRead(context, id)) return;
    askKeys(context.core, context.session, context.online, { kind: 'list' }, id);
  },
};
