/**
 * Drafts outlive the program: what was being written in a room is there again at the next start. The disk gets only what
 * the room itself would get: no word of a private tab, and no command, which may have a secret or a private message in
 * it. It gets them when one pauses, since a disk that is asked at every key makes keys slow.
 */
import type { Env } from './event.ts';
import { cleaned } from './input-line.ts';
import { withDrafts } from './kept-drafts.ts';
import { tabName } from './lookup.ts';
import { keep } from './memory.ts';
import type { RoomTab, State, Tab } from './state.ts';
import { isCommand } from './submit-text.ts';

/** Milliseconds after the last change until a draft is kept, and at most after the first. */
const KEEP_AFTER = { rest: 2000, most: 30_000 } as const;

/** What of it is kept; empty: nothing. */
function keepable({ draft, writing }: Tab): string {
  // Another text for a message that is there already is no draft; what it stands in the place of is.
  const { text } = writing?.kind === 'correct' ? writing.before : draft;
  return text.trim() === '' || isCommand(text) ? '' : text;
}

/** A room has got its tab: what was written in it when the program ended comes back. */
function restore(state: State, tab: RoomTab): void {
  const name = tabName(tab);
  const kept = cleaned(state.memory.drafts?.find((one) => one.tab === name)?.text ?? '');
  if (kept !== '' && tab.draft.text === '') tab.draft = { text: kept, cursor: kept.length };
  tab.inner.keptDraft = { kept, seen: kept };
}

/** After every event. */
export function watchDrafts(state: State, env: Env): void {
  // Those that are kept are the full screen's.
  if (state.lines) return;
  for (const tab of state.tabs) {
    if (tab.kind !== 'room') continue;
    if (tab.inner.keptDraft === undefined) restore(state, tab);
    const text = keepable(tab);
    const { keptDraft } = tab.inner;
    if (keptDraft === undefined || text === keptDraft.seen) continue;
    tab.inner.keptDraft = { ...keptDraft, seen: text };
    const latest = state.inner.draftsDue?.latest ?? env.mono + KEEP_AFTER.most;
    // What was sent must not come back.
    const rest = text === '' ? 0 : KEEP_AFTER.rest;
    state.inner.draftsDue = { at: Math.min(latest, env.mono + rest), latest };
  }
  if (env.mono >= (draftsWake(state) ?? Number.POSITIVE_INFINITY)) keepDrafts(state);
}

/** At once: the program ends. */
export function keepDrafts(state: State): void {
  if (state.lines) return;
  state.inner.draftsDue = undefined;
  const changed = new Map<string, string>();
  for (const tab of state.tabs) {
    const text = tab.kind === 'room' ? keepable(tab) : '';
    if (tab.kind !== 'room' || text === tab.inner.keptDraft?.kept) continue;
    tab.inner.keptDraft = { kept: text, seen: text };
    changed.set(tabName(tab), text);
  }
  if (changed.size > 0) keep(state, { drafts: withDrafts(state.memory.drafts ?? [], changed) });
}

/** Monotonic ms at which drafts are to be kept. */
export const draftsWake = ({ inner: { draftsDue } }: State): number | undefined => draftsDue?.at;
