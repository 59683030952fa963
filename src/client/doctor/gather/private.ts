import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientSettings } from '../../shell/client-settings.ts';
import { vaultFiles } from '../../vault/place.ts';
import type { PrivateFacts } from '../judge/private.ts';
import { commandOf, holderOf } from './locks.ts';

function sizeOf(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch {
    // None yet; that it can't be read is said of the folder.
    return 0;
  }
}

export function privateFacts({ folder, address }: ClientSettings): PrivateFacts {
  const { lock, history } = vaultFiles({ folder, server: address });
  const isThere = statSync(lock, { throwIfNoEntry: false }) !== undefined;
  const pid = isThere ? holderOf(lock) : undefined;
  return {
    isThere,
    holder: pid === undefined ? undefined : { pid, command: commandOf(pid) },
    log: isThere ? sizeOf(history) : 0,
  };
}
