/** What block, unblock, mute and unmute have in common: the store first, then all of our programs, then the answer. */
import type { ClientId, UserName } from '../../../base/ids.ts';
import { MAX_IGNORED } from '../../../protocol/limits.ts';
import type { Person } from '../person.ts';
import { personOf, withId } from './common.ts';
import type { Context } from './handler.ts';

type Action = 'block' | 'unblock' | 'mute' | 'unmute';

/** @param apply @returns what it means, for people. It throws where the store can't take it. */
export function ignore(
  context: Context,
  action: Action,
  { user, id }: { readonly user: UserName; readonly id?: ClientId },
  apply: (person: Person) => string,
): void {
  const { core, session } = context;
  const { sessions, ignored } = core;
  const starts = action === 'block' || action === 'mute';
  if (user === core.self)
    return sessions.refuse(session, 'bad_message', `user is you: nobody can ${action} themselves`, id);
  const person = personOf(context, user, id);
  if (person === undefined) return;
  if (starts && !ignored.hasRoom(action, person.device)) {
    const text = `you ${action} ${MAX_IGNORED} people, as many as one may`;
    return sessions.refuse(session, 'too_many_ignored', text, id);
  }
  let text: string;
  try {
    text = apply(person);
  } catch (error) {
    core.problems.put('ignored', `whom you ignore can't be written down: ${String(error)}`);
    return sessions.refuse(session, 'not_stored', 'it could not be written down, so nothing has changed', id);
  }
  if (starts) core.people.dealWith(person);
  sessions.tell(ignored.message());
  sessions.send(session, { type: 'done', ...withId(id), text });
}
