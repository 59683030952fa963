import { clockTime, dayOf } from '../../base/text/time.ts';
import { notice, stillOpen } from '../core/lookup.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

export const keys: Receive<'keys'> = (state, message, env) => {
  const found = answered(state, message.id, 'keys');
  if (found === undefined) return [];
  finish(state, found.id);
  state.inner.deviceKeys = message.keys.map(({ fingerprint }) => fingerprint);
  const rows = message.keys.map(
    ({ fingerprint, label, added }) => `${fingerprint}  ${dayOf(added)} ${clockTime(added)}  ${label}`,
  );
  const count = rows.length === 1 ? '1 device key logs' : `${rows.length} device keys log`;
  const head = rows.length === 0 ? 'no device key logs in to this account' : `${count} in to this account`;
  notice(stillOpen(state, found.purpose.tab), env, [head, ...rows].join('\n'));
  return [];
};
