import { ok } from '../../base/result.ts';
import { logUnavailable } from '../core/messenger.ts';
import { askSecret } from '../core/secret-prompt.ts';
import { askAbout } from '../core/told.ts';
import type { Command } from './command.ts';
import { NOT_IN_LINE, wipe } from './no-secret.ts';
import { orElse } from './whom.ts';

export const passphrase: Command = {
  name: 'passphrase',
  aliases: [],
  args: '[off]',
  help: 'lock your log of private messages; off: no more',
  complete: () => ['off'],
  run: (context) => {
    const { state, tab, args } = context;
    const wiped = args === '' || args === 'off' ? undefined : wipe(context);
    const why = orElse(logUnavailable(state));
    if (why !== undefined) return why;
    if (args === 'off') return ok(askAbout(state, tab, undefined, { do: 'passphrase' }));
    askSecret(state, { kind: 'passphrase' }, wiped && NOT_IN_LINE);
    return wiped ?? ok([]);
  },
};
