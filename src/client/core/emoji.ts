/**
 * A shortcode becomes its emoji at the moment when its second colon is typed: so it is seen before it is sent, and undo
 * takes it back. What is pasted, or comes from the history, stays as it is. Where a letter follows at once it was no
 * emoji but a piece of code, `:key:value`, and is put back.
 */
import { graphemes } from '../../base/text/graphemes.ts';
import { begunName, type EmojiTable, endedName, goesOn, type Named, withEmoji } from './emoji-names.ts';
import type { Effect } from './event.ts';
import { edit, FULL, insert } from './input-line.ts';
import { hint } from './lookup.ts';
import type { State, Tab } from './state.ts';

/** Names that wait for the table: nobody types more before it comes. */
const MAX_UNNAMED = 20;

/** Asks for the table, once. */
export function loadEmoji(state: State): readonly Effect[] {
  const { emoji } = state.inner;
  if (emoji.kind !== 'none') return [];
  state.inner.emoji = { ...emoji, kind: 'loading' };
  return [{ do: 'loadEmoji' }];
}

/** What is typed, one character after the other. */
export function typeText(state: State, tab: Tab, text: string): readonly Effect[] {
  const before = tab.draft;
  // Nearly always it is one; what came together over a slow line is typed in turn.
  const characters = state.inner.emoji.replaces && text.includes(':') ? graphemes(text) : [text];
  const effects = characters.flatMap((character) => typeCharacter(state, tab, character));
  if (tab.draft === before) hint(state, FULL, true);
  return effects;
}

function typeCharacter(state: State, tab: Tab, character: string): readonly Effect[] {
  // Nothing has happened since the emoji came.
  if (tab.draft === tab.inner.pictured && goesOn(character)) tab.draft = edit(tab.draft, 'undo');
  tab.draft = insert(tab.draft, character);
  if (!state.inner.emoji.replaces) return [];
  const ended = character === ':' ? endedName(tab.draft) : undefined;
  if (ended !== undefined) nameEnded(state, tab, ended);
  return begunName(tab.draft) === undefined ? [] : loadEmoji(state);
}

function nameEnded({ inner: { emoji } }: State, tab: Tab, named: Named): void {
  if (emoji.kind !== 'ready') {
    tab.inner.unnamed = [...tab.inner.unnamed, named].slice(-MAX_UNNAMED);
    return;
  }
  const line = withEmoji(tab.draft, named, emoji.table);
  if (line === undefined) return;
  tab.draft = line;
  tab.inner.pictured = line;
}

/** The table has come; whoever was faster than it has names in the line that are still to become emoji. */
export function emojiCame(state: State, table: EmojiTable): void {
  state.inner.emoji = { ...state.inner.emoji, kind: 'ready', table };
  for (const tab of state.tabs) {
    // From the end, so that the places before it stay what they are.
    for (const named of tab.inner.unnamed.toReversed()) tab.draft = withEmoji(tab.draft, named, table) ?? tab.draft;
    tab.inner.unnamed = [];
  }
}
