/** The messenger of a script: with what this device keeps, or, where a client of ours has that, with as much as may be read. */
import type { UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import { isLan } from '../../link/address.ts';
import { memoryVault } from '../../peer/memory-vault.ts';
import { createMessenger, type Messenger, type MessengerPorts } from '../../peer/messenger.ts';
import type { Vault } from '../../peer/vault.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { writeNew } from '../shell/files.ts';
import { newId } from '../shell/new-id.ts';
import { type Failure, wrongUsage } from '../shell/outcome.ts';
import { openVault, openVaultReader } from '../vault/open.ts';
import { unlock } from './unlock.ts';

type Ports = Pick<MessengerPorts, 'send' | 'tell' | 'fault'>;
type Place = Pick<ClientSettings, 'folder' | 'address'>;

interface Keys {
  readonly vault: Vault;
  /** Nothing of a session is kept, so none is used twice. */
  readonly once: boolean;
}

/**
 * While another program has the vault: our own key signs a group for each message, and the keys of others that we know
 * are compared. Nothing is kept.
 */
function borrow({ folder, address }: Place, people: readonly UserName[]): Result<Keys, Failure> {
  const reader = openVaultReader({ folder, server: address });
  if (!reader.ok) return err(wrongUsage(reader.error.text));
  const known = reader.value;
  try {
    const vault = memoryVault(known.identity);
    for (const putPin of people.flatMap((user) => known.pins(user))) vault.commit({ putPin });
    return ok({ vault, once: true });
  } finally {
    known.close();
  }
}

async function keysFor(
  place: Place,
  people: readonly UserName[],
  passphrase: Secret | undefined,
): Promise<Result<Keys, Failure>> {
  const opened = openVault({ folder: place.folder, server: place.address });
  if (!opened.ok) return opened.error.code === 'busy' ? borrow(place, people) : err(wrongUsage(opened.error.text));
  const unlocked = await unlock(opened.value.log, passphrase);
  if (unlocked.ok) return ok({ vault: opened.value, once: false });
  opened.value.close();
  return unlocked;
}

export interface ScriptMessenger {
  readonly messenger: Messenger;
  /** What it has not sent is gone with it. */
  readonly once: boolean;
  close(): void;
}

/** @param people whose keys are compared: whom we write to, and ourselves. */
export async function openScriptMessenger(
  settings: Place,
  people: readonly UserName[],
  passphrase: Secret | undefined,
  ports: Ports,
): Promise<Result<ScriptMessenger, Failure>> {
  const opened = await keysFor(settings, people, passphrase);
  if (!opened.ok) return opened;
  const { vault, once } = opened.value;
  const byKey = isLan(settings.address);
  const parts = { clock, newId, direct: undefined, byKey, write: writeNew };
  const messenger = createMessenger({ ...ports, ...opened.value, ...parts });
  const close = (): void => {
    messenger.close();
    vault.close();
  };
  return ok({ messenger, once, close });
}
