/**
 * Private chats, as the messenger tells of them: see `ChatStatus` for their states. A chat's tab outlives it, and is taken
 * by the next chat with that person.
 */
import type { GroupId, UserName } from '../../base/ids.ts';
import type { PrivateEvent } from '../../peer/private.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import { isOverLan } from './lan-people.ts';
import { activeTab, chatTabOf, chatTabs, hint, lobbyOf, notice, wayToTab } from './lookup.ts';
import { place } from './mail.ts';
import { placeOf } from './message-refs.ts';
import { tell } from './messenger.ts';
import { findPending, refuseAll, stored } from './outbox.ts';
import type { ChatTab, State } from './state.ts';
import { MAX_CHAT_TABS, openChat } from './tabs.ts';
import { ring } from './telling.ts';
import { typed, writes } from './typing.ts';
import { arrived, isInView } from './unread.ts';

/** Milliseconds after which a request ends by itself, until the messenger says when that is. */
const REQUEST_ENDS_AFTER = 120_000;
/**
 * Milliseconds in which a letter is not taken for the answer to a question that has just appeared: it was meant for what
 * was there before.
 */
export const LETTERS_AFTER_MS = 1000;

type Event<T extends PrivateEvent['type']> = Extract<PrivateEvent, { type: T }>;

/** On the local network plain text takes the word of both, before anybody is asked; with a server, of whoever accepts. */
export const refusesPlain = (state: State, person: UserName): boolean => isOverLan(state, person) && !state.plainChat;

export const isAsking = ({ status }: ChatTab): boolean => status.kind === 'asked' && !status.ours;

/** Asked for by us, being opened, or open. */
export const isLive = ({ status }: ChatTab): boolean =>
  status.kind !== 'ended' && !(status.kind === 'asked' && !status.ours);

const byId = (state: State, chat: GroupId): ChatTab | undefined => chatTabs(state).find((tab) => tab.chat === chat);

/** We ask. @returns undefined where there are too many tabs. */
export function askForChat(state: State, env: Env, person: UserName, plain: boolean): ChatTab | undefined {
  const chat = env.newGroup();
  const status = { kind: 'asked', ours: true, until: env.mono + REQUEST_ENDS_AFTER, addresses: [] } as const;
  const known = chatTabOf(state, person);
  if (known !== undefined) {
    known.chat = chat;
    known.plain = plain;
    known.status = status;
  }
  const tab = known ?? openChat(state, env, person, chat, plain, status);
  if (tab !== undefined) tell(state, { do: 'ask', chat, to: person, plain });
  return tab;
}

export function accept(state: State, tab: ChatTab, hideAddress: boolean): void {
  tell(state, { do: 'accept', chat: tab.chat, hideAddress });
  // What the keys do from now on is writing.
  tab.status = { kind: 'opening' };
}

export const reject = (state: State, tab: ChatTab): void => tell(state, { do: 'reject', chat: tab.chat });

export function end(state: State, env: Env, tab: ChatTab): void {
  tell(state, { do: 'end', chat: tab.chat });
  // A request may not have left yet, so nothing might come back.
  if (tab.status.kind !== 'asked' || !tab.status.ours) return;
  const text = 'you took the request back';
  tab.status = { kind: 'ended', text };
  notice(tab, env, text);
}

/** There is a chat, or its status is another. */
export function chatChanged(state: State, env: Env, event: Event<'chat'>): Effect[] {
  const { unheard } = state.inner;
  const known = byId(state, event.chat);
  const theirs = event.status.kind === 'asked' && !event.status.ours;
  if (unheard.get(event.person)?.chat === event.chat) unheard.delete(event.person);
  // Who was gone for so long that their request ended may be back with the same one.
  if (known !== undefined && !(theirs && known.status.kind === 'ended')) return changed(state, env, known, event);
  // Of a chat whose tab was closed more may be heard.
  if (!theirs) return [];
  if (event.person === state.self?.name) {
    tell(state, { do: 'reject', chat: event.chat });
    return [];
  }
  // Whose messages are left out asks in vain, and isn't told so.
  if (isIgnored(state.ignored, event.person)) {
    unheard.set(event.person, event);
    return [];
  }
  if (event.plain && refusesPlain(state, event.person)) return refusePlain(state, env, event);
  const taken = chatTabOf(state, event.person);
  // Where we were about to ask, they were quicker.
  const isThere = taken?.status.kind === 'opening' || taken?.status.kind === 'open';
  if (taken !== undefined && isThere) return refuseSecond(state, env, taken, event);
  if (taken !== undefined) refuseAll(taken, 'that chat has ended');
  const tab = taken ?? openChat(state, env, event.person, event.chat, event.plain, event.status);
  if (tab === undefined) return refuseForRoom(state, env, event);
  take(tab, event);
  return announce(state, env, tab);
}

/** Whose requests are no longer left out. */
export function takeUnheard(state: State, env: Env): Effect[] {
  const now = [...state.inner.unheard.values()].filter(({ person }) => !isIgnored(state.ignored, person));
  return now.flatMap((event) => chatChanged(state, env, event));
}

/** Whom we are about to ask may have asked already, without our having heard of it. */
export function showUnheard(state: State, env: Env, person: UserName): void {
  const event = state.inner.unheard.get(person);
  const taken = chatTabOf(state, person);
  if (event === undefined || (taken !== undefined && taken.status.kind !== 'ended')) return;
  if (event.plain && refusesPlain(state, person)) {
    state.inner.unheard.delete(person);
    refusePlain(state, env, event);
    return;
  }
  const tab = taken ?? openChat(state, env, person, event.chat, event.plain, event.status);
  if (tab === undefined) return;
  state.inner.unheard.delete(person);
  refuseAll(tab, 'that chat has ended');
  take(tab, event);
}

function take(tab: ChatTab, { chat, plain, status, trust }: Event<'chat'>): void {
  tab.chat = chat;
  tab.plain = plain;
  tab.status = status;
  tab.trust = trust;
}

/** One chat with each: another machine of theirs, or somebody who pretends to be it, doesn't push the one that is there aside. */
function refuseSecond(state: State, env: Env, tab: ChatTab, event: Event<'chat'>): Effect[] {
  tell(state, { do: 'reject', chat: event.chat });
  const how = event.plain ? ' (not encrypted)' : '';
  const words = `${event.person} has asked for another private chat${how} while this one is there, and was told no: /end ends this one`;
  notice(tab, env, words, true);
  return [];
}

/** It is never taken, and never becomes one that is encrypted. Whoever asks over and over is told of once. */
function refusePlain(state: State, env: Env, { chat, person }: Event<'chat'>): Effect[] {
  tell(state, { do: 'reject', chat });
  const tab = chatTabOf(state, person) ?? activeTab(state);
  const words = `${person} wants to talk in plain text, which takes --plain-chat on both sides: not taken`;
  const last = tab.log.entries.at(-1);
  if (last?.kind !== 'notice' || last.text !== words) notice(tab, env, words, true);
  return [];
}

function refuseForRoom(state: State, env: Env, { chat, person }: Event<'chat'>): Effect[] {
  tell(state, { do: 'reject', chat });
  notice(
    lobbyOf(state),
    env,
    `${person} asked for a private chat, but ${MAX_CHAT_TABS} are open: close one with /leave`,
  );
  return [];
}

function changed(state: State, env: Env, tab: ChatTab, event: Event<'chat'>): Effect[] {
  const before = tab.status;
  if (before.kind === 'ended') {
    // It was taken back before it had been made.
    if (event.status.kind !== 'ended') tell(state, { do: 'end', chat: event.chat });
    return [];
  }
  take(tab, event);
  const now = tab.status;
  if (now.kind === before.kind) return [];
  switch (now.kind) {
    case 'asked':
    case 'opening':
      return [];
    case 'open':
      return opened(state, env, tab);
    case 'ended': {
      const effects = ended(state, env, tab, now.text, before.kind !== 'asked' || before.ours);
      // Why, their program alone knows; this is what it mostly is.
      if (before.kind === 'asked' && before.ours && tab.plain && isOverLan(state, tab.person))
        notice(tab, env, 'it was asked for in plain text, which takes --plain-chat on both sides');
      return effects;
    }
  }
}

/** They ask. */
function announce(state: State, env: Env, tab: ChatTab): Effect[] {
  if (tab === activeTab(state)) state.inner.lettersFrom = env.mono + LETTERS_AFTER_MS;
  // In lines the question itself is told.
  else if (!state.lines) hint(state, `${tab.person} asks for a private chat: ${wayTo(state, tab)}`);
  return ring(state, env);
}

const wayTo = (state: State, tab: ChatTab): string => wayToTab(state, state.tabs.indexOf(tab) + 1);

function opened(state: State, env: Env, tab: ChatTab): Effect[] {
  if (tab.plain)
    notice(tab, env, 'the private chat begins, and is NOT ENCRYPTED: anyone between you can read it', true);
  else notice(tab, env, `the private chat with ${tab.person} begins`);
  if (tab === activeTab(state)) return [];
  hint(state, `the private chat with ${tab.person} is open: ${wayTo(state, tab)}`);
  return ring(state, env);
}

/** @param calls whether somebody waits for it. */
function ended(state: State, env: Env, tab: ChatTab, text: string, calls = true): Effect[] {
  const lost = tab.pending.filter(({ state: { kind } }) => kind !== 'refused').length;
  refuseAll(tab, 'the chat ended before this had arrived');
  notice(tab, env, text);
  if (lost > 0) {
    const what = lost === 1 ? '1 message has' : `${lost} messages have`;
    notice(tab, env, `${what} perhaps not arrived; /retry sends again in the next chat, /discard forgets`, true);
  }
  if (isInView(state, tab) || !calls) return [];
  if (tab !== activeTab(state)) hint(state, `${tab.person}: ${text}`);
  return ring(state, env);
}

/** Private chats have come to an end in this program. */
export function allEnded(state: State, env: Env, text: string): void {
  state.inner.unheard.clear();
  for (const tab of chatTabs(state)) {
    if (tab.status.kind === 'ended') continue;
    tab.status = { kind: 'ended', text };
    ended(state, env, tab, text);
  }
}

export function said(state: State, env: Env, { chat, id, text, time, re }: Event<'said'>): Effect[] {
  const tab = byId(state, chat);
  if (tab === undefined) return [];
  typed(tab, tab.person);
  const seq = place(tab, { id, from: tab.person, text, time, re: placeOf(tab, re) });
  return arrived(state, env, tab, { seq, from: tab.person, text }, true);
}

export function delivered(state: State, env: Env, { chat, id, time }: Event<'delivered'>): void {
  const found = findPending(state, id);
  if (found?.tab.kind !== 'chat' || found.tab.chat !== chat || state.self === undefined) return;
  stored(state, env, id);
  const { text, re } = found.pending;
  place(found.tab, { from: state.self.name, text, time, id, re });
}

export function typingInChat(state: State, env: Env, { chat }: Event<'typing'>): void {
  const tab = byId(state, chat);
  if (tab !== undefined) writes(state, env, tab, tab.person);
}

export function chatNote(state: State, env: Env, { chat, text, bad }: Event<'chatNote'>): void {
  const tab = byId(state, chat);
  if (tab !== undefined) notice(tab, env, text, bad);
}

/** A request could not be made, or not answered. */
export function chatRefused(state: State, env: Env, { chat, person, text }: Event<'refused'>): Effect[] {
  const tab = byId(state, chat);
  const other = chatTabOf(state, person);
  // They were quicker, and that is what it says.
  if (tab === undefined && other !== undefined && isAsking(other)) return [];
  if (tab === undefined) {
    notice(activeTab(state), env, `${person}: ${text}`, true);
    return [];
  }
  if (tab.status.kind === 'ended') return [];
  tab.status = { kind: 'ended', text };
  if (tab === activeTab(state)) hint(state, text, true);
  return ended(state, env, tab, text);
}
