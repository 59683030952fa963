/** What each command comes to on the local network, where there is no server. A test goes through all of them. */
import type { State } from '../core/state.ts';
import type { Command } from './command.ts';

/** It does there what it does elsewhere. */
const WORKS = undefined;
const ONE_ROOM = 'the local network has one room, #lobby, for everybody';
const NO_ACCOUNTS = 'on the local network nobody has an account: you are your key, which /dhkey shows';
const NO_OPERATORS = 'on the local network nobody is an operator: /mute and /block are for yourself';

/** Why it needs a server; undefined: it doesn't. */
export const ON_LAN: Readonly<Record<string, string | undefined>> = {
  help: WORKS,
  msg: WORKS,
  private: WORKS,
  accept: WORKS,
  reject: WORKS,
  end: WORKS,
  verify: WORKS,
  'accept-key': WORKS,
  dhkey: WORKS,
  broadcast: WORKS,
  edit: WORKS,
  join: ONE_ROOM,
  leave: WORKS,
  rooms: ONE_ROOM,
  topic: 'on the local network nobody sets a topic',
  lan: WORKS,
  reply: WORKS,
  react: WORKS,
  correct: WORKS,
  delete: WORKS,
  who: WORKS,
  since: WORKS,
  block: WORKS,
  unblock: WORKS,
  blocked: WORKS,
  mute: WORKS,
  unmute: WORKS,
  muted: WORKS,
  search: WORKS,
  more: WORKS,
  history: WORKS,
  export: WORKS,
  forget: WORKS,
  log: WORKS,
  passphrase: WORKS,
  unlock: WORKS,
  retry: WORKS,
  discard: WORKS,
  register: NO_ACCOUNTS,
  password: NO_ACCOUNTS,
  key: NO_ACCOUNTS,
  tabs: WORKS,
  go: WORKS,
  notify: WORKS,
  dnd: WORKS,
  clear: WORKS,
  theme: WORKS,
  mouse: WORKS,
  typing: WORKS,
  keys: WORKS,
  move: WORKS,
  pane: WORKS,
  bare: WORKS,
  quit: WORKS,
  announce: 'on the local network nobody speaks for a server: /broadcast reaches everybody who is there',
  kick: NO_OPERATORS,
  ban: NO_OPERATORS,
  unban: NO_OPERATORS,
  bans: NO_OPERATORS,
  op: NO_OPERATORS,
  deop: NO_OPERATORS,
  slow: NO_OPERATORS,
  keep: 'on the local network everybody keeps the lobby for seven days, and at most 2000 messages',
  close: ONE_ROOM,
  invite: NO_ACCOUNTS,
};

/** Why a command can't be given here; undefined: it can. */
export function needsServer({ lan }: Pick<State, 'lan'>, { name }: Command): string | undefined {
  const why = lan === undefined ? undefined : ON_LAN[name];
  return why === undefined ? undefined : `/${name} needs a server: ${why}`;
}
