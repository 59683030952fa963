/** What keys do in this program: what `config.toml` chooses, and what that means where we run. */
import { type Configured, configuredKeys } from '../keys/configured.ts';
import type { ClientSettings } from './client-settings.ts';

/** @returns with what is wrong in it, a line each. */
export const chosenKeys = (
  { keys }: Pick<ClientSettings, 'keys'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Configured => configuredKeys(keys, { tmux: (env.TMUX ?? '') !== '', screen: (env.STY ?? '') !== '' });
