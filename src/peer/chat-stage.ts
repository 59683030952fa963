/** How far a chat has come, and what people are told of that. */
import type { OwnPackage } from '../crypto/e2ee-session.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';
import type { StreamFrame } from './chat-cipher.ts';
import type { Conversation } from './conversation.ts';
import type { ChatStatus, Path } from './private.ts';

/**
 * asking (ours) ─┐
 *                ├─► joining ──► opening ──► open ──► lingering ──► over
 * asked (theirs)─┘      keys       hello      end       its acknowledgement
 * Any of them may lead to `over` directly; `lingering` comes only after `opening` or `open`.
 */
export type Stage =
  /** `own`: made for this chat; its secret is used once, by whoever answers first. */
  | { readonly kind: 'asking'; readonly own: OwnPackage | undefined; readonly until: number }
  | { readonly kind: 'asked'; readonly package: string | undefined; readonly until: number }
  | { readonly kind: 'joining'; readonly early: StreamFrame[] }
  /** `accept`: goes along until the other has shown that it has come. */
  | { readonly kind: 'opening'; readonly talk: Conversation; readonly accept: PrivateFrames['accept'] | undefined }
  | { readonly kind: 'open'; readonly talk: Conversation }
  | { readonly kind: 'lingering'; readonly talk: Conversation }
  | { readonly kind: 'over' };

/** What is shown beside the stage. */
export interface Facts {
  /** Ours, as the other would see them. */
  readonly addresses: readonly string[];
  readonly path: Path;
  /** What we call relayed goes from our own program to theirs: nobody else passes it on, and no address is hidden by it. */
  readonly byKey: boolean;
  readonly log: boolean;
  readonly theirLog: boolean;
  readonly hidden: boolean;
  /** Who ended it, in words. */
  readonly end: string;
}

export function statusOf(stage: Stage, { addresses, path, byKey, log, theirLog, hidden, end }: Facts): ChatStatus {
  switch (stage.kind) {
    case 'asking':
      return { kind: 'asked', ours: true, until: stage.until, addresses: [] };
    case 'asked':
      return { kind: 'asked', ours: false, until: stage.until, addresses };
    case 'joining':
    case 'opening':
      return { kind: 'opening' };
    case 'open':
      if (!byKey) return { kind: 'open', path, log, theirLog, hidden };
      return { kind: 'open', path: path === 'none' ? path : 'direct', log, theirLog, hidden: false };
    case 'lingering':
    case 'over':
      return { kind: 'ended', text: end };
  }
}

/** Milliseconds by which a request ends earlier for whoever made it: what the way here has taken. */
const CLOCKS_APART_MS = 3000;

/** Whether a request to us that is over now has not been taken back, but has had its time. */
export const isLate = (stage: Stage, monotonic: number): boolean =>
  stage.kind === 'asked' && stage.until - monotonic < CLOCKS_APART_MS;
