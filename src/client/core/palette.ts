/**
 * The palette (Ctrl-K): a few letters find a tab, a room, a person or a command. It takes the keys while it is open; what
 * leads elsewhere closes it and does its work.
 */

import type { Action, EditAction } from '../keys/action.ts';
import { hitAt } from '../view/palette.ts';
import type { Effect, Env } from './event.ts';
import type { RoomLine } from './inner.ts';
import { edit, type InputLine, insert } from './input-line.ts';
import { listSteps } from './list-steps.ts';
import { hint, isOnline } from './lookup.ts';
import { askFor, choose } from './palette-choice.ts';
import { opened, withInput } from './palette-hits.ts';
import type { Item, Palette } from './palette-state.ts';
import { ask, isAsked } from './requests.ts';
import type { State } from './state.ts';

/** UTF-16 units that the palette's line takes: a command with its argument, and no message. */
const MAX_INPUT = 500;
/** Rooms that are kept of what the server lists. */
export const MAX_ROOMS_KNOWN = 5000;
/** Milliseconds in which the list of rooms isn't asked for again: the palette may be opened many times a minute. */
const ROOMS_EVERY_MS = 5000;
/** Hits that PgUp and PgDn pass over. */
const PAGE = 10;
/** And one notch of the wheel. */
const WHEEL_HITS = 3;

/** @param text is written already. */
export function openPalette(
  state: State,
  env: Env,
  find: Palette['find'],
  text: string = find === 'commands' ? '/' : '',
): Effect[] {
  state.selected = undefined;
  const input = { text, cursor: text.length };
  state.overlay = withInput(state, opened(state, find, input), input);
  return askRooms(state, env);
}

/** The server's rooms are asked for, where that wasn't done a moment ago. */
export function askRooms(state: State, env: Env): Effect[] {
  const { directory } = state.inner;
  if (!isOnline(state) || env.mono < directory.askedAt + ROOMS_EVERY_MS) return [];
  if (isAsked(state, ({ kind }) => kind === 'directory')) return [];
  directory.askedAt = env.mono;
  return ask(state, env, { type: 'rooms' }, { kind: 'directory', rows: [] });
}

/**
 * The server's rooms as they come, whoever looks at them by then.
 * @param more others follow: until then those that are known and not named again stay.
 */
export function roomsTold(state: State, rows: readonly RoomLine[], more: boolean): void {
  const { directory } = state.inner;
  const named = new Set(rows.map(({ name }) => name));
  const before = more ? directory.rooms.filter(({ name }) => !named.has(name)) : [];
  directory.rooms = [...rows, ...before].slice(0, MAX_ROOMS_KNOWN);
  const { overlay } = state;
  if (overlay?.kind !== 'palette') return;
  const next = withInput(state, opened(state, overlay.find, overlay.input), overlay.input);
  // Whoever has chosen something stays on it.
  const chosen = overlay.index === undefined || overlay.index === 0 ? undefined : overlay.hits[overlay.index]?.item;
  const at = chosen === undefined ? -1 : next.hits.findIndex(({ item }) => isSame(item, chosen));
  state.overlay = at < 0 ? next : { ...next, index: at };
}

const isSame = (a: Item, b: Item): boolean => a.kind === b.kind && a.name === b.name;

function write(state: State, palette: Palette, input: InputLine): void {
  if (input.text.length <= MAX_INPUT) state.overlay = withInput(state, palette, input);
}

const oneLine = (text: string): string => text.replaceAll(/\s/gu, ' ');

/** @param by rows down; one step past an end leads to the other. */
function move(state: State, palette: Palette, by: number): void {
  const count = palette.hits.length;
  if (count === 0) return;
  const from = palette.index ?? (by > 0 ? -1 : 0);
  const to = Math.abs(by) === 1 ? (from + by + count) % count : Math.max(0, Math.min(count - 1, from + by));
  state.overlay = { ...palette, index: to };
}

/** The keys of the next and previous tab move, too. */
const STEPS: ReturnType<typeof listSteps> = { ...listSteps(PAGE), previousTab: -1, nextTab: 1 };

/** @returns undefined where there is no palette, or the key has closed it and has its own work to do. */
export function paletteKey(state: State, env: Env, action: Action): readonly Effect[] | undefined {
  const { overlay: palette } = state;
  if (palette?.kind !== 'palette') return undefined;
  // Its own key, pressed again, goes down.
  const again = action.kind === 'palette' && action.find === palette.find && action.text === undefined;
  const step = again ? 1 : STEPS[action.kind];
  if (step !== undefined) {
    move(state, palette, step);
    return [];
  }
  if (action.kind === 'insert' || action.kind === 'paste') {
    write(state, palette, insert(palette.input, oneLine(action.text)));
    return [];
  }
  if (action.kind === 'edit') return change(state, palette, action.edit);
  if (action.kind === 'submit') return choose(state, env, palette);
  if (action.kind === 'complete') return complete(state, palette, action.back);
  if (action.kind === 'privateChat') return askFor(state, env, palette);
  if (action.kind === 'deleteOrQuit' && palette.input.text !== '') return change(state, palette, 'deleteForward');
  if (action.kind === 'redraw') return [{ do: 'redraw' }];
  state.overlay = undefined;
  return action.kind === 'cancel' || action.kind === 'quit' || action.kind === 'deleteOrQuit' ? [] : undefined;
}

/** A click chooses the hit, and goes there; beside the hits it closes the palette. */
export function clickPalette(state: State, env: Env, y: number): readonly Effect[] {
  const { overlay } = state;
  if (overlay?.kind !== 'palette') return [];
  const index = hitAt(state, y);
  state.overlay = index === undefined ? undefined : { ...overlay, index };
  return state.overlay === undefined ? [] : choose(state, env, state.overlay);
}

export function turnPalette(state: State, up: boolean): void {
  if (state.overlay?.kind === 'palette') move(state, state.overlay, up ? -WHEEL_HITS : WHEEL_HITS);
}

function change(state: State, palette: Palette, action: EditAction): readonly Effect[] {
  if (action === 'newline') return [];
  const input = edit(palette.input, action);
  // Moving in it leaves what is chosen as it is.
  if (input.text === palette.input.text) state.overlay = { ...palette, input };
  else write(state, palette, input);
  return [];
}

/** Tab writes what is chosen, so that more can be written behind it; Shift-Tab goes back. */
function complete(state: State, palette: Palette, back: boolean): readonly Effect[] {
  const hit = palette.hits[palette.index ?? 0];
  if (back) move(state, palette, -1);
  else if (hit === undefined) hint(state, 'nothing fits');
  else write(state, palette, lineOf(completed(palette.input.text, hit.item)));
  return [];
}

const lineOf = (text: string): InputLine => ({ text, cursor: text.length });

/** The line with an item in it, as if it had been written. */
function completed(text: string, { kind, name }: Item): string {
  if (kind === 'argument') return `${/^\s*\/\S+/u.exec(text)?.[0] ?? ''} ${name} `;
  return kind === 'command' ? `${name} ` : name;
}
