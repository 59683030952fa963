import { err, ok, type Result } from '../../base/result.ts';
import type { PersonInfo } from '../../protocol/server-messages.ts';
import type { Failure } from '../shell/outcome.ts';
import { asFailure, request, type Talk } from './talk.ts';

/** Who is here, and who was in the last `since` milliseconds. The talk must want `users`. */
export async function everybody(
  talk: Talk,
  since: number | undefined,
): Promise<Result<readonly PersonInfo[], Failure>> {
  const first = await request(
    talk,
    (id) => ({ type: 'who', id, ...(since === undefined ? {} : { since }) }),
    (message, id) => (message.type === 'users' && message.id === id ? message : undefined),
  );
  if (!first.ok) return err(asFailure(first.error));
  const people = [...first.value.users];
  for (let { more } = first.value; more; ) {
    const next = await talk.next();
    if (!next.ok) return next;
    if (next.value.type !== 'users' || next.value.id !== first.value.id) continue;
    people.push(...next.value.users);
    more = next.value.more;
  }
  return ok(people);
}
