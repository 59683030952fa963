import { err, ok } from '../../base/result.ts';
import { logUnavailable } from '../core/messenger.ts';
import { askPast, MAX_PAGE, PAGE } from '../core/past.ts';
import { personOf } from '../core/private-chat.ts';
import { askBefore } from '../core/scrolling.ts';
import { goToTab, MAX_PERSON_TABS, openPerson } from '../core/tabs.ts';
import type { Command, Context, Outcome } from './command.ts';
import { remembered } from './people.ts';
import { firstWord, parseUser } from './words.ts';

export const history: Command = {
  name: 'history',
  aliases: [],
  args: '[name] [how many]',
  help: 'what you and somebody wrote before',
  complete: remembered,
  completeNext: [() => [String(PAGE), String(MAX_PAGE)]],
  run: (context) => {
    const { state, env, tab, args } = context;
    const [first, rest] = firstWord(args);
    const isCount = /^\d+$/.test(first) && rest === '';
    const here = personOf(tab);
    if (first === '' || (isCount && (here !== undefined || tab.kind === 'room'))) {
      return here === undefined ? ok(askBefore(state, env, tab)) : load(context, here, first);
    }
    const name = parseUser(first);
    return name.ok ? load(context, name.value, rest) : name;
  },
};

function load({ state, env }: Context, person: NonNullable<ReturnType<typeof personOf>>, typed: string): Outcome {
  if (person === state.self?.name) return err('that is you: nobody writes to themselves');
  const count = typed === '' ? PAGE : Number(typed);
  if (!/^\d*$/.test(typed) || count < 1) return err(`"${typed}" is no number: write /history ${person} 50`);
  const why = logUnavailable(state);
  if (why !== undefined) return err(why);
  const tab = openPerson(state, env, person);
  if (tab === undefined) return err(`${MAX_PERSON_TABS} people's tabs are open: close one with /leave`);
  goToTab(state, tab);
  askPast(state, tab, Math.min(count, MAX_PAGE), true);
  return ok([]);
}
