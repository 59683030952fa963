import { ok } from '../../base/result.ts';
import { unavailable } from '../core/messenger.ts';
import { askAbout } from '../core/told.ts';
import type { Command } from './command.ts';
import { correspondents } from './people.ts';
import { about, orElse } from './whom.ts';

export const dhkey: Command = {
  name: 'dhkey',
  aliases: ['fingerprint'],
  args: '[name]',
  help: 'fingerprints of their keys, or of yours',
  complete: correspondents,
  run: (context) => {
    const { state, tab, args } = context;
    if (args === '' && tab.kind === 'room') {
      return orElse(unavailable(state)) ?? ok(askAbout(state, tab, undefined, { do: 'fingerprints' }));
    }
    const person = about(context, '/dhkey bob');
    if (!person.ok) return person;
    return ok(askAbout(state, tab, person.value, { do: 'fingerprints', user: person.value }));
  },
};
