import { err, ok } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { isGuest } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import { askSecret } from '../core/secret-prompt.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const register: Command = {
  name: 'register',
  aliases: [],
  args: '[invite code]',
  help: 'an account under your name: you are asked for a password',
  run: ({ state, args }) => {
    const { self } = state;
    const there = offline(state);
    if (there !== undefined || self === undefined) return there ?? ok([]);
    // Whoever has an account already only lacks a password.
    if (!isGuest(self.name)) askSecret(state, { kind: 'password' });
    else {
      const invite = args === '' ? undefined : parse(fields.invite, args);
      if (invite?.ok === false)
        return err('an invite code looks like 7ZB3-K0QM-4XTN-92AF; never write a password here');
      const code = invite === undefined ? {} : { invite: invite.value };
      askSecret(state, { kind: 'register', name: self.name.slice(1), ...code });
    }
    return ok([]);
  },
};
