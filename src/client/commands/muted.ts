import { shortDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import { notice, serverNow } from '../core/lookup.ts';
import type { Command } from './command.ts';

export const muted: Command = {
  name: 'muted',
  aliases: [],
  args: '',
  help: 'whom you mute, and for how long',
  run: ({ state, env, tab }) => {
    const now = serverNow(state, env);
    const names = [...state.ignored.muted]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, until]) => (until === undefined ? name : `${name} (${shortDuration(until - now)} left)`));
    notice(tab, env, names.length === 0 ? 'you mute nobody' : `you mute ${names.length}: ${names.join(', ')}`);
    return ok([]);
  },
};
