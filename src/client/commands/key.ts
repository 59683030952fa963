import { err, ok } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { isGuest } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import { tabName } from '../core/lookup.ts';
import { ask } from '../core/requests.ts';
import type { Command, Context, Outcome } from './command.ts';
import { offline } from './offline.ts';

const USAGE = 'write /key add [label], /key list, or /key remove SHA256:…';

export const key: Command = {
  name: 'key',
  aliases: [],
  args: 'add [label] | list | remove fingerprint',
  help: 'devices that log in to your account without a password',
  complete: () => ['add', 'list', 'remove'],
  completeNext: [(state, [what]) => (what === 'remove' ? state.inner.deviceKeys : [])],
  run: (context) => {
    const { state, env, tab, args } = context;
    const [what = '', ...rest] = args.split(/\s+/);
    if (what === '') return err(USAGE);
    const there = offline(state);
    if (there !== undefined || state.self === undefined) return there ?? ok([]);
    if (isGuest(state.self.name)) return err('a guest has no keys: /register makes an account');
    switch (what) {
      case 'add':
        return add(context, rest.join(' '));
      case 'list':
        return ok(ask(state, env, { type: 'keys' }, { kind: 'keys', tab: tabName(tab) }));
      case 'remove': {
        const fingerprint = parse(fields.fingerprint, rest.join(' '));
        if (!fingerprint.ok) return err('name the key by its fingerprint, as /key list shows it: SHA256:…');
        const purpose = { kind: 'keyRemove', tab: tabName(tab), fingerprint: fingerprint.value } as const;
        return ok(ask(state, env, { type: 'key_remove', fingerprint: fingerprint.value }, purpose));
      }
      default:
        return err(USAGE);
    }
  },
};

function add({ state }: Context, label: string): Outcome {
  // The key signs what TLS makes of a connection.
  if (!state.inner.secure) return err('a device key is for connections from elsewhere; on this one it can not log in');
  const checked = label === '' ? undefined : parse(fields.label, label);
  if (checked?.ok === false) return err('a label has at most 64 bytes');
  return ok([{ do: 'openKey', label }]);
}
