import { err, ok } from '../../base/result.ts';
import { hint } from '../core/lookup.ts';
import type { Command } from './command.ts';

export const mouse: Command = {
  name: 'mouse',
  aliases: [],
  args: 'on | off',
  help: 'clicks on tabs and names; text is marked with Shift',
  screen: true,
  complete: () => ['on', 'off'],
  run: ({ state, args }) => {
    if (args !== 'on' && args !== 'off') return err('write /mouse on, or /mouse off');
    const on = args === 'on';
    hint(
      state,
      on
        ? 'click on tabs and names, scroll with the wheel; to mark text, hold Shift'
        : 'the mouse marks text, as your terminal does it',
    );
    return ok([{ do: 'mouse', on }]);
  },
};
