import { askKeys } from '../core/device-keys.ts';
import { hasAccount } from './account.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';

export const key_add: Handler<'key_add'> = {
  allowed: 'online',
  handle(context, { id, key, label }) {
    const { core, session, online, at } = context;
    if (!hasAccount(context, id) || !mayWrite(context, id)) return;
    askKeys(core, session, online, { kind: 'add', key, label, time: at.wall }, id);
  },
};
