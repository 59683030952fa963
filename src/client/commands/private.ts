import { err, ok } from '../../base/result.ts';
import { chatTabOf, hint } from '../core/lookup.ts';
import { unavailable } from '../core/messenger.ts';
import { notSaid } from '../core/not-said.ts';
import { type Kind, openPrivate } from '../core/private-chat.ts';
import type { State } from '../core/state.ts';
import { notWritten, write } from '../core/submit-text.ts';
import type { Command, Context, Outcome } from './command.ts';
import { guestInstead } from './guest.ts';
import { correspondents } from './people.ts';
import { firstWord, parseUser } from './words.ts';

const PLAIN = '--plain';
/** Where plain text is what is asked for without a word. */
const ENCRYPTED = '--encrypted';

export const privateChat: Command = {
  name: 'private',
  aliases: ['startprivate'],
  args: `name [text | ${PLAIN}]`,
  help: 'ask for a private chat, or say something in it',
  complete: correspondents,
  run: (context) => {
    const { state, env, args } = context;
    const [typed, rest] = firstWord(args);
    if (typed === '') return err('with whom? Write /private bob');
    const name = parseUser(typed);
    if (!name.ok) return name;
    const guest = chatTabOf(state, name.value) === undefined ? guestInstead(state, name.value) : undefined;
    if (guest !== undefined)
      return err(`${name.value} is not here; the guest ${guest} is: /private ${guest}${rest && ` ${rest}`}`);
    const kind = kindOf(state, rest);
    if (kind === undefined) return say(context, name.value, rest);
    const done = openPrivate(state, env, name.value, kind);
    return done.ok ? ok([]) : done;
  },
};

/** @returns undefined for what is to be said. */
function kindOf({ plainChat }: State, rest: string): Kind | undefined {
  if (rest === '') return 'usual';
  if (rest === PLAIN) return 'plain';
  return rest === ENCRYPTED && plainChat ? 'encrypted' : undefined;
}

/** From anywhere, in the chat that is open. */
function say({ state, env, tab: here }: Context, person: Parameters<typeof chatTabOf>[1], text: string): Outcome {
  if (/^--?\w+$/.test(text)) {
    const flag = state.plainChat ? ENCRYPTED : PLAIN;
    return err(`there is no ${text}: /private ${person} ${flag} is all there is`);
  }
  const tab = chatTabOf(state, person);
  if (tab === undefined || tab.status.kind === 'ended') {
    return err(
      unavailable(state) ??
        `no private chat with ${person} is open: /private ${person} asks for one, /msg ${person} writes a message`,
    );
  }
  const wrong = notSaid(tab) ?? notWritten(state, text);
  if (wrong !== undefined) return err(wrong);
  write(state, env, tab, text);
  if (tab !== here) hint(state, `said to ${person} in private`);
  return ok([]);
}
