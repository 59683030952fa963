import { err, ok } from '../../base/result.ts';
import { notice } from '../core/lookup.ts';
import { peopleList, presenceOf } from '../core/people-list.ts';
import type { Command, Context, Outcome } from './command.ts';
import { guestInstead } from './guest.ts';
import { others } from './people.ts';
import { askSince } from './since.ts';
import { TIMES } from './times.ts';
import { onlyUser, parseTime } from './words.ts';

/** Of one person. */
function presence({ state, env, tab, args }: Context): Outcome {
  const name = onlyUser(args, '/who bob, or /who 1h');
  if (!name.ok) return name;
  const known = presenceOf(state, env, name.value);
  if (known === undefined) {
    const guest = guestInstead(state, name.value);
    const meant = guest === undefined ? '' : `; the guest ${guest} is here`;
    return err(`${name.value} is not here, and was not of late${meant}`);
  }
  notice(tab, env, known);
  return ok([]);
}

export const who: Command = {
  name: 'who',
  aliases: ['users', 'whoelse', 'list', 'names'],
  args: '[1h | name]',
  help: 'who is here, away, or was here of late',
  complete: (state) => [...TIMES, ...others(state)],
  run: (context) => {
    const { state, env, tab, args } = context;
    if (args !== '') return parseTime(args).ok || /^\d/.test(args) ? askSince(context, args) : presence(context);
    notice(tab, env, peopleList(state, env, state.people.values()));
    return ok([]);
  },
};
