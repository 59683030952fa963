/** Pages of the lobby's history, as everywhere in the protocol. */
import type { Seq } from '../../base/ids.ts';
import { MAX_FRAME_BYTES, MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';
import type { PageWish, Refusal } from './lobby.ts';
import { entryOf, type Shown, type Telling } from './message.ts';
import { firstNot } from './place.ts';

/** Bytes of a frame beside its messages. */
export const ENVELOPE_BYTES = 256;

type Page = Pick<ServerMessages['history'], 'messages' | 'more' | 'moreOlder'>;

export const bytesOf = (entry: HistoryEntry): number => utf8Bytes(JSON.stringify(entry)) + 1;

/** @param shown in their order. */
export function pageOf(shown: readonly Shown[], wish: PageWish, telling: Telling): Page | Refusal {
  const { before, since, around, changes, limit = MAX_HISTORY_PAGE } = wish;
  if ([before, since, around, changes].filter((from) => from !== undefined).length > 1)
    return { code: 'bad_message', text: 'before, since, around and changes exclude each other' };
  const most = Math.max(1, Math.min(limit, MAX_HISTORY_PAGE));
  if (around !== undefined) return pageAround(shown, around, most, telling);
  if (changes !== undefined) {
    const changed = shown.filter(({ rev }) => rev > changes).toSorted((a, b) => a.rev - b.rev);
    return take(changed, most, telling);
  }
  if (since !== undefined) return take(shown.slice(firstNot(shown, ({ seq }) => seq <= since)), most, telling);
  const end = before === undefined ? shown.length : firstNot(shown, ({ seq }) => seq < before);
  const { messages, more } = take(shown.slice(0, end).toReversed(), most, telling);
  return { messages: messages.toReversed(), more };
}

/** The first of these, as many as fit. */
function take(wanted: readonly Shown[], limit: number, telling: Telling): Page {
  const messages: HistoryEntry[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const message of wanted) {
    const entry = entryOf(message, telling);
    if (entry === undefined) continue;
    bytes += bytesOf(entry);
    if (messages.length > 0 && (messages.length >= limit || bytes > MAX_FRAME_BYTES)) return { messages, more: true };
    messages.push(entry);
  }
  return { messages, more: false };
}

/** From the place outwards, on both sides by turns, so that it is in the middle where there is enough on both. */
function pageAround(shown: readonly Shown[], middle: Seq, limit: number, telling: Telling): Page {
  let newer = firstNot(shown, ({ seq }) => seq <= middle);
  let older = newer - 1;
  const messages: HistoryEntry[] = [];
  let bytes = ENVELOPE_BYTES;
  for (let turn = 0; messages.length < limit; turn++) {
    const goesBack = newer >= shown.length || (turn % 2 === 0 && older >= 0);
    const message = shown[goesBack ? older : newer];
    if (message === undefined) break;
    const entry = entryOf(message, telling);
    if (entry !== undefined) {
      bytes += bytesOf(entry);
      if (messages.length > 0 && bytes > MAX_FRAME_BYTES) break;
      if (goesBack) messages.unshift(entry);
      else messages.push(entry);
    }
    if (goesBack) older -= 1;
    else newer += 1;
  }
  return { messages, more: newer < shown.length, moreOlder: older >= 0 };
}
