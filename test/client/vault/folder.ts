/** A data folder for one test, and vaults in it that are closed after it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openVault } from '../../../src/client/vault/open.ts';
import type { Address } from '../../../src/link/link.ts';
import type { Vault } from '../../../src/peer/vault.ts';

export const SERVER: Address = { host: 'box.example', port: 2428 };
/** KiB and passes that a test can wait for. */
const CHEAP = { memory: 64, passes: 1, lanes: 1 };

export interface Home {
  /** The data folder. */
  readonly folder: string;
  open(server?: Address): Vault;
  /** The same after it was closed. */
  again(vault: Vault): Vault;
  /** What opening says when it fails. */
  fault(server?: Address): { readonly code: string; readonly text: string };
  /** All files, as paths in the folder. */
  files(): readonly string[];
  /** The files that hold these bytes. */
  holding(needle: string | Uint8Array): readonly string[];
  /** The one history file there is. */
  log(): string;
}

export function useHome(): Home {
  let folder = '';
  let opened: Vault[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'uchat-vault-'));
  });
  afterEach(() => {
    for (const vault of opened) vault.close();
    opened = [];
    rmSync(folder, { recursive: true });
  });
  const open = (server = SERVER): Vault => {
    const result = openVault({ folder, server }, CHEAP);
    if (!result.ok) throw new Error(result.error.text);
    opened.push(result.value);
    return result.value;
  };
  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  return {
    get folder() {
      return folder;
    },
    open,
    again: (vault) => {
      vault.close();
      return open();
    },
    fault: (server = SERVER) => {
      const result = openVault({ folder, server }, CHEAP);
      if (result.ok) result.value.close();
      return result.ok ? { code: 'no fault', text: '' } : result.error;
    },
    files,
    holding: (needle) => files().filter((path) => readFileSync(join(folder, path)).includes(needle)),
    log: () => {
      const logs = files().filter((path) => path.endsWith('.log'));
      if (logs.length !== 1) throw new Error(`${logs.length} logs`);
      return join(folder, logs[0] ?? '');
    },
  };
}
