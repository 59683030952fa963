/**
 * The prefix key: what it leads to, and how long.
 *
 *     nothing ── prefix ──► waiting ── a second ──► waiting, with a list of the keys
 *        ▲                    │ a key: its action; Esc or a key without one: a word
 *        └────────────────────┘
 *     waiting ── a key that repeats ──► repeating ── half a second, or another key ──► nothing
 *
 * Times are monotonic milliseconds.
 */
import type { Action } from '../keys/action.ts';
import { actionOf } from '../keys/bound.ts';
import type { Key } from '../keys/key.ts';
import { keyLabel } from '../keys/key-name.ts';
import type { Env } from './event.ts';
import { hint } from './lookup.ts';
import type { State } from './state.ts';

/** Milliseconds after which somebody who hesitates is shown what the next key can do: fingers that know it are faster. */
export const LIST_AFTER_MS = 1000;
/** Milliseconds in which a key that repeats needs no prefix, as tmux's repeat-time. */
export const REPEAT_WITHIN_MS = 500;

/** What a key means; `rest`: what was typed together with it, and comes after it. */
interface Meant {
  readonly action?: Action;
  readonly rest?: Key;
}

/** How the key is called among those after the prefix, and what is left of it. */
function nameOf(key: Key): { readonly name: string; readonly rest?: Key } {
  if (key.kind !== 'text') return { name: key.kind === 'key' ? key.name : '' };
  const [first = '', ...others] = Array.from(key.text);
  const name = first === ' ' ? 'space' : first;
  return others.length === 0 ? { name } : { name, rest: { kind: 'text', text: others.join('') } };
}

export function meantBy(state: State, env: Env, key: Key): Meant {
  const { keymap, prefix: before } = state;
  state.prefix = undefined;
  if (state.overlay?.kind === 'prefix') state.overlay = undefined;
  if (before?.kind === 'waiting' && key.kind !== 'paste') return afterPrefix(state, env, key);
  if (before?.kind === 'repeating' && env.mono < before.until && key.kind === 'key') {
    const again = keymap.after.get(key.name);
    if (again?.repeats === true) return repeated(state, env, again.action);
  }
  const action = actionOf(key, keymap);
  if (action === undefined) return {};
  if (action.kind !== 'prefix') return { action };
  state.prefix = { kind: 'waiting', since: env.mono, listed: false };
  return {};
}

function repeated(state: State, env: Env, action: Action): Meant {
  state.prefix = { kind: 'repeating', until: env.mono + REPEAT_WITHIN_MS };
  return { action };
}

function afterPrefix(state: State, env: Env, key: Key): Meant {
  const { keymap } = state;
  const { name, rest } = nameOf(key);
  const bound = keymap.after.get(name);
  if (bound?.repeats === true) return repeated(state, env, bound.action);
  if (bound !== undefined) return { action: bound.action, ...(rest === undefined ? {} : { rest }) };
  const prefix = keyLabel(keymap.prefix ?? '');
  const shows = [...keymap.after].find((entry) => entry[1].name === 'keys')?.[0];
  const how = shows === undefined ? '' : `; ${prefix} ${keyLabel(shows)} shows the keys`;
  const isLeft = actionOf(key, keymap)?.kind === 'cancel';
  hint(state, isLeft ? `${prefix} was left` : `${prefix} ${keyLabel(name)} does nothing${how}`);
  return {};
}

export function prefixTick(state: State, env: Env): void {
  const { prefix } = state;
  if (prefix?.kind !== 'waiting' || prefix.listed || env.mono < prefix.since + LIST_AFTER_MS) return;
  state.prefix = { ...prefix, listed: true };
  state.overlay ??= { kind: 'prefix' };
}

/** Monotonic ms at which the list of keys is due. */
export const prefixWake = ({ prefix }: State): number | undefined =>
  prefix?.kind === 'waiting' && !prefix.listed ? prefix.since + LIST_AFTER_MS : undefined;
