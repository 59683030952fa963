/** A text that is too long for one message, as several that are not. */
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import { boundaryBefore } from './input-words.ts';

/** As much of it, from its beginning, as so many bytes of UTF-8 hold: UTF-16 units, on a boundary of code points. */
function unitsWithin(text: string, bytes: number): number {
  let left = bytes;
  let at = 0;
  for (const character of text) {
    left -= utf8Bytes(character);
    if (left < 0) return at;
    at += character.length;
  }
  return at;
}

/** Where the first part ends, and the next begins: after a line, else after a word, else after a character. */
function cut(text: string, bytes: number): readonly [end: number, next: number] {
  const most = unitsWithin(text, bytes);
  // What stands right behind the part may be the end of its line.
  const line = text.lastIndexOf('\n', most);
  if (line > most / 2) return [line, line + 1];
  const blank = text.lastIndexOf(' ', most);
  if (blank > most / 2) return [blank, blank + 1];
  const character = boundaryBefore(text, most);
  // One character that no message holds: only mischief makes such, and it needn't stay whole.
  return character > 0 ? [character, character] : [most, most];
}

/** In their order, each with something in it and with `bytes` of UTF-8 at most. The text is well-formed. */
export function parts(text: string, bytes = MAX_TEXT_BYTES): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [end, next] = utf8Bytes(rest) <= bytes ? [rest.length, rest.length] : cut(rest, bytes);
    const part = rest.slice(0, end).trimEnd();
    if (part !== '') found.push(part);
    // Empty lines at a part's beginning say nothing.
    rest = rest.slice(next).replace(/^\n+/, '');
  }
  return found;
}
