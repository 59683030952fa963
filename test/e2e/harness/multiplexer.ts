/** tmux and GNU screen as their users run them: a whole session in a terminal, with a socket and settings of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Size } from '../../../src/client/core/state.ts';

export type Multiplexer = 'tmux' | 'screen';

type Command = readonly [file: string, ...args: string[]];

export interface Session {
  readonly command: Command;
  /** From another terminal, taking it away from the first. */
  readonly attach: Command;
  readonly end: Command;
  /** Prints what is on the screen as it would be copied: rows that are one line, as one. */
  readonly copy?: Command;
  readonly env: Readonly<Record<string, string>>;
}

const quoted = (command: Command): string => command.map((word) => `'${word}'`).join(' ');

export function inTmux(folder: string, command: Command, { columns, rows }: Size): Session {
  const tmux: Command = ['tmux', '-S', join(folder, 's'), '-f', '/dev/null'];
  const size = ['-x', String(columns), '-y', String(rows)];
  // Without its status line the whole screen is the program's.
  const settings = ['set', '-g', 'status', 'off', ';', 'set', '-g', 'default-terminal', 'tmux-256color'];
  return {
    command: [...tmux, 'start-server', ';', ...settings, ';', 'new-session', ...size, quoted(command)],
    attach: [...tmux, 'attach', '-d'],
    end: [...tmux, 'kill-server'],
    copy: [...tmux, 'capture-pane', '-p', '-J'],
    env: {},
  };
}

export function inScreen(folder: string, command: Command): Session {
  const settings = join(folder, 'screenrc');
  writeFileSync(settings, 'startup_message off\nvbell off\ndefutf8 on\n');
  const screen: Command = ['env', `SCREENDIR=${folder}`, 'screen'];
  return {
    command: [...screen, '-U', '-S', 'uchat', '-c', settings, ...command],
    attach: [...screen, '-U', '-d', '-r', 'uchat'],
    end: [...screen, '-S', 'uchat', '-X', 'quit'],
    env: { SCREENDIR: folder },
  };
}
