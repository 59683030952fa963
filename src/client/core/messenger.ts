/** What the core has to say to the messenger: noted while an event is dealt with, and given to the shell after it. */
import type { PrivateCommand } from '../../peer/private.ts';
import type { Effect } from './event.ts';
import type { State } from './state.ts';

export function tell(state: State, command: PrivateCommand): void {
  state.inner.commands.push(command);
}

/** In the order in which they were told. */
export function takeCommands({ inner }: State): Effect[] {
  if (inner.commands.length === 0) return [];
  const effects = inner.commands.map((command): Effect => ({ do: 'private', command }));
  inner.commands = [];
  return effects;
}

/** Why private chats can't be had now; undefined: they can. */
export const unavailable = ({ privates }: State): string | undefined =>
  privates.kind === 'unavailable' ? privates.text : undefined;

/** The same of what is kept of them on this device. */
export const logUnavailable = (state: State): string | undefined =>
  state.privates.kind === 'locked' ? 'the log is locked: /unlock asks for its passphrase' : unavailable(state);
