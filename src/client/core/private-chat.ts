/** What a person does about private chats, by a command, a key or the mouse. */
import type { UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { answersShown } from '../view/geometry.ts';
import { accept, askForChat, isAsking, refusesPlain, reject, showUnheard } from './chats.ts';
import type { Env } from './event.ts';
import { insert } from './input-line.ts';
import { isOverLan } from './lan-people.ts';
import { activeTab, chatTabOf, hint, keyFor } from './lookup.ts';
import { unavailable } from './messenger.ts';
import { reaches } from './reaches.ts';
import type { ChatTab, State, Tab } from './state.ts';
import { goToTab, MAX_CHAT_TABS } from './tabs.ts';

/** What is asked for. `usual`: as the settings have it. */
export type Kind = 'usual' | 'plain' | 'encrypted';

/** A tab for a chat with somebody comes to the front: the one that is there, or that of a new request. */
export function openPrivate(state: State, env: Env, person: UserName, kind: Kind): Result<undefined, string> {
  if (person === state.self?.name) return err('that is you: a private chat is with somebody else');
  showUnheard(state, env, person);
  const tab = chatTabOf(state, person);
  if (tab !== undefined && tab.status.kind !== 'ended') return goOn(state, tab, kind);
  const plain = kind === 'plain' || (kind === 'usual' && state.plainChat);
  if (plain && refusesPlain(state, person))
    return err('a private chat in plain text takes --plain-chat on both sides: start uchat with it');
  const why = unavailable(state);
  if (why !== undefined) return err(why);
  if (!reaches(state, person)) return err('there is no connection now: a private chat begins when there is');
  const fresh = askForChat(state, env, person, plain);
  if (fresh === undefined) return err(`${MAX_CHAT_TABS} private chats are open: close one with /leave`);
  goToTab(state, fresh);
  return ok(undefined);
}

function goOn(state: State, tab: ChatTab, kind: Kind): Result<undefined, string> {
  const { person, status } = tab;
  if (kind === 'encrypted' && tab.plain)
    return err(`the chat with ${person} is NOT ENCRYPTED: /end ${person} comes first`);
  if (kind === 'plain' && !tab.plain)
    return err(`there is an encrypted chat with ${person}: /end ${person} comes first`);
  goToTab(state, tab);
  if (isAsking(tab)) hint(state, `${person} has asked you: /accept or /reject`);
  else if (status.kind === 'asked') hint(state, `${person} has been asked, and hasn't answered yet`);
  return ok(undefined);
}

/** The same where there is no line to be mended. */
export function askOrGo(state: State, env: Env, person: UserName): void {
  const done = openPrivate(state, env, person, 'usual');
  if (!done.ok) hint(state, done.error, true);
}

/** What answers a request; for one that isn't encrypted, its words have to be written. */
export function acceptRequest(
  state: State,
  tab: ChatTab,
  how: { readonly hideAddress: boolean; readonly plain: boolean },
): Result<undefined, string> {
  const { person } = tab;
  if (!isAsking(tab)) return err(`${person} doesn't ask for a private chat`);
  if (tab.plain && !how.plain) {
    return err(`this chat would be NOT ENCRYPTED: if you want that, write /accept ${person} --plain`);
  }
  if (!tab.plain && how.plain) return err(`${person} asks for an encrypted chat: /accept ${person} is enough`);
  if (how.hideAddress && isOverLan(state, person))
    return err(`on the local network your address is seen by everybody: /accept ${person} is enough`);
  if (tab.trust === 'changed') {
    return err(`${person} has a key that was not there before: /accept-key ${person} comes first, if it is theirs`);
  }
  if (!reaches(state, person)) return err('there is no connection now: answer when there is');
  accept(state, tab, how.hideAddress);
  return ok(undefined);
}

/**
 * A letter in a tab where somebody asks, while nothing else is being written.
 * @returns whether it was an answer.
 */
export function answerRequest(state: State, env: Env, tab: Tab, letter: string): boolean {
  if (tab.kind !== 'chat' || !isAsking(tab) || tab.draft.text !== '' || env.mono < state.inner.lettersFrom)
    return false;
  // What it would give away has to be on the screen.
  if (!answersShown(state)) return false;
  switch (letter) {
    case 'r':
      reject(state, tab);
      return true;
    case 'a':
    case 'o': {
      // They see it anyway, so there is nothing to choose.
      if (letter === 'o' && isOverLan(state, tab.person)) return false;
      if (tab.plain) {
        tab.draft = insert(tab.draft, `/accept ${tab.person} --plain`);
        hint(
          state,
          `NOT ENCRYPTED: ${keyFor(state, 'send')} agrees to it, ${keyFor(state, 'cut-to-start')} takes it back`,
          true,
        );
        return true;
      }
      const done = acceptRequest(state, tab, { hideAddress: letter === 'o', plain: false });
      if (!done.ok) hint(state, done.error, true);
      return true;
    }
    default:
      return false;
  }
}

/** Whom a command without a name is about: whoever the tab is for. */
export const personOf = (tab: Tab): UserName | undefined => (tab.kind === 'room' ? undefined : tab.person);

/** The chat that a command without a name is about. */
export function chatHere(state: State): ChatTab | undefined {
  const person = personOf(activeTab(state));
  return person === undefined ? undefined : chatTabOf(state, person);
}
