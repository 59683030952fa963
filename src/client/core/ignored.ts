/** Whose messages are left out. They stay in the logs, so that they are back when that ends. */
import type { UnixMs, UserName } from '../../base/ids.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';

/** Replaced by another one at every change, never changed. */
export interface Ignored {
  readonly blocked: ReadonlySet<UserName>;
  /** Until when, by the server's clock; undefined: until it is taken back. */
  readonly muted: ReadonlyMap<UserName, UnixMs | undefined>;
}

export const NOBODY: Ignored = { blocked: new Set(), muted: new Map() };

export const ignoredOf = ({ blocked, muted }: ServerMessages['ignored']): Ignored => ({
  blocked: new Set(blocked),
  muted: new Map(muted.map(({ user, until }) => [user, until])),
});

export const isNobody = ({ blocked, muted }: Ignored): boolean => blocked.size === 0 && muted.size === 0;

/** For a list in which no mute has ended. */
export const isIgnored = ({ blocked, muted }: Ignored, user: UserName): boolean => blocked.has(user) || muted.has(user);

/** @param now the server's clock. */
export function isIgnoredAt({ blocked, muted }: Ignored, user: UserName, now: number): boolean {
  if (blocked.has(user)) return true;
  return muted.has(user) && (muted.get(user) ?? Number.POSITIVE_INFINITY) > now;
}

/** Without the mutes that have ended. @param now the server's clock. */
export function withoutEnded(ignored: Ignored, now: number): Ignored {
  const holds = [...ignored.muted].filter(([, until]) => until === undefined || until > now);
  return holds.length === ignored.muted.size ? ignored : { ...ignored, muted: new Map(holds) };
}

/** When the next mute ends, by the server's clock. */
export function nextEnd({ muted }: Ignored): number | undefined {
  let next: number | undefined;
  for (const until of muted.values()) if (until !== undefined && (next === undefined || until < next)) next = until;
  return next;
}
