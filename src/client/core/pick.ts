/**
 * Message mode: the keys walk the messages, and letters do something with the one that they stand on. Each tab has its
 * own, which stays while one is in another tab.
 */
import { graphemes } from '../../base/text/graphemes.ts';
import { linksIn } from '../../base/text/links.ts';
import { sanitizeText } from '../../base/text/sanitize.ts';
import type { Action } from '../keys/action.ts';
import { newestInSight, oldestInSight, showMessage } from '../view/pick-sight.ts';
import { shownEntries } from '../view/shown.ts';
import { forbidden, untouchable } from './change-request.ts';
import { typeText } from './emoji.ts';
import type { Effect, Env } from './event.ts';
import { jumpTo } from './far.ts';
import { jumpToPast } from './far-past.ts';
import { isIgnored } from './ignored.ts';
import { activeTab, hint, keyFor, logOf } from './lookup.ts';
import { type MessageEntry, OWN_PLACES_FROM } from './message-log.ts';
import { answerQuestion, at } from './pick-question.ts';
import { placeInLog } from './places.ts';
import { startCorrecting, startReply } from './reply.ts';
import { askBefore, newer, OLDER_FROM, scroll } from './scrolling.ts';
import type { State, Tab } from './state.ts';

type Deed =
  | 'older'
  | 'newer'
  | 'oldest'
  | 'newest'
  | 'reply'
  | 'correct'
  | 'delete'
  | 'react'
  | 'copy'
  | 'link'
  | 'answered'
  | 'leave';

const LETTERS: Readonly<Record<string, Deed>> = {
  k: 'older',
  j: 'newer',
  g: 'oldest',
  G: 'newest',
  r: 'reply',
  e: 'correct',
  d: 'delete',
  '+': 'react',
  t: 'react',
  c: 'copy',
  o: 'link',
  u: 'answered',
  q: 'leave',
};

/** What the keys of the log and of the line do here. */
const KEYS: Readonly<Partial<Record<Action['kind'], Deed>>> = {
  historyPrevious: 'older',
  historyNext: 'newer',
  top: 'oldest',
  bottom: 'newest',
  submit: 'reply',
  cancel: 'leave',
  pickMessage: 'leave',
};

/** On the newest message in sight. */
export function startPicking(state: State, tab: Tab): void {
  const entry = newestInSight(state, tab);
  if (entry === undefined) {
    hint(state, 'there is no message here');
    return;
  }
  tab.pick = at(entry);
  showMessage(state, tab, entry);
}

function leave(tab: Tab): void {
  tab.pick = undefined;
}

/** The message that the keys stand on, where it is still to be seen. */
function picked(state: State, tab: Tab): MessageEntry | undefined {
  const entry = tab.pick === undefined ? undefined : logOf(tab).find(tab.pick.seq);
  return entry === undefined || isIgnored(state.ignored, entry.from) ? undefined : entry;
}

/** The page with it is on its way. */
const isAwaited = ({ pick, seeking }: Tab): boolean => pick !== undefined && pick.seq === seeking;

/** Something came, or the window has another size: the message stays on the screen, unless one has scrolled away from it. */
export function keepInSight(state: State, resized: boolean): void {
  const tab = activeTab(state);
  if (tab.pick === undefined) return;
  const entry = picked(state, tab);
  if (entry === undefined) {
    if (!isAwaited(tab)) leave(tab);
  } else if (resized || tab.scroll.kind === 'tail') showMessage(state, tab, entry);
}

/** @returns undefined for what has nothing to do with messages: it does its own work. */
export function pickKey(state: State, env: Env, action: Action): readonly Effect[] | undefined {
  const tab = activeTab(state);
  const { pick } = tab;
  if (pick === undefined) return undefined;
  // What came together over a slow line is typed in turn.
  const letters = action.kind === 'insert' ? graphemes(action.text) : [];
  if (letters.length > 1) return typeLetters(state, env, tab, letters);
  const entry = picked(state, tab);
  if (entry === undefined) {
    if (isAwaited(tab) && (action.kind === 'insert' || action.kind === 'edit')) return [];
    leave(tab);
    return action.kind === 'cancel' ? [] : undefined;
  }
  return answerQuestion(state, env, tab, pick, entry, action) ?? walk(state, env, tab, entry, action);
}

/** Where one of them ends the mode, those after it are for the line. */
function typeLetters(state: State, env: Env, tab: Tab, letters: readonly string[]): readonly Effect[] {
  return letters.flatMap((text) => pickKey(state, env, { kind: 'insert', text }) ?? typeText(state, tab, text));
}

function walk(state: State, env: Env, tab: Tab, entry: MessageEntry, action: Action): readonly Effect[] | undefined {
  const deed = KEYS[action.kind];
  if (deed !== undefined) return act(state, env, tab, entry, deed);
  if (action.kind === 'insert') return letter(state, env, tab, entry, action.text);
  if (action.kind === 'edit') {
    if (action.edit === 'lineStart') return act(state, env, tab, entry, 'oldest');
    return action.edit === 'lineEnd' ? act(state, env, tab, entry, 'newest') : [];
  }
  if (action.kind === 'pageUp' || action.kind === 'pageDown') return page(state, env, tab, entry, action.kind);
  if (action.kind === 'complete') return [];
  // It was meant for the line.
  if (action.kind === 'paste') leave(tab);
  return undefined;
}

function letter(state: State, env: Env, tab: Tab, entry: MessageEntry, typed: string): readonly Effect[] {
  const deed = LETTERS[typed];
  if (deed !== undefined) return act(state, env, tab, entry, deed);
  hint(state, `that key does nothing with a message; ${keyFor(state, 'cancel')} goes back to writing`);
  return [];
}

function act(state: State, env: Env, tab: Tab, entry: MessageEntry, deed: Deed): readonly Effect[] {
  switch (deed) {
    case 'older':
      return step(state, env, tab, entry, -1);
    case 'newer':
      return step(state, env, tab, entry, 1);
    case 'oldest':
    case 'newest':
      return toEnd(state, env, tab, deed);
    case 'reply':
      return began(state, tab, startReply(tab, entry));
    case 'correct':
      return began(state, tab, startCorrecting(state, tab, entry));
    case 'delete':
      return question(state, tab, entry, 'delete', forbidden(state, tab, entry, 'delete'));
    case 'react':
      return question(state, tab, entry, 'react', untouchable(tab, entry));
    case 'copy':
      return copy(state, tab, entry);
    case 'link':
      return copyLink(state, tab, entry);
    case 'answered':
      return toAnswered(state, env, tab, entry);
    case 'leave':
      leave(tab);
      return [];
  }
}

/** What follows is writing. */
function began(state: State, tab: Tab, result: ReturnType<typeof startReply>): readonly Effect[] {
  if (result.ok) leave(tab);
  else hint(state, result.error, true);
  return [];
}

function question(
  state: State,
  tab: Tab,
  entry: MessageEntry,
  asked: 'delete' | 'react',
  wrong: string | undefined,
): readonly Effect[] {
  if (wrong === undefined) tab.pick = at(entry, asked);
  else hint(state, wrong, true);
  return [];
}

function stand(state: State, tab: Tab, entry: MessageEntry | undefined): void {
  if (entry === undefined) return;
  tab.pick = at(entry);
  showMessage(state, tab, entry);
}

function step(state: State, env: Env, tab: Tab, { key }: MessageEntry, by: 1 | -1): readonly Effect[] {
  const entries = shownEntries(state, tab);
  let index = entries.findLastIndex((entry) => entry.key <= key) + by;
  while (entries[index] !== undefined && entries[index]?.kind !== 'message') index += by;
  const next = entries[index];
  if (next?.kind === 'message') stand(state, tab, next);
  if (by > 0) return newer(state, env, tab);
  return index < OLDER_FROM ? askBefore(state, env, tab) : [];
}

/** To the far end of the page that comes into sight. */
function page(state: State, env: Env, tab: Tab, entry: MessageEntry, kind: 'pageUp' | 'pageDown'): readonly Effect[] {
  const effects = scroll(state, env, tab, kind);
  const reached = kind === 'pageUp' ? oldestInSight(state, tab) : newestInSight(state, tab);
  if (reached === undefined) return effects;
  if (kind === 'pageUp' ? reached.key < entry.key : reached.key > entry.key) tab.pick = at(reached);
  return effects;
}

function toEnd(state: State, env: Env, tab: Tab, deed: 'oldest' | 'newest'): readonly Effect[] {
  const effects = scroll(state, env, tab, deed === 'oldest' ? 'top' : 'bottom');
  // The end is the log's, wherever one has read until now.
  const entries = deed === 'oldest' ? shownEntries(state, tab) : tab.log.entries.toReversed();
  const entry = entries.find((one) => one.kind === 'message' && !isIgnored(state.ignored, one.from));
  if (deed === 'oldest' && tab.seeking !== undefined) tab.pick = at({ seq: tab.seeking });
  else if (entry?.kind === 'message') tab.pick = at(entry);
  return effects;
}

function copy(state: State, tab: Tab, entry: MessageEntry): readonly Effect[] {
  const text = sanitizeText(entry.text);
  if (text === '') {
    hint(state, 'that message was deleted', true);
    return [];
  }
  const count = Array.from(text).length;
  hint(state, `copied the message: ${count} ${count === 1 ? 'character' : 'characters'}`);
  leave(tab);
  return [{ do: 'copy', text }];
}

/** One after the other, each time the key is pressed. */
function copyLink(state: State, tab: Tab, entry: MessageEntry): readonly Effect[] {
  const links = linksIn(sanitizeText(entry.text));
  const count = tab.pick?.links ?? 0;
  const index = count % Math.max(1, links.length);
  const link = links[index];
  if (link === undefined) {
    hint(state, 'there is no link in that message');
    return [];
  }
  tab.pick = { ...at(entry), links: count + 1 };
  const more = links.length > 1 ? `  (${index + 1} of ${links.length}, o: the next)` : '';
  hint(state, `copied ${link.href}${more}`);
  return [{ do: 'copy', text: link.href }];
}

function toAnswered(state: State, env: Env, tab: Tab, { re }: MessageEntry): readonly Effect[] {
  if (re === undefined) {
    hint(state, 'that message answers no other');
    return [];
  }
  const answered = logOf(tab).find(re) ?? tab.log.find(re);
  if (answered !== undefined && isIgnored(state.ignored, answered.from)) {
    hint(state, 'what it answers is left out here');
    return [];
  }
  // One that is held is there at once, any other when its page has come.
  const effects = tab.kind === 'room' ? jumpTo(state, env, tab, re) : [];
  if (tab.kind === 'person' && re < OWN_PLACES_FROM) jumpToPast(state, tab, placeInLog(re));
  const here = logOf(tab).find(re);
  if (here !== undefined) stand(state, tab, here);
  else if (tab.seeking === re) tab.pick = at({ seq: re });
  return effects;
}
