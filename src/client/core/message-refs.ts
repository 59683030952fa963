/** Messages by the ids that their authors have given them: in private no server counts places. */
import type { Seq } from '../../base/ids.ts';
import type { MessageRef } from '../../peer/message-change.ts';
import type { MessageEntry, MessageLog } from './message-log.ts';
import type { Tab } from './state.ts';

/** How a message is called where places mean nothing; undefined for what has no id. */
export function refAt({ log, far }: Tab, seq: Seq | undefined): MessageRef | undefined {
  const entry = seq === undefined ? undefined : (far?.log.find(seq) ?? log.find(seq));
  return entry?.id === undefined ? undefined : { from: entry.from, id: entry.id };
}

export function entryIn({ entries }: MessageLog, { from, id }: MessageRef): MessageEntry | undefined {
  const found = entries.findLast((entry) => entry.kind === 'message' && entry.id === id && entry.from === from);
  return found?.kind === 'message' ? found : undefined;
}

/** The place of what a message answers, where it is here. */
export const placeOf = (tab: Tab, re: MessageRef | undefined): Seq | undefined =>
  re === undefined ? undefined : entryIn(tab.log, re)?.seq;
