import { longDuration } from '../../base/duration.ts';
import type { PersonInfo } from '../../protocol/server-messages.ts';
import { notice, stillOpen } from '../core/lookup.ts';
import { peopleList } from '../core/people-list.ts';
import { MAX_PEOPLE, receiveUsers } from '../core/presence.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

export const users: Receive<'users'> = (state, message, env) => {
  const found = answered(state, message.id, 'since');
  if (found === undefined) return receiveUsers(state, env, message);
  const { people, tab, time } = found.purpose;
  people.push(...message.users.slice(0, Math.max(0, MAX_PEOPLE - people.length)));
  if (message.more) return [];
  finish(state, found.id);
  // Once each, should somebody have come or gone between two frames.
  const once = new Map(people.map((person): [PersonInfo['name'], PersonInfo] => [person.name, person]));
  notice(stillOpen(state, tab), env, `in the last ${longDuration(time)}: ${peopleList(state, env, once.values())}`);
  return [];
};
