import { err, ok } from '../../base/result.ts';
import { moveTab } from '../core/tabs.ts';
import type { Command } from './command.ts';

export const move: Command = {
  name: 'move',
  aliases: [],
  args: 'number',
  help: 'this tab gets that number, from 2',
  run: ({ state, args }) => {
    if (!/^\d{1,3}$/.test(args) || Number(args) === 0) return err('where to? Write /move 2');
    moveTab(state, Number(args));
    return ok([]);
  },
};
