/** Private messages have become others, as the messenger tells it. */
import { ownPlace, type UserName } from '../../base/ids.ts';
import { changedBy, type MessageChange, type MessageRef } from '../../peer/message-change.ts';
import type { PrivateEvent } from '../../peer/private.ts';
import { applyChange } from './changes.ts';
import type { Env } from './event.ts';
import { activeTab, chatTabs, hint, notice, personTabOf } from './lookup.ts';
import { sealedOpened } from './mailbox.ts';
import { entryIn } from './message-refs.ts';
import { tell } from './messenger.ts';
import type { State, Tab } from './state.ts';

type Event<T extends PrivateEvent['type']> = Extract<PrivateEvent, { type: T }>;

function apply(tab: Tab, by: UserName, of: MessageRef, change: MessageChange): void {
  // In the log and in the window beside it, where it may stand in both.
  const entry = entryIn(tab.log, of) ?? (tab.far === undefined ? undefined : entryIn(tab.far.log, of));
  const now = entry && changedBy(entry, by, change);
  if (entry === undefined || now === undefined) return;
  const { text, edited, deleted, reactions } = now;
  applyChange(
    tab,
    { seq: entry.seq },
    deleted === true
      ? { by, deleted }
      : { by, text, ...(edited === undefined ? {} : { edited }), ...(reactions === undefined ? {} : { reactions }) },
  );
}

/** In a chat. */
export function chatMessageChanged(state: State, { chat, of, by, change }: Event<'changed'>): void {
  const tab = chatTabs(state).find((one) => one.chat === chat);
  if (tab !== undefined) apply(tab, by, of, change);
}

/** By mail; where it isn't here, the log has it as it is by now. */
export function mailChanged(state: State, { n, id, person, by, what }: Event<'mailChanged'>): void {
  const { changes } = state.inner.mail;
  if (changes.has(id)) changes.set(id, 'going');
  if (!sealedOpened(state, ownPlace(n)) || what === undefined) return;
  const tab = personTabOf(state, person);
  if (tab !== undefined) apply(tab, by, what.of, what.change);
}

/** The server has it. */
export function changeMailed(state: State, { id }: Event<'mailed'>): void {
  state.inner.mail.changes.delete(id);
}

/**
 * One that isn't under way is given up whatever it waits for: it would come as a surprise later.
 * @returns whether it was a change.
 */
export function changeNotMailed(state: State, env: Env, { id, to, text, wait }: Event<'notMailed'>): boolean {
  const { changes } = state.inner.mail;
  const step = changes.get(id);
  if (step === undefined) return false;
  // A full mailbox: the messenger tries again.
  if (step === 'going' && wait) return true;
  changes.delete(id);
  if (step === 'asked') tell(state, { do: 'unmail', id });
  const what = step === 'asked' ? 'was not changed' : `is another here, but not for ${to}`;
  const tab = personTabOf(state, to);
  if (tab === undefined || tab === activeTab(state)) hint(state, `the message ${what}: ${text}`, true);
  else notice(tab, env, `a message here ${what}: ${text}`, true);
  return true;
}
