import { longDuration, parseDuration } from '../../base/duration.ts';
import { err, ok } from '../../base/result.ts';
import { hint } from '../core/lookup.ts';
import { beQuiet, isQuiet } from '../core/telling.ts';
import type { Command } from './command.ts';

/** Milliseconds at most: a year; longer is for good. */
const MAX_QUIET = 365 * 24 * 3_600_000;

export const dnd: Command = {
  name: 'dnd',
  aliases: ['quiet'],
  args: '[on | off | 30m]',
  help: 'do not disturb: nothing rings, for a while or until off',
  complete: () => ['on', 'off', '30m', '1h', '8h'],
  run: ({ state, env, args }) => {
    const word = args.toLowerCase();
    if (word === 'off' || (word === '' && isQuiet(state))) {
      beQuiet(state, env, 0);
      hint(state, 'you can be disturbed again');
      return ok([]);
    }
    if (word === '' || word === 'on') {
      beQuiet(state, env, undefined);
      hint(state, 'nothing rings until /dnd off; what comes is counted');
      return ok([]);
    }
    const ms = parseDuration(word);
    if (!ms.ok) return err(`${ms.error}; or write /dnd on, /dnd off`);
    if (ms.value <= 0 || ms.value > MAX_QUIET) return err('a year at most; without an end: /dnd on');
    beQuiet(state, env, ms.value);
    hint(state, `nothing rings for ${longDuration(ms.value)}; what comes is counted`);
    return ok([]);
  },
};
