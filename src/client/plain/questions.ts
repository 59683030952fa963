/** What the front asks of the state, and of a line, before it goes on. */
import { findCommand } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { isOnline, roomOf, roomTabs } from '../core/lookup.ts';
import type { State } from '../core/state.ts';

/** Older messages that `/history` tells at once: where one names no number, and at most. */
const OLDER_LINES = { usual: 20, most: 500 } as const;

/** The rooms and the people are known, so that a command has something to say; offline there is nothing to wait for. */
export const isKnown = (state: State): boolean =>
  state.connection.kind === 'online'
    ? state.inner.peopleKnown && roomTabs(state).every(({ room }) => roomOf(state, room).opened)
    : state.connection.kind !== 'connecting';

/** Messages to rooms that go as soon as the server takes them. Offline one may want to give a command. */
export const countWaiting = (state: State): number =>
  isOnline(state)
    ? roomTabs(state).reduce(
        (sum, tab) => sum + tab.pending.filter(({ state: { kind } }) => kind !== 'refused').length,
        0,
      )
    : 0;

/** Messages that will not go. */
export const countRefused = ({ tabs }: State): number =>
  tabs.reduce((sum, tab) => sum + tab.pending.filter(({ state: { kind } }) => kind === 'refused').length, 0);

const commandOf = (text: string): string | undefined => {
  const name = /^\/([^\s/]+)/.exec(text)?.[1];
  return name === undefined ? undefined : findCommand(COMMANDS, name)?.name;
};

export const isQuit = (text: string): boolean => commandOf(text) === 'quit';

type Older =
  /** An empty name: of the tab in front. */
  | { readonly kind: 'asked'; readonly name: string; readonly count: number }
  | { readonly kind: 'wrong'; readonly text: string };

/** `/history`, `/history 50`, `/history bob 50`; undefined: it is something else. */
export function olderAsked(text: string): Older | undefined {
  if (commandOf(text) !== 'history') return undefined;
  const words = text.trim().split(/\s+/).slice(1);
  const last = words.at(-1) ?? '';
  const isCount = /^\d+$/.test(last);
  const name = words[0] !== undefined && !(isCount && words.length === 1) ? words[0] : '';
  const count = isCount ? Number(last) : OLDER_LINES.usual;
  if (count < 1 || count > OLDER_LINES.most) {
    return { kind: 'wrong', text: `/history tells 1 to ${OLDER_LINES.most} messages, not ${last}` };
  }
  return { kind: 'asked', name, count };
}
