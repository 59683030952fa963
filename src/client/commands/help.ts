import { err, ok } from '../../base/result.ts';
import { keyFor, notice } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import { ASCII_SIGNS, UNICODE_SIGNS } from '../view/signs.ts';
import type { Command } from './command.ts';
import { commandsFor, findCommand, notFound } from './find.ts';
import { needsServer } from './on-lan.ts';

const usage = ({ name, args }: Command): string => `/${name} ${args}`.trimEnd();

/** Cells of the column of commands: a longer one has its help on the next line. */
const WIDTH = 17;

const line = (left: string, right: string): string =>
  left.length > WIDTH ? `${left}\n${''.padEnd(WIDTH)}  ${right}` : `${left.padEnd(WIDTH)}  ${right}`;

/** What the sign in the list of people means. */
const NEAR = `In the list of people, ${UNICODE_SIGNS.near} (${ASCII_SIGNS.near} on plain terminals) is on your local network, too.`;

function list(state: State, commands: readonly Command[], keys: string | undefined): string {
  const lines = (operators: boolean): string[] =>
    commands.filter((one) => (one.operators === true) === operators).map((one) => line(usage(one), one.help));
  const own = lines(true);
  const orders = own.length > 0 ? ['For operators:', ...own] : [];
  const near = state.lanAlso && !state.lines ? [NEAR] : [];
  const end = [...near, ...(keys === undefined ? [] : [`${keys} shows the keys.`])];
  return [...lines(false), line('//text', 'says /text'), ...orders, ...end].join('\n');
}

function about(command: Command): string {
  const also = command.aliases.length > 0 ? `\nThe same: ${command.aliases.map((alias) => `/${alias}`).join(' ')}` : '';
  const whose = command.operators === true ? ' (operators only)' : '';
  return `${usage(command)}  ${command.help}${whose}${also}`;
}

/** Beside what it does: that it doesn't here. */
const here = (state: State, command: Command): string => {
  const why = needsServer(state, command);
  return why === undefined ? '' : `\n${why}`;
};

export const help: Command = {
  name: 'help',
  aliases: ['?'],
  args: '[command]',
  help: 'all commands, or what one of them does',
  complete: (state, commands) => commandsFor(state, commands).map(({ name }) => name),
  run: ({ state, env, tab, args, commands }) => {
    const name = args.replace(/^\//, '');
    const command = name === '' ? undefined : findCommand(commands, name);
    if (name !== '' && command === undefined) return err(notFound(state, commands, name));
    const keys = state.lines ? undefined : keyFor(state, 'keys');
    notice(
      tab,
      env,
      command === undefined ? list(state, commandsFor(state, commands), keys) : about(command) + here(state, command),
    );
    return ok([]);
  },
};
