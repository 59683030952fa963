/** What only a server can do, and why there is none here: the one table. */
import type { ClientMessages } from '../../../protocol/client-messages.ts';
import { LOBBY } from '../../../protocol/names.ts';
import { ONLY_LOBBY } from './common.ts';
import type { Handler } from './handler.ts';

const NO_ACCOUNTS = 'on the local network there are no accounts: a person is a key';
const NO_OPERATORS = 'on the local network there are no operators';

/** By message: one line that says what needs a server, as it is typed. */
export const NEEDS_SERVER = {
  topic: `/topic needs a server: ${ONLY_LOBBY}`,
  password: `/password needs a server: ${NO_ACCOUNTS}`,
  key_add: `/key needs a server: ${NO_ACCOUNTS}`,
  key_remove: `/key needs a server: ${NO_ACCOUNTS}`,
  keys: `/key needs a server: ${NO_ACCOUNTS}`,
  invite: `/invite needs a server: ${NO_ACCOUNTS}`,
  announce: `/announce needs a server: ${NO_OPERATORS}; say it in #lobby`,
  op: `/op needs a server: ${NO_OPERATORS}`,
  deop: `/deop needs a server: ${NO_OPERATORS}`,
  kick: `/kick needs a server: ${NO_OPERATORS}; /block is for you alone`,
  ban: `/ban needs a server: ${NO_OPERATORS}; /block is for you alone`,
  unban: `/unban needs a server: ${NO_OPERATORS}`,
  bans: `/bans needs a server: ${NO_OPERATORS}`,
  slow: `/slow needs a server: ${NO_OPERATORS}`,
  close: `/close needs a server: ${NO_OPERATORS}`,
} as const;

export type NeedsServer = keyof typeof NEEDS_SERVER;

export const JOIN_NEEDS_SERVER = `/join needs a server: ${ONLY_LOBBY}`;
export const LEAVE_NEEDS_SERVER = `/leave needs a server: ${ONLY_LOBBY}, and nobody leaves ${LOBBY}`;
export const KEEP_NEEDS_SERVER = `/keep needs a server: ${NO_OPERATORS}, so nobody changes how long messages are kept`;

export const needsServer = <T extends NeedsServer>(type: T): Handler<T> => ({
  allowed: 'online',
  handle({ core, session }, message: ClientMessages[T]) {
    core.sessions.refuse(session, 'needs_server', NEEDS_SERVER[type], message.id);
  },
});
