import type { State } from '../core/state.ts';
import type { Command } from './command.ts';
import { needsServer } from './on-lan.ts';

/** Those that help lists and Tab offers to whoever we are, wherever we are. */
export const commandsFor = (state: State, commands: readonly Command[]): readonly Command[] =>
  commands.filter(
    (command) =>
      (state.operator || command.operators !== true) &&
      !(state.lines && command.screen === true) &&
      needsServer(state, command) === undefined,
  );

/** By its name or an alias, in any case. */
export function findCommand(commands: readonly Command[], typed: string): Command | undefined {
  const name = typed.toLowerCase();
  return commands.find((command) => command.name === name || command.aliases.includes(name));
}

/** Characters of a name that are compared: nobody's slip is longer than every command's name. */
const MAX_COMPARED = 16;

/** How many letters must be put in, left out, changed, or swapped with the next, to come from one to the other. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** What other programs have, and why it isn't here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  me: 'say it in words',
  away: 'it is told by itself while you press no key',
  nick: 'your name is your login',
};

/** Why there is no such command, or which one may have been meant: of those that whoever we are can give. */
export function notFound(state: State, commands: readonly Command[], typed: string): string {
  const name = typed.toLowerCase();
  const why = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  return why === undefined
    ? `no command /${typed}${nearest(commandsFor(state, commands), typed)}`
    : `there is no /${name} here: ${why}`;
}

/** `: did you mean /join?`, or nothing where no command is near. */
export function nearest(commands: readonly Command[], typed: string): string {
  const name = typed.toLowerCase();
  if (name.length > MAX_COMPARED) return '';
  const begins = commands.filter((command) => name !== '' && command.name.startsWith(name));
  const names =
    begins.length > 0 ? begins.map((command) => command.name) : commands.flatMap((c) => [c.name, ...c.aliases]);
  const ranked = names.map((one) => ({ one, far: begins.length > 0 ? 0 : distance(name, one) }));
  const best = ranked.toSorted((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= Math.max(1, Math.floor(name.length / 3))
    ? `: did you mean /${best.one}?`
    : '';
}
