/** Asks for a message to become another. What comes of it stands in the room's stream, for us as for everybody. */
import { err, ok, type Result } from '../../base/result.ts';
import type { ChangeWish } from '../../peer/message-change.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { Effect, Env } from './event.ts';
import type { Purpose } from './inner.ts';
import { replaceText } from './input-line.ts';
import { activeTab, hint, notice, tabOf } from './lookup.ts';
import type { MessageEntry } from './message-log.ts';
import { notSaid } from './not-said.ts';
import { askPrivateChange } from './private-change-request.ts';
import { reaches } from './reaches.ts';
import { ask, type WithId } from './requests.ts';
import type { RoomTab, State, Tab } from './state.ts';

type Wish =
  | { readonly do: 'edit'; readonly text: string }
  | { readonly do: 'delete' }
  | { readonly do: 'react'; readonly emoji: string; readonly on: boolean };

/** Why this message can't be answered or changed, as far as one knows without asking. */
export function untouchable(tab: Tab, entry: MessageEntry): string | undefined {
  if (entry.deleted === true) return 'that message was deleted';
  if (tab.kind === 'room') return undefined;
  // In a chat that has ended there is nobody to tell.
  return notSaid(tab) ?? (entry.id === undefined ? 'that message stays as it is: it has no id' : undefined);
}

/** Why one may not do this with it. */
export function forbidden(state: State, tab: Tab, entry: MessageEntry, what: Wish['do']): string | undefined {
  const stays = untouchable(tab, entry);
  if (stays !== undefined || what === 'react' || entry.from === state.self?.name) return stays;
  if (what === 'edit') return `that message is ${entry.from}'s: you can correct your own`;
  return state.operator && tab.kind === 'room' ? undefined : `that message is ${entry.from}'s: you can delete your own`;
}

function messageFor({ room }: RoomTab, { seq }: MessageEntry, wish: Wish): WithId {
  switch (wish.do) {
    case 'edit':
      return { type: 'edit', room, seq, text: wish.text };
    case 'delete':
      return { type: 'delete', room, seq };
    case 'react':
      return { type: 'react', room, seq, emoji: wish.emoji, on: wish.on };
  }
}

function asChange(wish: Wish): ChangeWish {
  switch (wish.do) {
    case 'edit':
      return { kind: 'edit', text: wish.text };
    case 'delete':
      return { kind: 'delete' };
    case 'react':
      return { kind: 'react', emoji: wish.emoji, on: wish.on };
  }
}

/** @returns why it can't be asked for, in one line. */
export function askChange(
  state: State,
  env: Env,
  tab: Tab,
  entry: MessageEntry,
  wish: Wish,
): Result<readonly Effect[], string> {
  const wrong = forbidden(state, tab, entry, wish.do);
  if (wrong !== undefined) return err(wrong);
  // A direct chat needs no server.
  if (tab.kind !== 'chat' && !reaches(state, tab.kind === 'room' ? tab.room : tab.person))
    return err('there is no connection now: do it again when there is');
  const text = wish.do === 'edit' ? { text: wish.text } : {};
  const bytes = utf8Bytes(text.text ?? '');
  if (bytes > MAX_TEXT_BYTES) {
    return err(`too long: a message has at most ${MAX_TEXT_BYTES} bytes, and this one ${bytes}`);
  }
  if (tab.kind !== 'room') return askPrivateChange(state, env, tab, entry, asChange(wish));
  const { room } = tab;
  return ok(ask(state, env, messageFor(tab, entry, wish), { kind: 'change', room, seq: entry.seq, ...text }));
}

/** The server will not do it. The new text goes back to where it was written, if nothing else is being written there. */
export function changeRefused(
  state: State,
  env: Env,
  { room, text }: Extract<Purpose, { kind: 'change' }>,
  why: string,
): void {
  const tab = tabOf(state, room);
  if (tab === undefined) return;
  if (text !== undefined && tab.draft.text === '' && !state.lines) tab.draft = replaceText(tab.draft, text);
  if (tab === activeTab(state)) hint(state, `not changed: ${why}`, true);
  else notice(tab, env, `a message here was not changed: ${why}`, true);
}
