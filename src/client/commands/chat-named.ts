/** Which chat a command is about. */
import { err, ok, type Result } from '../../base/result.ts';
import { chatTabOf, chatTabs } from '../core/lookup.ts';
import { chatHere } from '../core/private-chat.ts';
import type { ChatTab, State } from '../core/state.ts';
import { onlyUser } from './words.ts';

/**
 * By its name; without one that of the tab, or the only one there is.
 * @param is what it must be; @param words the same for people: `bob is in a private chat with you`.
 * @param command its name, to say how it is written.
 */
export function findChat(
  state: State,
  args: string,
  is: (tab: ChatTab) => boolean,
  words: string,
  command: string,
): Result<ChatTab, string> {
  if (args === '') {
    const here = chatHere(state);
    if (here !== undefined && is(here)) return ok(here);
    const [only, ...others] = chatTabs(state).filter(is);
    if (only === undefined) return err(`nobody ${words}`);
    return others.length === 0 ? ok(only) : err(`whom? Write /${command} ${only.person}`);
  }
  const name = onlyUser(args, `/${command} bob`);
  if (!name.ok) return name;
  const tab = chatTabOf(state, name.value);
  return tab !== undefined && is(tab)
    ? ok(tab)
    : err(`${name.value} ${words.replace(/^(asks|is)/, (verb) => NOT[verb] ?? verb)}`);
}

const NOT: Readonly<Record<string, string>> = { asks: "doesn't ask", is: 'is not' };
