/** A line of a log in words. */
import { sanitizeText } from '../../base/text/sanitize.ts';
import { clockTime, dayOf, dayTitle } from '../../base/text/time.ts';
import { isIgnored } from '../core/ignored.ts';
import type { LogEntry, MessageEntry } from '../core/message-log.ts';
import type { State, Tab } from '../core/state.ts';
import { foldedText } from '../view/events.ts';
import { deletedWords } from '../view/message-lines.ts';
import { quoted } from '../view/quote.ts';

/** Characters of a text that stands for its message. */
const SHORT = 60;

/** One line each, further ones indented, so that none can be taken for another's. */
export const safeLines = (text: string): string[] =>
  sanitizeText(text)
    .split('\n')
    .map((line, index) => (index === 0 ? line : `    ${line}`));

/** The beginning of a text, in one line. */
export function shortText(text: string): string {
  const line = sanitizeText(text).replaceAll(/\s+/g, ' ');
  const characters = Array.from(line);
  return characters.length <= SHORT ? line : `${characters.slice(0, SHORT).join('')}...`;
}

function messageText(state: State, tab: Tab, entry: MessageEntry): string {
  const { from, re, text } = entry;
  if (entry.deleted === true) return `${from}: ${deletedWords(entry)}`;
  const edited = entry.edited === undefined ? '' : ' (edited)';
  const answers = re === undefined ? '' : ` (answers ${quoted(state, tab, re, SHORT, '...')})`;
  return `${from}${answers}: ${text}${edited}`;
}

/** Without the time; undefined for what is left out. */
function words(state: State, tab: Tab, entry: LogEntry): string | undefined {
  switch (entry.kind) {
    case 'message':
      return isIgnored(state.ignored, entry.from) ? undefined : messageText(state, tab, entry);
    case 'event':
      return entry.sign !== '*' && isIgnored(state.ignored, entry.user) ? undefined : foldedText([entry]);
    case 'announcement': {
      const day = dayOf(entry.said) === dayOf(entry.time) ? '' : `${dayTitle(entry.said)} `;
      const when = entry.time - entry.said < 60_000 ? '' : `, ${day}${clockTime(entry.said)}`;
      return `ANNOUNCEMENT by ${entry.from}${when}: ${entry.text}`;
    }
    case 'notice':
      return entry.bad ? `! ${entry.text}` : entry.text;
  }
}

/** `09:12 alice: morning`; none for what is left out. A notice is our own program's, and has no time. */
export function entryLines(state: State, tab: Tab, entry: LogEntry): string[] {
  const said = words(state, tab, entry);
  if (said === undefined) return [];
  return safeLines(entry.kind === 'notice' ? said : `${clockTime(entry.time)} ${said}`);
}
