import { err, ok } from '../../base/result.ts';
import { notice } from '../core/lookup.ts';
import type { Command } from './command.ts';
import { findCommand, nearest } from './find.ts';

const usage = ({ name, args }: Command): string => `/${name} ${args}`.trimEnd();

function list(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usage(command).length));
  const lines = commands.map((command) => `${usage(command).padEnd(width)}  ${command.help}`);
  return [...lines, `${'//text'.padEnd(width)}  says /text`, 'F1 shows the keys.'].join('\n');
}

function about(command: Command): string {
  const also = command.aliases.length > 0 ? `\nThe same: ${command.aliases.map((alias) => `/${alias}`).join(' ')}` : '';
  return `${usage(command)}  ${command.help}${also}`;
}

export const help: Command = {
  name: 'help',
  aliases: ['?'],
  args: '[command]',
  help: 'all commands, or what one of them does',
  complete: (_, commands) => commands.map(({ name }) => name),
  run: ({ env, tab, args, commands }) => {
    const name = args.replace(/^\//, '');
    const command = name === '' ? undefined : findCommand(commands, name);
    if (name !== '' && command === undefined) return err(`there is no command /${name}${nearest(commands, name)}`);
    notice(tab, env, command === undefined ? list(commands) : about(command));
    return ok([]);
  },
};
