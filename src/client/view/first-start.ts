/** What the lobby says while nobody has said anything in it. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { isGuest, LOBBY } from '../../protocol/names.ts';
import type { State, Tab } from '../core/state.ts';

/** Entries among which one looks for a message: an empty lobby has hardly more than who came. */
const FEW = 32;

export function isFirstStart(state: State, tab: Tab): boolean {
  const { log, pending } = tab;
  return (
    tab.kind === 'room' &&
    tab.room === LOBBY &&
    state.self !== undefined &&
    log.older === 'none' &&
    pending.length === 0 &&
    log.entries.length < FEW &&
    log.entries.every(({ kind }) => kind !== 'message')
  );
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
    'Enter   sends what you type to everyone here',
    '/msg    writes to one person: /msg bob hello',
    'Alt-p   on a name: a private chat, end-to-end encrypted',
    'Alt-1   the first tab, Alt-2 the second, and so on',
    'F1      all keys',
    '/help   all commands',
    '/quit   leaves',
  ];
}
