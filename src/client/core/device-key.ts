/** This device's own key, and the account that it logs in to. */
import type { Effect, Env, Event } from './event.ts';
import type { Purpose } from './inner.ts';
import { activeTab, hint, tabName } from './lookup.ts';
import { ask } from './requests.ts';
import type { State } from './state.ts';

/** The key that `/key add` asked the shell for. */
export function addKey(
  state: State,
  env: Env,
  { key, fingerprint, label }: Extract<Event, { type: 'deviceKey' }>,
): Effect[] {
  const purpose = { kind: 'keyAdd', tab: tabName(activeTab(state)), fingerprint } as const;
  const effects = ask(state, env, { type: 'key_add', key, label }, purpose);
  if (effects.length === 0) hint(state, 'the connection ended: give the command again', true);
  return effects;
}

/** The server has done it, and this client must know of it at its next start. */
export function keyDone(
  { self }: State,
  { kind, fingerprint }: Extract<Purpose, { kind: 'keyAdd' | 'keyRemove' }>,
): Effect[] {
  if (self === undefined) return [];
  return kind === 'keyAdd'
    ? [{ do: 'enrolled', name: self.name }]
    : [{ do: 'unenrolled', name: self.name, fingerprint }];
}
