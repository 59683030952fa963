/** Whom a command about private chats is about, and why it can't be done now. */
import type { UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { unavailable } from '../core/messenger.ts';
import { personOf } from '../core/private-chat.ts';
import type { Context } from './command.ts';
import { onlyUser } from './words.ts';

/** The one who is named, or whose tab it is. @param usage how it is written with a name. */
export function about({ state, tab, args }: Context, usage: string): Result<UserName, string> {
  const why = unavailable(state);
  if (why !== undefined) return err(why);
  const here = personOf(tab);
  return args === '' && here !== undefined ? ok(here) : onlyUser(args, usage);
}

export const orElse = (why: string | undefined): Result<never, string> | undefined =>
  why === undefined ? undefined : err(why);
