/**
 * One search in two places: in the server's rooms and in the network's. Both tell the newest first, page by page; what is told
 * on is the newest of both, and no older one before it. What is over waits for the next page.
 */
import type { FoundEntry } from '../../../protocol/server-messages.ts';

/** Where a search stands on one side. */
interface Side {
  /** Newest first; not told yet. */
  readonly waiting: readonly FoundEntry[];
  /** Where it goes on there; undefined: at its beginning. */
  readonly before: string | undefined;
  /** There is nothing more there. */
  readonly isDone: boolean;
}

export type SideName = 'server' | 'lan';

export interface Merged {
  readonly server: Side;
  readonly lan: Side;
}

const BEGIN: Side = { waiting: [], before: undefined, isDone: false };
export const begin: Merged = { server: BEGIN, lan: BEGIN };

/** Which of them must be asked before it is known what comes next. */
export const toAsk = (merged: Merged): SideName[] =>
  (['server', 'lan'] as const).filter((side) => merged[side].waiting.length === 0 && !merged[side].isDone);

/** A page of one side has come; without a cursor it is the last. */
export function withPage(
  merged: Merged,
  side: SideName,
  page: { readonly messages: readonly FoundEntry[]; readonly before?: string | undefined },
): Merged {
  const { waiting } = merged[side];
  const { messages, before } = page;
  return { ...merged, [side]: { waiting: [...waiting, ...messages], before, isDone: before === undefined } };
}

/** What may be told by now, and what is left. Where a side is dry and has more, only it can say what is next. */
export function take(
  { server, lan }: Merged,
  limit: number,
): { readonly messages: readonly FoundEntry[]; readonly rest: Merged; readonly more: boolean } {
  const messages: FoundEntry[] = [];
  let here = 0;
  let there = 0;
  while (messages.length < limit) {
    const ours = server.waiting[here];
    const theirs = lan.waiting[there];
    if ((ours === undefined && !server.isDone) || (theirs === undefined && !lan.isDone)) break;
    if (ours !== undefined && (theirs === undefined || ours.time >= theirs.time)) {
      messages.push(ours);
      here++;
    } else if (theirs !== undefined) {
      messages.push(theirs);
      there++;
    } else break;
  }
  const rest = {
    server: { ...server, waiting: server.waiting.slice(here) },
    lan: { ...lan, waiting: lan.waiting.slice(there) },
  };
  const isOver = (side: Side): boolean => side.isDone && side.waiting.length === 0;
  return { messages, rest, more: !isOver(rest.server) || !isOver(rest.lan) };
}
