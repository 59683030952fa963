import { blockNow } from './blocking.ts';
import { quit } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { replaceText } from './input-line.ts';
import { activeTab, chatTabs, hint, keyFor } from './lookup.ts';
import { countUnsent } from './outbox.ts';
import type { State } from './state.ts';

/** As in a shell: what stands in the line is wiped away first, and undo brings it back. */
export function interruptLine(state: State, env: Env): Effect[] {
  const tab = activeTab(state);
  if (tab.draft.text === '') return tryToQuit(state, env);
  tab.draft = replaceText(tab.draft, '');
  hint(state, `${keyFor(state, 'undo')} brings it back, ${keyFor(state, 'quit')} quits`);
  return [];
}

/** Leaves; where something of ours has not reached the server, or a private chat ends by it, only when asked twice in a row. */
export function tryToQuit(state: State, env: Env): Effect[] {
  const lost = whatIsLost(state);
  if (lost === undefined || state.inner.quitAsked) return [...blockNow(state, env), ...quit(state, env)];
  state.inner.quitAsked = true;
  hint(state, lost, true);
  return [];
}

function whatIsLost(state: State): string | undefined {
  const unsent = countUnsent(state);
  const what = unsent === 1 ? '1 message has' : `${unsent} messages have`;
  if (unsent > 0) return `${what} not been sent: quit once more to leave all the same`;
  // Its keys are destroyed at its end, and nothing brings it back.
  const [chat, ...more] = chatTabs(state).filter(
    ({ status, person }) => status.kind === 'open' && !state.inner.blocking.has(person),
  );
  if (chat === undefined) return undefined;
  const ends = more.length === 0 ? `a private chat with ${chat.person} ends` : `${more.length + 1} private chats end`;
  return `${ends}: ${keyFor(state, 'quit')} once more`;
}
