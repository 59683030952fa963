/** What the orders of operators have in common. */
import type { ClientId } from '../../base/ids.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { change } from '../core/changes.ts';
import { isHit, isOwners, userOf } from '../core/kept-out.ts';
import { isOperator } from '../core/operators.ts';
import type { User } from '../core/session.ts';
import { refuse } from '../core/sessions.ts';
import type { AuditEntry, Order } from '../store/store.ts';
import type { OnlineContext } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';

/** @returns false when this is no operator, or one who is too fast, and that was said. */
export function mayOrder(context: OnlineContext, id: ClientId | undefined): boolean {
  const { core, session, online, at } = context;
  if (isOperator(core, online.user)) return mayWrite(context, id);
  refuse(core, session, 'not_operator', ERROR_CODES.not_operator.says, at, id);
  return false;
}

/** Stores the order with its entry in the audit log, and then carries it out; the answer is `done`. */
export function giveOrder(
  context: OnlineContext,
  order: Order,
  { target, detail }: Pick<AuditEntry, 'target' | 'detail'>,
  id: ClientId | undefined,
): void {
  const { core, session, online, at } = context;
  const entry: AuditEntry = { time: at.wall, by: online.user.name, action: order.kind, target, detail };
  change(core, session, { kind: 'order', order, entry, origin: originOf(context, id) });
}

/** Somebody who is here, however a guest's name is written. */
export function findUser({ core }: OnlineContext, name: User['name']): User | undefined {
  return core.users.get(name) ?? core.guests.get(name.toLowerCase());
}

/**
 * Nobody puts out the user who runs the server, nor themself by a slip.
 * @param target as bans are kept. @returns whether it hits one of them, and then that was said.
 */
export function hitsProtected(
  { core, session, online, at }: OnlineContext,
  target: string,
  id: ClientId | undefined,
): boolean {
  const { operatorUid } = core.options;
  const owner = operatorUid === undefined ? undefined : core.accounts.get(operatorUid)?.name;
  const says = (text: string): true => {
    refuse(core, session, 'protected_user', text, at, id);
    return true;
  };
  if (target === `uid ${operatorUid}` || target === owner) return says('that is the user who runs this server');
  for (const other of core.sessions.values()) {
    const user = userOf(other);
    if (!isHit(target, other, user)) continue;
    if (user === online.user) return says('that is you: ask another operator, if you mean it');
    if (isOwners(core, other, user)) return says('that is the user who runs this server');
  }
  return false;
}
