/** What was sent from here, to be written again: the arrow keys walk through it, and give back the draft at its end. */
import { replaceText } from './input-line.ts';
import { roomOf } from './lookup.ts';
import type { State, Tab } from './state.ts';

/** Lines: nobody walks further with one key. */
export const MAX_SENT = 200;

/** A line was sent; the walk, if there was one, is over. */
export function remember(state: State, tab: Tab, text: string): void {
  const { sent } = state.inner;
  roomOf(state, tab.room).browse = undefined;
  if (sent.at(-1) === text) return;
  sent.push(text);
  if (sent.length <= MAX_SENT) return;
  sent.shift();
  // Walks in other tabs stand where they stood.
  for (const room of state.inner.rooms.values()) {
    if (room.browse !== undefined) room.browse = { ...room.browse, index: Math.max(0, room.browse.index - 1) };
  }
}

export function previous(state: State, tab: Tab): void {
  const room = roomOf(state, tab.room);
  const { sent } = state.inner;
  const index = (room.browse?.index ?? sent.length) - 1;
  const text = sent[index];
  if (text === undefined) return;
  room.browse = { index, draft: room.browse?.draft ?? tab.draft };
  tab.draft = replaceText(tab.draft, text);
}

export function next(state: State, tab: Tab): void {
  const room = roomOf(state, tab.room);
  if (room.browse === undefined) return;
  const index = room.browse.index + 1;
  const text = state.inner.sent[index];
  if (text === undefined) {
    tab.draft = room.browse.draft;
    room.browse = undefined;
    return;
  }
  room.browse = { ...room.browse, index };
  tab.draft = replaceText(tab.draft, text);
}
