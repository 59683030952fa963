/** Who has the private chats of this device. */
import { type Finding, findings } from './finding.ts';

export interface PrivateFacts {
  /** Whether there are any with this server yet. */
  readonly isThere: boolean;
  /** Who has them now; `pid` undefined where the kernel doesn't say. */
  readonly holder: { readonly pid: number; readonly command: string } | undefined;
  /** Bytes of one's own log of them. */
  readonly log: number;
}

const { ok } = findings('private');

export function judgePrivate(
  { isThere, holder, log }: PrivateFacts,
  size: (bytes: number) => string,
): readonly Finding[] {
  if (!isThere) return [];
  const kept = log === 0 ? '' : `; your log of them has ${size(log)}`;
  return [
    ok(
      holder === undefined
        ? `private chats are free: the next uchat that starts has them${kept}`
        : `private chats are in process ${holder.pid} (${holder.command})${kept}`,
    ),
  ];
}
