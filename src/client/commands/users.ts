import { shortDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import { notice } from '../core/lookup.ts';
import type { Person } from '../core/state.ts';
import type { Command } from './command.ts';

/** Lines of the answer: more is no list that a person reads. */
export const MAX_PEOPLE_SHOWN = 200;

const RANK: Readonly<Record<PresenceState, number>> = { online: 0, away: 1, offline: 2 };

export const users: Command = {
  name: 'users',
  aliases: ['who', 'whoelse', 'list', 'names'],
  args: '',
  help: 'who is here, who is away, who was here, and since when',
  run: ({ state, env, tab }) => {
    const people = [...state.people.values()].toSorted(
      (a, b) => RANK[a.state] - RANK[b.state] || (a.name < b.name ? -1 : 1),
    );
    const shown = people.slice(0, MAX_PEOPLE_SHOWN);
    const width = Math.max(...shown.map(({ name }) => name.length), 0);
    const now = env.now + state.clockOffset;
    const line = ({ name, state: is, since }: Person): string => {
      const you = name === state.self?.name ? '  (you)' : '';
      return `${name.padEnd(width)}  ${is.padEnd(7)}  since ${shortDuration(now - since)}${you}`;
    };
    const count = (is: PresenceState): number => people.filter((person) => person.state === is).length;
    const head = `${count('online')} online, ${count('away')} away, ${count('offline')} offline`;
    const rest = people.length > shown.length ? [`and ${people.length - shown.length} more`] : [];
    notice(tab, env, [head, ...shown.map(line), ...rest].join('\n'));
    return ok([]);
  },
};
