/** Questions of a person about somebody, or about our own keys and log, which the messenger answers in words. */
import type { UserName } from '../../base/ids.ts';
import type { PrivateCommand, PrivateEvent } from '../../peer/private.ts';
import type { Effect, Env } from './event.ts';
import { activeTab, chatTabOf, notice, personTabOf, stillOpen, tabName } from './lookup.ts';
import { tell } from './messenger.ts';
import { forgetInLayouts } from './panes/layout.ts';
import { pastFailed, pastForgotten } from './past.ts';
import { unlockTold } from './secret-prompt.ts';
import type { State, Tab } from './state.ts';

/** Questions without an answer: more than a person asks at once. The oldest is forgotten then, and answered elsewhere. */
const MAX_QUESTIONS = 50;

/** @param forgets all that there was with them is removed, if it can be. @returns no effects: it goes after this event. */
export function askAbout(
  state: State,
  tab: Tab,
  person: UserName | undefined,
  command: PrivateCommand,
  forgets = false,
): readonly Effect[] {
  const { answerTo } = state.inner;
  const [oldest] = answerTo.keys();
  if (answerTo.size >= MAX_QUESTIONS && oldest !== undefined) answerTo.delete(oldest);
  answerTo.set(keyOf(state, person), { tab: tabName(tab), ...(forgets ? { forgets } : {}) });
  tell(state, command);
  return [];
}

/** About ourselves it is with our name and without it. */
const keyOf = (state: State, person: UserName | undefined): UserName | '' =>
  person === undefined || person === state.self?.name ? '' : person;

/** Shown where it was asked for; else in a tab of the person's, or the one in front. */
export function told(state: State, env: Env, event: Extract<PrivateEvent, { type: 'told' }>): void {
  const { person, text, bad } = event;
  if (event.about === 'unlock' && unlockTold(state, text, bad)) return;
  const { answerTo } = state.inner;
  const key = keyOf(state, person);
  const asked = answerTo.get(key);
  answerTo.delete(key);
  if (bad && state.inner.verifying === person) state.inner.verifying = undefined;
  const own = person === undefined ? undefined : personTabOf(state, person);
  if (bad && own !== undefined) pastFailed(own);
  if (asked?.forgets === true && !bad) {
    if (own !== undefined) pastForgotten(own);
    if (person !== undefined) forgetInLayouts(state, person);
  }
  notice(asked === undefined ? tabFor(state, person, own) : stillOpen(state, asked.tab), env, text, bad);
}

function tabFor(state: State, person: UserName | undefined, own: Tab | undefined): Tab {
  const front = activeTab(state);
  if (person === undefined || (front.kind !== 'room' && front.person === person)) return front;
  return own ?? chatTabOf(state, person) ?? front;
}
