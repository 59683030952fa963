import { err, ok } from '../../base/result.ts';
import { unavailable } from '../core/messenger.ts';
import { askSecret } from '../core/secret-prompt.ts';
import type { Command } from './command.ts';
import { NOT_IN_LINE, wipe } from './no-secret.ts';
import { orElse } from './whom.ts';

export const unlock: Command = {
  name: 'unlock',
  aliases: [],
  args: '',
  help: 'open your log of private messages',
  run: (context) => {
    const { state, args } = context;
    const wiped = args === '' ? undefined : wipe(context);
    const why = orElse(unavailable(state));
    if (why !== undefined) return why;
    if (state.privates.kind === 'available') return err('your log is not locked: /passphrase sets a passphrase');
    askSecret(state, { kind: 'unlock' }, wiped && NOT_IN_LINE);
    return wiped ?? ok([]);
  },
};
