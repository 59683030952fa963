import { ok } from '../../base/result.ts';
import { tryToQuit } from '../core/quit.ts';
import type { Command } from './command.ts';

export const quit: Command = {
  name: 'quit',
  aliases: ['logout', 'exit', 'q'],
  args: '',
  help: 'leave the chat',
  run: ({ state, env }) => ok(tryToQuit(state, env)),
};
