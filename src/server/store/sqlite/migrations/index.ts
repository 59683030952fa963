import { roomsMessagesAccounts } from './001-rooms-messages-accounts.ts';
import type { Migration } from './migration.ts';

/** All of them, in order, without a gap. */
export const MIGRATIONS: readonly Migration[] = [roomsMessagesAccounts];
