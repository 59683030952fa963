import { err, ok } from '../../base/result.ts';
import { isGuest } from '../../protocol/names.ts';
import { askSecret } from '../core/secret-prompt.ts';
import type { Command } from './command.ts';
import { NOT_IN_LINE, wipe } from './no-secret.ts';
import { offline } from './offline.ts';

export const password: Command = {
  name: 'password',
  aliases: [],
  args: '',
  help: 'set or change your password: you are asked for it',
  run: (context) => {
    const { state, args } = context;
    const wiped = args === '' ? undefined : wipe(context);
    const there = offline(state);
    if (there !== undefined || state.self === undefined) return there ?? ok([]);
    if (isGuest(state.self.name)) return err('a guest has no password: /register makes an account');
    askSecret(state, { kind: 'password' }, wiped && NOT_IN_LINE);
    return wiped ?? ok([]);
  },
};
