import { keepWords } from '../../base/keep.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { knowFirst } from '../core/gone.ts';
import { notice, stillOpen, tabOf } from '../core/lookup.ts';
import { answered, finish, isAsked } from '../core/requests.ts';
import type { Receive } from './handler.ts';

/** The answer to a question, or, without one, that it is so from now on. */
export const kept: Receive<'kept'> = (state, message, env) => {
  const tab = tabOf(state, message.room);
  if (tab !== undefined) knowFirst(tab, message.first);
  const found = answered(state, message.id, 'kept');
  if (found !== undefined) {
    finish(state, found.id);
    notice(stillOpen(state, found.purpose.tab), env, answer(message));
  } else if (tab !== undefined && !isAsked(state, (_, { type }) => type === 'keep'))
    notice(tab, env, `messages here are kept ${keepWords(message.keep)} now`);
  return [];
};

function answer({ room, keep, own, first, since }: ServerMessages['kept']): string {
  const isForever = keep.age === undefined && keep.bytes === undefined;
  const whose = own
    ? 'by a rule of its own'
    : isForever
      ? 'as long as the server has no other rule'
      : "the server's rule";
  const rule = `messages of ${room} are kept ${keepWords(keep)} (${whose})`;
  if (since === undefined) return `${rule}; there are none now`;
  const oldest = `the oldest one that is there is from ${dayOf(since)} ${clockTime(since)}`;
  return `${rule}; ${oldest}${first > 1 ? '' : ', the first that was ever said'}`;
}
