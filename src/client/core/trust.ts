/** How far somebody's keys are trusted, and the comparing of numbers by which a person comes to trust them. */
import type { UserName } from '../../base/ids.ts';
import type { PrivateEvent, Trust } from '../../peer/private.ts';
import { LETTERS_AFTER_MS } from './chats.ts';
import type { Effect, Env } from './event.ts';
import { activeTab, chatTabOf, hint, keyFor, notice, personTabOf } from './lookup.ts';
import type { ChatTab, PersonTab, State, Tab } from './state.ts';
import { ring } from './telling.ts';
import { askAbout } from './told.ts';

/** Milliseconds within which the messenger acts on what we have said. */
const DIFFERS_FOR_MS = 1000;

/** What a new key means, and what there is to do. */
const changedWords = (person: UserName): string =>
  `KEY CHANGED: ${person} has a key that was not there before, so nothing is sent. Either ${person} has a new device, or ` +
  `somebody pretends to be ${person}: ask in another way than this, then /verify ${person} or /accept-key ${person}`;

export function trustChanged(state: State, env: Env, person: UserName, trust: Trust): Effect[] {
  const chat = chatTabOf(state, person);
  const tabs = [personTabOf(state, person), chat?.status.kind === 'ended' ? undefined : chat];
  const there = tabs.filter((tab): tab is PersonTab | ChatTab => tab !== undefined);
  const { differs } = state.inner;
  // It is no new key that has brought this about, and the messenger says what has.
  const isOurs = differs?.person === person && env.mono < differs.until;
  if (isOurs) state.inner.differs = undefined;
  const isNews = !isOurs && trust === 'changed' && there.some((tab) => tab.trust !== 'changed');
  for (const tab of there) {
    if (isNews && tab.trust !== 'changed') notice(tab, env, changedWords(person), true);
    tab.trust = trust;
  }
  if (chat !== undefined) chat.trust = trust;
  return isNews ? ring(state, env) : [];
}

/** A person wants to compare the numbers. */
export function askToVerify(state: State, tab: Tab, person: UserName): void {
  state.inner.verifying = person;
  askAbout(state, tab, person, { do: 'verify', user: person });
}

export function numberCame(state: State, env: Env, event: Extract<PrivateEvent, { type: 'safetyNumber' }>): void {
  const { person, device, digits, more } = event;
  // Nobody has asked for it, or no more.
  if (state.inner.verifying !== person) return;
  state.inner.answerTo.delete(person);
  state.overlay = { kind: 'verify', person, device, digits, more };
  state.inner.lettersFrom = env.mono + LETTERS_AFTER_MS;
}

/** A letter while the numbers are on the screen. */
export function answerNumber(state: State, env: Env, letter: string): void {
  const { overlay } = state;
  if (overlay?.kind !== 'verify' || env.mono < state.inner.lettersFrom) return;
  const { person, device, more } = overlay;
  if (letter !== 'v' && letter !== 'n') {
    hint(state, `v: they are equal, n: they differ, ${keyFor(state, 'cancel')}: later`);
    return;
  }
  const equal = letter === 'v';
  if (!equal) state.inner.differs = { person, until: env.mono + DIFFERS_FOR_MS };
  askAbout(state, activeTab(state), person, { do: 'compared', user: person, device, equal });
  closeNumber(state);
  // Those of their next device come by themselves.
  if (equal && more > 0) state.inner.verifying = person;
}

export function closeNumber(state: State): void {
  state.overlay = undefined;
  state.inner.verifying = undefined;
}
