/** The hub in this very program: with the lock, the store, and the socket at which our other programs join. */
import type { DatabaseSync } from 'node:sqlite';
import { ok, type Result } from '../../../base/result.ts';
import type { Hub, HubOptions, OpenHub } from '../../../lan/hub/hub.ts';
import { MAX_SESSIONS } from '../../../lan/limits.ts';
import { LanStoreError } from '../../../lan/store/fault.ts';
import { openSqliteStore } from '../../../lan/store/sqlite.ts';
import type { Link } from '../../../link/link.ts';
import { memoryLinks } from '../../../link/memory.ts';
import { isBusy, toVaultError } from '../../vault/fault.ts';
import { openIdentity } from '../../vault/identity.ts';
import { takeLock } from '../../vault/lock.ts';
import type { ClientSettings } from '../client-settings.ts';
import { clock } from '../clock.ts';
import { newId } from '../new-id.ts';
import { type Hushed, hushable } from './hushed-link.ts';
import { type LanNetwork, lanName } from './lan-settings.ts';
import { listenLocal } from './local-socket.ts';
import { type LanFiles, makeLanFolder } from './place.ts';

export type HubSettings = Pick<ClientSettings, 'folder' | 'user' | 'directPort'> & { readonly network: LanNetwork };

export interface OwnHub {
  /** What is wrong, and no reason not to go on. */
  readonly warnings: readonly string[];
  /** A connection of this program to it. */
  link(): Link;
  /** The program ends: nothing more comes over its own connections, least of all that they end. */
  hush(): void;
  /** Good-bye to the network and to our other programs; then one of them may have it. Never rejects. */
  leave(): Promise<void>;
}

/** `busy`: another program of ours is on the network. */
export type Opened =
  | { readonly kind: 'open'; readonly own: OwnHub }
  | { readonly kind: 'busy' | 'failed'; readonly text: string };

interface Parts {
  readonly hub: Hub;
  readonly lock: DatabaseSync;
  readonly stopListening: () => void;
  readonly warnings: readonly string[];
}

function ownHub({ hub, lock, stopListening, warnings }: Parts): OwnHub {
  /** The newest, of which some may have ended: a hub has no more. */
  const links: Hushed[] = [];
  return {
    warnings,
    link: () => {
      const [ours, theirs] = memoryLinks();
      const hushed = hushable(ours);
      links.push(hushed);
      if (links.length > MAX_SESSIONS) links.shift();
      hub.accept(theirs);
      return hushed.link;
    },
    hush: () => {
      for (const link of links) link.hush();
    },
    leave: async () => {
      // First, so that the socket that is gone is ours, and not already that of the next.
      stopListening();
      await hub.close();
      lock.close();
    },
  };
}

/** @returns undefined where another program has it. */
function lockOf(files: LanFiles): DatabaseSync | undefined {
  try {
    return takeLock(files.lock);
  } catch (error) {
    if (isBusy(error) || (error instanceof Error && 'code' in error && error.code === 'busy')) return undefined;
    throw error;
  }
}

/** What the hub is made of; closed again where it doesn't come about. */
async function openLocked(
  settings: HubSettings,
  files: LanFiles,
  openHub: OpenHub,
): Promise<Result<Omit<Parts, 'lock'>, string>> {
  const name = lanName(settings.user);
  if (!name.ok) return name;
  const identity = openIdentity(settings.folder);
  const store = openSqliteStore(files.store);
  if (!store.ok) return store;
  const options: HubOptions = {
    identity,
    name: name.value,
    ...settings.network,
    linkPort: settings.directPort ?? 0,
    clock,
    newId,
    store: store.value,
  };
  let opened: Awaited<ReturnType<OpenHub>>;
  try {
    opened = await openHub(options);
  } catch (error) {
    store.value.close();
    throw error;
  }
  if (!opened.ok) {
    store.value.close();
    return opened;
  }
  const hub = opened.value;
  const listener = await listenLocal(files.socket, (link) => hub.accept(link));
  return ok({
    hub,
    stopListening: () => {
      if (listener.ok) listener.value.close();
    },
    warnings: [
      ...hub.problems.map((line) => `the local network: ${line}`),
      ...(listener.ok ? [] : [`your other programs can't join this one on the local network: ${listener.error}`]),
    ],
  });
}

/** Never rejects. */
export async function openOwnHub(settings: HubSettings, openHub: OpenHub): Promise<Opened> {
  let lock: DatabaseSync | undefined;
  try {
    const files = makeLanFolder(settings.folder);
    lock = lockOf(files);
    if (lock === undefined) return { kind: 'busy', text: files.socket };
    const parts = await openLocked(settings, files, openHub);
    if (parts.ok) return { kind: 'open', own: ownHub({ ...parts.value, lock }) };
    lock.close();
    return { kind: 'failed', text: parts.error };
  } catch (error) {
    lock?.close();
    const text = error instanceof LanStoreError ? error.message : toVaultError(error, settings.folder).text;
    return { kind: 'failed', text };
  }
}
