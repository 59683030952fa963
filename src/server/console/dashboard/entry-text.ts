/** The log's entries as text. */
import { sanitizeLine } from '../../../base/text/sanitize.ts';
import { clockTime, openLines } from '../lines.ts';
import type { Entry } from './event-log.ts';

/** Cells of the time and the space behind it. */
export const INDENT = 9;
/** Characters of an entry that are looked at: four rows of the widest terminal, each character with a mark or two. */
const MAX_ENTRY_CHARS = 4000;

let line = '';
const lines = openLines((text) => {
  line = text;
});

/** The same words as in the console of lines. */
export function textOf({ event, time }: Entry): string {
  if (event.kind === 'typed' || event.kind === 'answer') {
    const text = sanitizeLine(event.text.slice(0, MAX_ENTRY_CHARS));
    return event.kind === 'typed' ? `${clockTime(time)} operator> ${text}` : ' '.repeat(INDENT) + text;
  }
  const text = 'text' in event ? { ...event, text: event.text.slice(0, MAX_ENTRY_CHARS) } : event;
  lines.show(text, time);
  return line.slice(0, -1);
}
