import type { ClientId } from '../../base/ids.ts';
import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import { READS, WRITES } from '../core/limits.ts';
import { refuse } from '../core/sessions.ts';
import type { Context } from './handler.ts';

/** Counts a message that others see. @returns false when there were too many, and that was said. */
export function mayWrite({ core, session, at }: Context, id: ClientId | undefined): boolean {
  if (!core.options.rateLimit || session.writes.take(at.mono)) return true;
  const text = `too many messages: ${WRITES.burst} at once and ${WRITES.perSecond} a second get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}

/** Counts a question by the frames of its answer. */
export function mayRead({ core, session, at }: Context, id: ClientId | undefined, entries = 0): boolean {
  const frames = Math.max(1, Math.ceil(entries / MAX_LIST_PAGE));
  if (!core.options.rateLimit || session.reads.take(at.mono, frames)) return true;
  const text = `too many questions: ${READS.burst} at once and ${READS.perSecond} a second get through`;
  refuse(core, session, 'rate_limited', text, at, id);
  return false;
}
