/** Who may write to whom: the same for mail, for private chats, and for what one must know of somebody to begin either. */
import type { UserName } from '../../base/ids.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import type { Core } from './core.ts';

/** @returns why nothing private of one reaches the other; undefined where it may. */
export function whyNot(
  core: Core,
  from: UserName,
  to: UserName,
): { readonly code: ErrorCode; readonly text: string } | undefined {
  const isHidden = core.ignores.blockersOf(from).has(to);
  // A guest is there or isn't, and who is hidden isn't; an account can always be written to, so nothing is given away.
  const exists = isGuest(to) ? (core.users.get(to)?.visible ?? 0) > 0 && !isHidden : core.lastSeen.has(to);
  if (!exists) return { code: 'no_such_user', text: `nobody here is called ${to}` };
  if (isHidden) return { code: 'not_delivered', text: `${to} takes no messages from you` };
  if (core.ignores.blockedBy(from).has(to))
    return { code: 'not_delivered', text: `you block ${to}: unblock them to write to them` };
  return undefined;
}
