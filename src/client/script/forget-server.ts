/** `uchat forget-server HOST[:PORT]`: the next connection to it keeps whatever key it then has. */
import { addressText } from '../../link/address.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { KnownServers } from '../shell/known-servers.ts';
import { done, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { print } from './print.ts';

export function forgetServer({ address, folder }: ClientSettings): Outcome {
  const where = addressText(address);
  const servers = KnownServers.open(folder);
  if (!servers.ok) return wrongUsage(servers.error);
  const known = servers.value.find(address);
  const gone = servers.value.forget(address);
  if (!gone.ok) return wrongUsage(gone.error);
  if (gone.value === 0) return wrongUsage(`no key of ${where} is kept in ${servers.value.path}`);
  print(`${where} is forgotten${typeof known === 'object' ? `; its key was ${known.pin}` : ''}\n`);
  return done;
}
