/** A slash command as a line: from the input, from the palette, or by a key that it is bound to. */
import { err } from '../../base/result.ts';
import type { Outcome } from '../commands/command.ts';
import { findCommand, notFound } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { needsServer } from '../commands/on-lan.ts';
import type { Env } from './event.ts';
import { activeTab } from './lookup.ts';
import type { State } from './state.ts';

/** In the tab that is in front. @param line begins with the slash. */
export function runLine(state: State, env: Env, line: string): Outcome {
  const end = line.search(/\s/);
  const name = line.slice(1, end < 0 ? undefined : end);
  const command = findCommand(COMMANDS, name);
  if (command === undefined) return err(notFound(state, COMMANDS, name));
  const args = end < 0 ? '' : line.slice(end).trim();
  const why = needsServer(state, command);
  return why !== undefined ? err(why) : command.run({ state, env, tab: activeTab(state), args, commands: COMMANDS });
}
