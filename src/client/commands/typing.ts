import { err, ok } from '../../base/result.ts';
import { hint } from '../core/lookup.ts';
import { keep } from '../core/memory.ts';
import { isTypingTold } from '../core/typing.ts';
import type { Command } from './command.ts';

export const typing: Command = {
  name: 'typing',
  aliases: [],
  args: '[on | off]',
  help: 'whether others see that you are writing',
  complete: () => ['on', 'off'],
  run: ({ state, args }) => {
    if (args !== '' && args !== 'on' && args !== 'off') return err('write /typing on, or /typing off');
    if (args !== '') keep(state, { typing: args === 'on' });
    hint(state, isTypingTold(state) ? 'others see that you are writing' : 'nobody sees that you are writing');
    return ok([]);
  },
};
