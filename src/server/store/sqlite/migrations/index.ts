import { roomsMessagesAccounts } from './001-rooms-messages-accounts.ts';
import { logins } from './002-logins.ts';
import { ignoresMail } from './003-ignores-mail.ts';
import { orders } from './004-orders.ts';
import { devices } from './005-devices.ts';
import { changesSearch } from './006-changes-search.ts';
import { keep } from './007-keep.ts';
import type { Migration } from './migration.ts';

/** All of them, in order, without a gap. */
export const MIGRATIONS: readonly Migration[] = [
  roomsMessagesAccounts,
  logins,
  ignoresMail,
  orders,
  devices,
  changesSearch,
  keep,
];
