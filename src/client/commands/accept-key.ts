import { ok } from '../../base/result.ts';
import { chatTabOf, personTabOf } from '../core/lookup.ts';
import { askAbout } from '../core/told.ts';
import type { Command } from './command.ts';
import { correspondents } from './people.ts';
import { about } from './whom.ts';

export const acceptKey: Command = {
  name: 'accept-key',
  aliases: [],
  args: '[name]',
  help: 'their new key is theirs: you have asked them',
  complete: (state) => {
    const changed = correspondents(state).filter((name) =>
      [personTabOf(state, name), chatTabOf(state, name)].some((tab) => tab?.trust === 'changed'),
    );
    // Another device of ours is accepted in the same way.
    const ours = state.self === undefined ? [] : [state.self.name];
    return [...(changed.length > 0 ? changed : correspondents(state)), ...ours];
  },
  run: (context) => {
    const { state, tab } = context;
    const person = about(context, '/accept-key bob');
    if (!person.ok) return person;
    return ok(askAbout(state, tab, person.value, { do: 'acceptKey', user: person.value }));
  },
};
