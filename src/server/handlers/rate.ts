import type { ClientId } from '../../base/ids.ts';
import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import type { Room } from '../core/core.ts';
import { READS, WRITES } from '../core/limits.ts';
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

/** Counts a question by the frames of its answer. */
export function mayRead({ core, session, at }: Context, id: ClientId | undefined, entries = 0): boolean {
  const frames = Math.max(1, Math.ceil(entries / MAX_LIST_PAGE));
  if (!core.options.rateLimit || session.peer.console === true || session.reads.take(at.mono, frames)) return true;
  const text = `too many questions: ${READS.burst} at once and ${READS.perSecond} a second get through`;
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
