import { err, ok } from '../../base/result.ts';
import { isGuest } from '../../protocol/names.ts';
import { askNewPassword } from '../core/secret-prompt.ts';
import type { Command } from './command.ts';
import { offline } from './offline.ts';

export const password: Command = {
  name: 'password',
  aliases: [],
  args: '',
  help: 'set or change your password: you are asked for it',
  run: ({ state, args }) => {
    if (args !== '') return err('write /password alone: you are asked, and what you type then is not shown');
    const there = offline(state);
    if (there !== undefined || state.self === undefined) return there ?? ok([]);
    if (isGuest(state.self.name)) return err('a guest has no password: /register makes an account');
    askNewPassword(state, { kind: 'password' });
    return ok([]);
  },
};
