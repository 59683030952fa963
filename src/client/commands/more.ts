import { ok } from '../../base/result.ts';
import { moreHits } from '../core/search.ts';
import type { Command } from './command.ts';

export const more: Command = {
  name: 'more',
  aliases: [],
  args: '',
  help: 'what else the last search finds',
  run: ({ state, env }) => ok(moreHits(state, env)),
};
