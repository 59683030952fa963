import { err, ok } from '../../base/result.ts';
import { personTabOf } from '../core/lookup.ts';
import { notSaid } from '../core/not-said.ts';
import { notWritten, write } from '../core/submit-text.ts';
import { goToTab, MAX_PERSON_TABS, openPerson } from '../core/tabs.ts';
import type { Command } from './command.ts';
import { guestInstead } from './guest.ts';
import { correspondents } from './people.ts';
import { firstWord, parseUser } from './words.ts';

export const msg: Command = {
  name: 'msg',
  aliases: ['message', 'send', 'query'],
  args: 'name [text]',
  help: 'write to one person in private',
  complete: correspondents,
  run: ({ state, env, args }) => {
    const [typed, text] = firstWord(args);
    if (typed === '') return err('to whom? Write /msg bob hello');
    const name = parseUser(typed);
    if (!name.ok) return name;
    if (name.value === state.self?.name) return err('that is you: write to somebody else');
    const wrong = text === '' ? undefined : notWritten(state, text);
    if (wrong !== undefined) return err(wrong);
    const known = personTabOf(state, name.value);
    const isKnown = known !== undefined || correspondents(state).includes(name.value) || typed.startsWith('@');
    const guest = isKnown ? undefined : guestInstead(state, name.value);
    if (guest !== undefined)
      return err(`only the guest ${guest} is here: /msg ${guest}, or /msg @${name.value} for somebody who is away`);
    const stays = text === '' || known === undefined ? undefined : notSaid(known);
    if (stays !== undefined) return err(stays);
    const tab = openPerson(state, env, name.value);
    if (tab === undefined) return err(`${MAX_PERSON_TABS} people's tabs are open: close one with /leave`);
    if (text !== '') write(state, env, tab, text);
    goToTab(state, tab);
    return ok([]);
  },
};
