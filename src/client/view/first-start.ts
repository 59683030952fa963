/** What the lobby says to whoever is here for the first time. */
import type { DeviceId, UserName } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { isGuest, LOBBY } from '../../protocol/names.ts';
import { keyFor, wayToTab } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';

/** Groups of one's own fingerprint that are shown: enough to tell it from others at a glance. */
const SHOWN_GROUPS = 4;

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
  if (state.lan !== undefined) return lanText(state, self.name, state.lan.device);
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

/** Who hears what, where nobody is in the middle. */
function lanText(state: State, name: UserName, device: DeviceId): string[] {
  const key = state.fingerprintOf?.(device).split(' ').slice(0, SHOWN_GROUPS).join(' ');
  return [
    `Welcome to the local network, ${name}: there is no server.`,
    '',
    ...told([
      [LOBBY, 'is heard by everybody on this network'],
      ['/msg', 'writes to one person: encrypted, and direct'],
      [keyFor(state, 'private-chat'), 'on a name: a private chat, likewise'],
      ['your key', `${key === undefined ? 'is who you are' : `begins ${key}`}: /dhkey shows it`],
      ['/verify', 'is it really them? A name is no proof'],
      [wayToTab(state, 1), `the first tab, ${wayToTab(state, 2)} the second, and so on`],
      [keyFor(state, 'keys'), 'all keys'],
      ['/help', 'all commands'],
      ['/quit', 'leaves'],
    ]),
  ];
}
