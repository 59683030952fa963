import { err, ok } from '../../base/result.ts';
import type { Command } from './command.ts';

export const clear: Command = {
  name: 'clear',
  aliases: [],
  args: '',
  help: 'an empty screen; scrolling back shows it again',
  screen: true,
  run: ({ state, tab }) => {
    // They are in the log on this device, or nowhere.
    const isLost = tab.kind === 'chat' || (tab.kind === 'person' && state.privates.kind !== 'available');
    if (isLost) return err('private messages would be lost by this: /leave closes the tab');
    tab.log.clear();
    if (tab.kind === 'person') tab.log.older = 'more';
    tab.scroll = { kind: 'tail' };
    return ok([]);
  },
};
