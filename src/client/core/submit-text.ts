/** A text becomes a message of ours, or several. */
import type { Seq } from '../../base/ids.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { Env } from './event.ts';
import { countPending, MAX_PENDING, oneByOne, queue } from './outbox.ts';
import type { State, Tab } from './state.ts';

/** Whether it is done and not said. */
export const isCommand = (text: string): boolean => text.startsWith('/') && !text.startsWith('//');

/** What is said of what stands in the line: two slashes say one. @param literal all of it, whatever it begins with. */
export function spoken(text: string, literal = false): string {
  const whole = text.toWellFormed().trimEnd();
  return !literal && whole.startsWith('//') ? whole.slice(1) : whole;
}

export const isTooLong = (text: string): boolean => utf8Bytes(text) > MAX_TEXT_BYTES;

/** Why this can't be a message now; undefined: it can. */
export function notWritten(state: State, text: string): string | undefined {
  const bytes = utf8Bytes(text);
  if (bytes > MAX_TEXT_BYTES) return `too long: a message has at most ${MAX_TEXT_BYTES} bytes, and this one ${bytes}`;
  return noRoom(state, 1);
}

/** Why so many messages can't be taken now. */
export function noRoom(state: State, count: number): string | undefined {
  const waiting = countPending(state);
  if (waiting + count <= MAX_PENDING) return undefined;
  // Nothing stays in a line that nobody edits.
  if (state.lines) return `not sent: ${waiting} messages wait to be sent, and no more than ${MAX_PENDING} can`;
  return count === 1
    ? `${MAX_PENDING} messages wait to be sent: this one stays here until some have gone`
    : `${waiting} messages wait to be sent, and these are ${count}: they stay here until some have gone`;
}

/** Of a text that can. It is sent when it may go. @param re the place of the message that it answers. */
export function write(state: State, env: Env, tab: Tab, text: string, re?: Seq): void {
  if (!queue(state, env, tab, text, re)) return;
  // Who writes wants to see it.
  tab.scroll = { kind: 'tail' };
}

/** One after the other, so that their order stays however few the server takes at once. The first is the answer. */
export function writeAll(state: State, env: Env, tab: Tab, texts: readonly string[], re?: Seq): void {
  if (texts.length > 1) oneByOne(state, env);
  for (const [index, text] of texts.entries()) write(state, env, tab, text, index === 0 ? re : undefined);
}
