/** What the messenger tells: the core mirrors it. */
import type { PrivateEvent } from '../../peer/private.ts';
import { allEnded, chatChanged, chatNote, chatRefused, delivered, said, typingInChat } from './chats.ts';
import type { Effect, Env } from './event.ts';
import { seekOn } from './far-past.ts';
import { hint, isOnline, personTabs } from './lookup.ts';
import { endWait, mailed, mailLost, mailOpened, notMailed } from './mail.ts';
import { connectionBack } from './outbox.ts';
import { pastCame, pastUnknown } from './past.ts';
import { changeMailed, changeNotMailed, chatMessageChanged, mailChanged } from './private-changes.ts';
import { endUnlock } from './secret-prompt.ts';
import type { State } from './state.ts';
import { told } from './told.ts';
import { numberCame, trustChanged } from './trust.ts';

/** Names that are kept for Tab: nobody has written to more people. */
const MAX_LOGGED = 10_000;

type Event<T extends PrivateEvent['type']> = Extract<PrivateEvent, { type: T }>;

export function privateEvent(state: State, env: Env, event: PrivateEvent): Effect[] {
  switch (event.type) {
    case 'chat':
      return chatChanged(state, env, event);
    case 'said':
      return said(state, env, event);
    case 'delivered':
      delivered(state, env, event);
      return [];
    case 'chatNote':
      chatNote(state, env, event);
      return [];
    case 'refused':
      return chatRefused(state, env, event);
    case 'changed':
      chatMessageChanged(state, event);
      return [];
    case 'typing':
      typingInChat(state, env, event);
      return [];
    case 'mailChanged':
      mailChanged(state, event);
      return [];
    case 'mail':
      return mailOpened(state, env, event);
    case 'lostMail':
      return mailLost(state, env, event);
    case 'mailed':
      changeMailed(state, event);
      mailed(state, env, event);
      return [];
    case 'notMailed':
      if (!changeNotMailed(state, env, event)) notMailed(state, env, event);
      return [];
    case 'trust':
      return trustChanged(state, env, event.person, event.trust);
    case 'safetyNumber':
      numberCame(state, env, event);
      return [];
    case 'history':
      pastCame(state, event);
      seekOn(state, event.person);
      return [];
    case 'logged':
      state.inner.logged = event.people.slice(0, MAX_LOGGED);
      return [];
    case 'told':
      told(state, env, event);
      return [];
    case 'locked':
      locked(state, event);
      return [];
    case 'available':
      available(state, env, event);
      return [];
  }
}

function locked(state: State, { locked: is, waiting }: Event<'locked'>): void {
  if (is) {
    const before = state.privates;
    state.privates = { kind: 'locked', waiting };
    if (before.kind !== 'locked') hint(state, 'the log of private messages is locked: /unlock asks for its passphrase');
  } else if (state.privates.kind === 'locked') {
    endUnlock(state);
    goOn(state);
  }
}

/** What waits goes now. */
function goOn(state: State): void {
  state.privates = { kind: 'available' };
  for (const tab of personTabs(state)) endWait(state, tab);
  if (isOnline(state)) connectionBack(state);
}

function available(state: State, env: Env, { available: is, text }: Event<'available'>): void {
  if (is) {
    if (state.privates.kind !== 'locked') goOn(state);
    return;
  }
  state.privates = { kind: 'unavailable', text };
  endUnlock(state);
  for (const tab of personTabs(state)) {
    tab.inner.trustAsked = false;
    pastUnknown(tab);
  }
  state.inner.verifying = undefined;
  if (state.overlay?.kind === 'verify') state.overlay = undefined;
  allEnded(state, env, `private chats have come to an end in this program: ${text}`);
}
