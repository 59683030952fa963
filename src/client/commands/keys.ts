import { err, ok } from '../../base/result.ts';
import { notice } from '../core/lookup.ts';
import { namedKeys } from '../keys/labels.ts';
import type { Command } from './command.ts';

const NAMES = 'names';

export const keys: Command = {
  name: 'keys',
  aliases: [],
  args: `[${NAMES}]`,
  help: `all keys; or what config.toml calls what they do`,
  screen: true,
  complete: () => [NAMES],
  run: ({ state, env, tab, args }) => {
    if (args !== '' && args !== NAMES)
      return err(`there is no "${args}": /keys shows the keys, /keys ${NAMES} their names`);
    if (args === '') state.overlay = { kind: 'keys' };
    else notice(tab, env, `What keys do, as [keys] of config.toml names it:\n${namedKeys(state.keymap)}`);
    return ok([]);
  },
};
