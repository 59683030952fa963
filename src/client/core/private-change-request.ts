/** Asks the messenger for a private message to become another. What comes of it, it tells: `private-changes.ts`. */
import { err, ok, type Result } from '../../base/result.ts';
import type { ChangeWish } from '../../peer/message-change.ts';
import type { Effect, Env } from './event.ts';
import type { MessageEntry } from './message-log.ts';
import { tell } from './messenger.ts';
import { notSaid } from './not-said.ts';
import type { ChatTab, PersonTab, State } from './state.ts';

/** Changes of ours by mail that the server hasn't taken yet: more than a person makes at once. */
const MAX_CHANGES = 100;

/** @returns why it can't be asked for, in one line. */
export function askPrivateChange(
  state: State,
  env: Env,
  tab: ChatTab | PersonTab,
  { id, from }: MessageEntry,
  change: ChangeWish,
): Result<readonly Effect[], string> {
  const wrong = notSaid(tab);
  if (wrong !== undefined) return err(wrong);
  if (id === undefined) return err('that message stays as it is: it has come without an id');
  const of = { from, id };
  if (tab.kind === 'chat') {
    tell(state, { do: 'change', chat: tab.chat, of, change });
    return ok([]);
  }
  const { changes } = state.inner.mail;
  if (changes.size >= MAX_CHANGES)
    return err(`${MAX_CHANGES} changes wait to be sent: do it again when some have gone`);
  const own = env.newId();
  changes.set(own, 'asked');
  tell(state, { do: 'changeMail', id: own, to: tab.person, of, change });
  return ok([]);
}
