/** A text becomes a message of ours. */
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { Env } from './event.ts';
import { countPending, MAX_PENDING, queue } from './outbox.ts';
import type { State, Tab } from './state.ts';

/** Why this can't be a message now; undefined: it can. */
export function notWritten(state: State, text: string): string | undefined {
  const bytes = utf8Bytes(text);
  if (bytes > MAX_TEXT_BYTES) return `too long: a message has at most ${MAX_TEXT_BYTES} bytes, and this one ${bytes}`;
  return countPending(state) >= MAX_PENDING
    ? `${MAX_PENDING} messages wait to be sent: this one stays here until some have gone`
    : undefined;
}

/** Of a text that can. It is sent when it may go. */
export function write(state: State, env: Env, tab: Tab, text: string): void {
  if (!queue(state, env, tab, text)) return;
  // Who writes wants to see it.
  tab.scroll = { kind: 'tail' };
}
