/** Every command, in the order in which help lists them. */
import { clear } from './clear.ts';
import type { Command } from './command.ts';
import { discard } from './discard.ts';
import { help } from './help.ts';
import { join } from './join.ts';
import { keys } from './keys.ts';
import { leave } from './leave.ts';
import { quit } from './quit.ts';
import { retry } from './retry.ts';
import { rooms } from './rooms.ts';
import { topic } from './topic.ts';
import { users } from './users.ts';

export const COMMANDS = [
  help,
  join,
  leave,
  rooms,
  topic,
  users,
  retry,
  discard,
  clear,
  keys,
  quit,
] as const satisfies readonly Command[];
