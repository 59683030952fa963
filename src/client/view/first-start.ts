/** What the lobby says to whoever is here for the first time. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { isGuest, LOBBY } from '../../protocol/names.ts';
import { keyFor, wayToTab } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';

export const isFirstStart = ({ self, welcoming }: State, tab: Tab): boolean =>
  welcoming && self !== undefined && tab.kind === 'room' && tab.room === LOBBY && tab.scroll.kind === 'tail';

/** What to press or to write, and in the next column what that does. */
function told(lines: readonly (readonly [what: string, words: string])[]): string[] {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, words]) => `${what.padEnd(width)}   ${words}`);
}

/** One thing to know, and one thing to press, a line. */
export function firstStartText(state: State): string[] {
  const { self } = state;
  if (self === undefined) return [];
  const server = state.serverName === '' ? '' : ` to ${sanitizeLine(state.serverName)}`;
  const who = isGuest(self.name)
    ? 'you are a guest here: the ~ says that nobody vouches for your name.'
    : self.proved === true
      ? 'this is your account.'
      : 'this host says who you are, so there is no password.';
  return [
    `Welcome${server}, ${self.name}: ${who}`,
    '',
    ...told([
      [keyFor(state, 'send'), 'sends what you type to everyone here'],
      ['/msg', 'writes to one person: /msg bob hello'],
      [keyFor(state, 'private-chat'), 'on a name: a private chat, end-to-end encrypted'],
      [wayToTab(state, 1), `the first tab, ${wayToTab(state, 2)} the second, and so on`],
      [keyFor(state, 'keys'), 'all keys'],
      ['/help', 'all commands'],
      ['/quit', 'leaves'],
    ]),
  ];
}
