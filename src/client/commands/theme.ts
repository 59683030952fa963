import { ok } from '../../base/result.ts';
import type { Command } from './command.ts';

export const theme: Command = {
  name: 'theme',
  aliases: ['themes'],
  args: '[NAME | auto | reload]',
  help: 'other colours, or the list of themes to look at each; reload reads its file again',
  screen: true,
  complete: ({ themes }) => [...themes.names, 'auto', 'reload'],
  run: ({ state, args }) => {
    if (args === '') return ok([{ do: 'themes', ask: { kind: 'list' } }]);
    if (args === 'auto') return ok([{ do: 'themes', ask: { kind: 'auto' } }]);
    const { name } = state.themes.shown;
    if (args === 'reload') return ok([{ do: 'themes', ask: { kind: 'reload', name } }]);
    return ok([{ do: 'themes', ask: { kind: 'name', name: args } }]);
  },
};
