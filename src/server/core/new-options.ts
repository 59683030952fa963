/** The settings were read again: what changes while the server runs. */
import type { Core, CoreOptions } from './core.ts';
import type { Instant } from './instant.ts';

/** What may change while people are here; they stay, whatever it is. */
export type LiveOptions = Pick<
  CoreOptions,
  'awayAfter' | 'logOffAfter' | 'guests' | 'hostLogin' | 'registration' | 'lockout' | 'rateLimit' | 'keep'
>;

export function newOptions(core: Core, options: LiveOptions, at: Instant): void {
  core.options = { ...core.options, ...options };
  core.lockouts.change(options.lockout);
  const users = [...core.users.values()];
  const those = (state: 'online' | 'away') => users.filter((user) => user.state === state);
  core.active.change(options.awayAfter, those('online'), at.mono);
  core.away.change(options.logOffAfter, those('away'), at.mono);
}
