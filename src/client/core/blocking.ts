/**
 * Whom we block, and with whom there is a private chat or a request, hears first that it has ended: the server passes on
 * nothing more between the two once it knows of the block.
 */
import type { UserName } from '../../base/ids.ts';
import { end, isAsking, reject } from './chats.ts';
import type { Effect, Env } from './event.ts';
import type { Ignored } from './ignored.ts';
import type { TabName } from './inner.ts';
import { chatTabOf, chatTabs, hint, stillOpen, tabName } from './lookup.ts';
import { reaches } from './reaches.ts';
import { ask } from './requests.ts';
import type { ChatTab, State, Tab } from './state.ts';

/** Milliseconds that a chat's end may take: the messenger waits a second for what was said just before it. */
export const BLOCK_WITHIN_MS = 2000;
/** Milliseconds in which the messenger seals and sends that it has ended. */
export const BLOCK_AFTER_MS = 250;

function endWith(state: State, env: Env, chat: ChatTab): void {
  if (isAsking(chat)) reject(state, chat);
  else end(state, env, chat);
}

const liveWith = (state: State, person: UserName): ChatTab | undefined => {
  const chat = chatTabOf(state, person);
  return chat?.status.kind === 'ended' ? undefined : chat;
};

/** @param tab where the answer is shown. */
export function block(state: State, env: Env, tab: Tab, person: UserName): Effect[] {
  const { blocking } = state.inner;
  if (blocking.has(person)) return [];
  const chat = liveWith(state, person);
  if (chat === undefined) return order(state, env, tabName(tab), person);
  endWith(state, env, chat);
  blocking.set(person, { tab: tabName(tab), at: env.mono + BLOCK_WITHIN_MS, ended: false });
  return [];
}

const order = (state: State, env: Env, tab: TabName, user: UserName): Effect[] =>
  ask(state, env, { type: 'block', user }, { kind: 'order', tab: tabName(stillOpen(state, tab)) });

/** Blocks whoever is to be blocked by now. Called after every event. */
export function blockDue(state: State, env: Env): Effect[] {
  const effects: Effect[] = [];
  for (const [person, { tab, at, ended }] of state.inner.blocking) {
    const over = ended || liveWith(state, person) === undefined;
    const due = over && !ended ? Math.min(at, env.mono + BLOCK_AFTER_MS) : at;
    state.inner.blocking.set(person, { tab, at: due, ended: over });
    if (due > env.mono) continue;
    state.inner.blocking.delete(person);
    if (reaches(state, person)) effects.push(...order(state, env, tab, person));
    else hint(state, `there is no connection now, so ${person} is not blocked: give the command again`, true);
  }
  return effects;
}

/** Whoever leaves doesn't wait for it. */
export function blockNow(state: State, env: Env): Effect[] {
  for (const [person, block] of state.inner.blocking) state.inner.blocking.set(person, { ...block, at: env.mono });
  return blockDue(state, env).filter((effect) => effect.do === 'send');
}

/** Monotonic ms at which `blockDue` has something to do. */
export const blockWake = (state: State): number | undefined =>
  state.inner.blocking.size === 0 ? undefined : Math.min(...state.inner.blocking.values().map(({ at }) => at));

/** They have come to be blocked, perhaps in another terminal of ours. */
export function endBlocked(state: State, env: Env, before: Ignored): void {
  for (const chat of chatTabs(state)) {
    const { person, status } = chat;
    const isNew = state.ignored.blocked.has(person) && !before.blocked.has(person);
    if (isNew && status.kind !== 'ended') endWith(state, env, chat);
  }
}
