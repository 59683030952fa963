import { err, ok } from '../../base/result.ts';
import { askToVerify } from '../core/trust.ts';
import type { Command } from './command.ts';
import { correspondents } from './people.ts';
import { about } from './whom.ts';

export const verify: Command = {
  name: 'verify',
  aliases: [],
  args: '[name]',
  help: 'compare numbers: is it really them?',
  complete: correspondents,
  run: (context) => {
    const { state, tab } = context;
    const person = about(context, '/verify bob');
    if (!person.ok) return person;
    if (person.value === state.self?.name) return err('that is you: /dhkey shows the fingerprints of your devices');
    askToVerify(state, tab, person.value);
    return ok([]);
  },
};
