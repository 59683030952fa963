import type { ClientId, UserName } from '../../base/ids.ts';
import type { TokenBucket } from '../../base/token-bucket.ts';
import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import type { Room } from '../core/core.ts';
import { ASKS, CLAIMS, CLAIMS_OF_PAIR, MAILS, PRIVATES, READS, SEARCHES, WRITES } from '../core/limits.ts';
import { isOperator } from '../core/operators.ts';
import { refuse } from '../core/sessions.ts';
import type { Context, OnlineContext } from './handler.ts';

/** Counts a message that others see. @returns false when there were too many, and that was said. */
export function mayWrite({ core, session, at }: Context, id: ClientId | undefined): boolean {
  if (!core.options.rateLimit || session.peer.console === true || session.writes.take(at.mono)) return true;
  const text = `too many messages: ${WRITES.burst} at once and ${WRITES.perSecond} a second get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}

/** Counts mail: a message to somebody is one for each of their devices. @returns false when there was too much, and that was said. */
export const mayMail = (context: Context, id: ClientId): boolean =>
  getsThrough(context, context.session.mails, 'mail', MAILS, id);

/** Counts part of a private chat. */
export const mayPassOn = (context: Context, id: ClientId | undefined): boolean =>
  getsThrough(context, context.session.privates, 'of private chats', PRIVATES, id);

function getsThrough(
  { core, session, at }: Context,
  bucket: TokenBucket,
  what: string,
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  id: ClientId | undefined,
): boolean {
  if (!core.options.rateLimit || bucket.take(at.mono)) return true;
  const text = `too much ${what}: ${burst} at once and ${perSecond} a second get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}

/** Counts a request for a private chat. */
export function mayAsk({ core, session, at }: Context, id: ClientId | undefined): boolean {
  const { source } = session;
  if (!core.options.rateLimit || source === undefined || source.asks.take(at.mono)) return true;
  const text = `too many requests: ${ASKS.burst} at once and one every ${1 / ASKS.perSecond} s get through`;
  refuse(core, session, 'too_many_asks', text, at, id);
  return false;
}

/** Counts a claim of key packages. Whoever uses up their own harms nobody. */
export function mayClaim(
  { core, session, online, at }: OnlineContext,
  of: UserName,
  id: ClientId | undefined,
): boolean {
  if (!core.options.rateLimit) return true;
  const { source } = session;
  const isFew = of === online.user.name || core.claims.take(online.user, of, at.mono);
  if (isFew && (source === undefined || source.claims.take(at.mono))) return true;
  const { burst, perSecond } = isFew ? CLAIMS : CLAIMS_OF_PAIR;
  const every = Math.round(1 / perSecond / 60);
  const text = `too many first messages: ${burst} at once and one every ${every} min get through`;
  refuse(core, session, 'too_many_claims', text, at, id);
  return false;
}

/** Counts a question by the frames of its answer. */
export function mayRead({ core, session, at }: Context, id: ClientId | undefined, entries = 0): boolean {
  const frames = Math.max(1, Math.ceil(entries / MAX_LIST_PAGE));
  if (!core.options.rateLimit || session.peer.console === true || session.reads.take(at.mono, frames)) return true;
  const text = `too many questions: ${READS.burst} at once and ${READS.perSecond} a second get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}

/** Counts a search. */
export function maySearch({ core, session, at }: Context, id: ClientId | undefined): boolean {
  const { source } = session;
  if (!core.options.rateLimit || source === undefined || source.searches.take(at.mono)) return true;
  const text = `too many searches: ${SEARCHES.burst} at once and one every ${1 / SEARCHES.perSecond} s get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}

/** Slow mode: a guest counts by where they come from, so that another name does not help. Operators may always. */
export function mayWriteNow(
  { core, session, online, at }: OnlineContext,
  room: Room,
  id: ClientId | undefined,
): boolean {
  const { slow } = room;
  if (slow === undefined || isOperator(core, online.user)) return true;
  const { identity, name } = online.user;
  const wait = slow.wait(identity.kind === 'guest' ? `guest ${identity.source}` : name, id, at.mono);
  if (wait <= 0) return true;
  const text = `${room.name} is in slow mode: you may write again in ${Math.ceil(wait / 1000)} s`;
  refuse(core, session, 'slow_mode', text, at, id);
  return false;
}
