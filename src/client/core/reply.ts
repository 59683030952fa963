/** What a draft can be beside a new message of its own: an answer to one, or another text for one of ours. */

import type { UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { askChange, forbidden, untouchable } from './change-request.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import { remember } from './input-history.ts';
import { cleared, replaceText } from './input-line.ts';
import { hint, keyFor, logOf } from './lookup.ts';
import type { MessageEntry } from './message-log.ts';
import type { State, Tab, Writing } from './state.ts';

/** The newest message for which a test holds; deleted ones, and those that are left out, don't count. */
function newest({ ignored }: State, { log: { entries } }: Tab, test: (entry: MessageEntry) => boolean) {
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry?.kind !== 'message' || entry.deleted === true || isIgnored(ignored, entry.from)) continue;
    if (test(entry)) return entry;
  }
  return undefined;
}

export const newestOwn = (state: State, tab: Tab): MessageEntry | undefined =>
  newest(state, tab, ({ from }) => from === state.self?.name);

export const newestOfOthers = (state: State, tab: Tab): MessageEntry | undefined =>
  newest(state, tab, ({ from }) => from !== state.self?.name);

/** As people write names: `bob`, `@Bob`, `bob:`; a guest also without the `~`, where nobody else has that name. */
export function newestBy(state: State, tab: Tab, typed: string): MessageEntry | undefined {
  const name = typed.replace(/^@/, '').replace(/[:,]$/, '').toLowerCase();
  if (name === '') return undefined;
  return (
    newest(state, tab, ({ from }) => from.toLowerCase() === name) ??
    newest(state, tab, ({ from }) => from.toLowerCase() === `~${name}`)
  );
}

/** Whose messages are in the tab, whoever wrote last in front. */
export function speakers(state: State, { log: { entries } }: Tab): UserName[] {
  const found = new Set<UserName>();
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'message' && entry.deleted !== true) found.add(entry.from);
  }
  return [...found].filter((name) => !isIgnored(state.ignored, name));
}

export function startReply(tab: Tab, entry: MessageEntry): Result<undefined, string> {
  const wrong = untouchable(tab, entry);
  if (wrong !== undefined) return err(wrong);
  stopWriting(tab);
  tab.writing = { kind: 'reply', to: entry.seq };
  return ok(undefined);
}

/** Its text takes the draft's place until it is sent, or given up. */
export function startCorrecting(state: State, tab: Tab, entry: MessageEntry): Result<undefined, string> {
  const wrong = forbidden(state, tab, entry, 'edit');
  if (wrong !== undefined) return err(wrong);
  stopWriting(tab);
  tab.inner.browse = undefined;
  tab.writing = { kind: 'correct', seq: entry.seq, before: tab.draft };
  // A text that begins so is no command.
  const text = entry.text.startsWith('/') ? `/${entry.text}` : entry.text;
  tab.draft = replaceText(cleared(tab.draft), text);
  return ok(undefined);
}

/** The draft is a new message again, or the one that was there before. @returns false where it was. */
export function stopWriting(tab: Tab): boolean {
  const { writing } = tab;
  if (writing === undefined) return false;
  tab.writing = undefined;
  if (writing.kind === 'correct') tab.draft = writing.before;
  return true;
}

/** Enter. @param text the new one. */
export function sendCorrection(
  state: State,
  env: Env,
  tab: Tab,
  { seq }: Extract<Writing, { kind: 'correct' }>,
  text: string,
): readonly Effect[] {
  const entry = logOf(tab).find(seq);
  const asked =
    entry === undefined
      ? err(
          `that message is no longer on this screen: ${keyFor(state, 'page-up')} brings it back, ` +
            `${keyFor(state, 'cancel')} gives it up`,
        )
      : entry.text === text
        ? ok([])
        : askChange(state, env, tab, entry, { do: 'edit', text });
  if (!asked.ok) {
    hint(state, asked.error, true);
    return [];
  }
  remember(state, tab, text);
  stopWriting(tab);
  return asked.value;
}
