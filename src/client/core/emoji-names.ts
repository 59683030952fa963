/**
 * `:thumbsup:` is 👍, but `a:b:c`, `12:30:00` and `http://host:80/` are what they are: where in a text a shortcode stands.
 * By itself it becomes its emoji only where nothing of what people write in code, times or addresses looks like it; by
 * Tab also where it has one letter, or digits alone.
 */
import { type InputLine, replacePart } from './input-line.ts';
import { characterStart } from './input-words.ts';

/** Names, without their colons, and what they stand for; in the order in which they are offered. */
export type EmojiTable = ReadonlyMap<string, string>;

/** A shortcode in a text: its name, and the UTF-16 index of its first colon. */
export interface Named {
  readonly name: string;
  readonly from: number;
}

/** `replaces`: names become emoji as they are typed. The table is large, so it comes when it is needed. */
export type Emoji = { readonly replaces: boolean } & (
  | { readonly kind: 'none' | 'loading' }
  | { readonly kind: 'ready'; readonly table: EmojiTable }
);

/** UTF-16 units of a name: the longest has 36. */
const MAX_NAME = 40;
/** What names are made of: `+1`, `e-mail`, `woman_astronaut`. */
const NAME_AT_END = new RegExp(`:([a-z0-9_+-]{1,${MAX_NAME}})$`);
/** Of several characters, and not of digits alone, which are times and ports. */
const WHOLE_AT_END = new RegExp(`:(?!\\d+:)([a-z0-9_+-]{2,${MAX_NAME}}):$`);
/** What it may stand behind: a blank, an opening bracket or quotation mark; and another emoji. */
const BEFORE = /[\s("“„«]/u;
const PICTURE = /^[\p{ExtPict}\p{RI}]/u;
/** What makes it a piece of code or a path, if it follows at once. */
const GOES_ON = /^[\p{L}\p{N}_/]/u;

export const goesOn = (text: string): boolean => GOES_ON.test(text);

/** Behind an odd number of backticks in its line, or in an open block of code. */
function isCode(text: string, index: number): boolean {
  const before = text.slice(0, index);
  if (!before.includes('`')) return false;
  if ((before.match(/^```/gm)?.length ?? 0) % 2 === 1) return true;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (line.match(/`/g)?.length ?? 0) % 2 === 1;
}

/** Whether a shortcode may begin at an index: nothing that it would be part of stands before it. */
function mayBegin(text: string, index: number): boolean {
  const isFree =
    index === 0 || BEFORE.test(text.charAt(index - 1)) || PICTURE.test(text.slice(characterStart(text, index), index));
  return isFree && !isCode(text, index);
}

/** The part of what stands before the cursor that a shortcode could be in. */
const tail = ({ text, cursor }: InputLine): string => text.slice(Math.max(0, cursor - MAX_NAME - 2), cursor);

/** A name that has been begun before the cursor, and where its colon stands. */
export function begunName(line: InputLine): Named | undefined {
  const name = NAME_AT_END.exec(tail(line))?.[1];
  if (name === undefined) return undefined;
  const from = line.cursor - name.length - 1;
  return mayBegin(line.text, from) ? { name, from } : undefined;
}

/** The shortcode that ends at the cursor. */
export function endedName(line: InputLine): Named | undefined {
  const name = WHOLE_AT_END.exec(tail(line))?.[1];
  if (name === undefined || goesOn(line.text.slice(line.cursor, line.cursor + 2))) return undefined;
  const from = line.cursor - name.length - 2;
  return mayBegin(line.text, from) ? { name, from } : undefined;
}

/** The line with the emoji of a shortcode; undefined where it isn't there any more, or there is none of that name. */
export function withEmoji(line: InputLine, { name, from }: Named, table: EmojiTable): InputLine | undefined {
  const emoji = table.get(name);
  const to = from + name.length + 2;
  const isThere = line.text.slice(from, to) === `:${name}:` && !goesOn(line.text.slice(to, to + 2));
  return emoji !== undefined && isThere ? replacePart(line, from, to, emoji, 'stay') : undefined;
}

/** Names that begin so, and after them those of which a later part does: `up` finds `thumbsup` last, `arrow_up` first. */
export function namesLike(table: EmojiTable, typed: string): string[] {
  const names = [...table.keys()];
  const begin = names.filter((name) => name.startsWith(typed));
  const inside = names.filter((name) => !name.startsWith(typed) && name.includes(`_${typed}`));
  return [...begin, ...inside];
}
