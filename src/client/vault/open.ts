/** The vault in files. One program has it at a time; another one may read the pins beside it. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { OwnPackage } from '../../crypto/e2ee-session.ts';
import type { Identity } from '../../crypto/identity.ts';
import type { PassphraseCost } from '../../crypto/passphrase.ts';
import type { BegunMail, HistoryLog, OutgoingMail, Pin, SavedSession, Vault, VaultChange } from '../../peer/vault.ts';
import { ChangedMessages, hasChanges } from './changed-messages.ts';
import { openDatabase, openForReading, wipeJournal } from './database.ts';
import { toVaultError, VaultError, type VaultFault } from './fault.ts';
import { FileLog } from './file-log.ts';
import { openIdentity } from './identity.ts';
import { takeLock } from './lock.ts';
import { makeFolders, type VaultFiles, type VaultPlace, vaultFiles } from './place.ts';
import { Sessions } from './sessions.ts';

interface Parts {
  readonly identity: Identity;
  readonly log: FileLog;
  readonly lock: DatabaseSync;
  readonly db: DatabaseSync;
  readonly files: VaultFiles;
}

class FileVault implements Vault {
  readonly identity: Identity;
  readonly log: FileLog;
  readonly #lock: DatabaseSync;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #sessions: Sessions;

  constructor({ identity, log, lock, db, files }: Parts) {
    this.identity = identity;
    this.log = log;
    this.#lock = lock;
    this.#db = db;
    this.#path = files.database;
    this.#sessions = new Sessions(db);
    this.#sessions.claim(identity.device);
  }

  pins(user: UserName): readonly Pin[] {
    return this.#guarded(() => this.#sessions.pins(user));
  }

  sessions(user: UserName, device: DeviceId): readonly SavedSession[] {
    return this.#guarded(() => this.#sessions.sessions(user, device));
  }

  session(group: GroupId): SavedSession | undefined {
    return this.#guarded(() => this.#sessions.session(group));
  }

  package(ref: string): OwnPackage | undefined {
    return this.#guarded(() => this.#sessions.package(ref));
  }

  published(own: UserName): UnixMs | undefined {
    return this.#guarded(() => this.#sessions.published(own));
  }

  isNoted(from: UserName, id: ClientId): boolean {
    return this.#guarded(() => this.#sessions.isNoted(from, id));
  }

  begun(): readonly BegunMail[] {
    return this.#guarded(() => this.#sessions.begun());
  }

  queued(): readonly OutgoingMail[] {
    return this.#guarded(() => this.#sessions.queued());
  }

  commit(change: VaultChange): void {
    this.#guarded(() => this.#sessions.commit(change));
    this.#wipe();
  }

  close(): void {
    this.log.close();
    if (!this.#db.isOpen) return;
    this.#db.close();
    // Last: from here on another program may have all this.
    this.#lock.close();
  }

  /** The change is on the disk already, so it has succeeded whatever comes of this; the next one tries again. */
  #wipe(): void {
    try {
      wipeJournal(this.#path);
    } catch {
      // A disk so full or broken that zeros can't be written over what is there fails the next commit as well.
    }
  }

  #guarded<T>(work: () => T): T {
    if (!this.#db.isOpen) throw new VaultError('closed', 'the vault is closed');
    try {
      return work();
    } catch (error) {
      throw toVaultError(error, this.#path);
    }
  }
}

function faultOf(error: unknown, where: string): Result<never, VaultFault> {
  const { code, text } = toVaultError(error, where);
  return err({ code, text });
}

/** Whatever was opened before something failed is closed again, the last one first. */
function openParts(place: VaultPlace, cost: PassphraseCost | undefined): FileVault {
  const files = makeFolders(place);
  using opened = new DisposableStack();
  const lock = opened.adopt(takeLock(files.lock), (it) => it.close());
  const identity = openIdentity(place.folder);
  const db = opened.adopt(openDatabase(files.database), (it) => it.close());
  const changes = new ChangedMessages(db, files.database);
  const log = opened.adopt(new FileLog(files, { cost, changes }), (it) => it.close());
  const vault = new FileVault({ identity, log, lock, db, files });
  opened.move();
  return vault;
}

/**
 * Takes about 20 ms the first time, when it makes keys and files, and 5 ms later (`test/bench/history.ts`).
 * @param cost of a guess at a new passphrase: less than usual for tests, which can't wait.
 * @returns or what is wrong; `busy` where another program has it, and then a later call may succeed.
 */
export function openVault(place: VaultPlace, cost?: PassphraseCost): Result<Vault, VaultFault> {
  try {
    return ok(openParts(place, cost));
  } catch (error) {
    return faultOf(error, vaultFiles(place).folder);
  }
}

/** What may be known beside the program that has the vault: who we are, whose keys we have met, and what was said. */
export interface VaultReader {
  readonly identity: Identity;
  readonly log: Pick<HistoryLog, 'locked' | 'unlock' | 'page'>;
  pins(user: UserName): readonly Pin[];
  close(): void;
}

/** Where nothing was ever said. */
const NO_LOG: VaultReader['log'] = {
  locked: false,
  unlock: () => Promise.resolve(true),
  page: () => ({ records: [], more: false, damaged: 0 }),
};

/** Changes nothing but that it makes the identity key where there is none. */
export function openVaultReader(place: VaultPlace): Result<VaultReader, VaultFault> {
  const files = vaultFiles(place);
  const { database } = files;
  try {
    const identity = openIdentity(place.folder);
    const db = openForReading(database);
    const changes = db && hasChanges(db) ? new ChangedMessages(db, database) : undefined;
    const log = existsSync(files.logKey) ? new FileLog(files, { readOnly: true, changes }) : undefined;
    const sessions = db && new Sessions(db);
    return ok({
      identity,
      pins: (user) => {
        try {
          return sessions?.pins(user) ?? [];
        } catch (error) {
          throw toVaultError(error, database);
        }
      },
      log: log ?? NO_LOG,
      close: () => {
        db?.close();
        log?.close();
      },
    });
  } catch (error) {
    return faultOf(error, database);
  }
}
