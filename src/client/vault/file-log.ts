/** The history log of one server: a file for each person, and the key that opens them all. */
import { createHmac, hkdfSync } from 'node:crypto';
import { closeSync, existsSync, readdirSync, readSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ClientId, type UserName, unixMs } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import type { PassphraseCost } from '../../crypto/passphrase.ts';
import { FILE_ID_BYTES, RECORD_KEY_BYTES } from '../../crypto/sealed-record.ts';
import { type MessageChange, type MessageRef, mayChange } from '../../peer/message-change.ts';
import { CHANGEABLE_AMONG, type HistoryLog, type LogPage, type LogRecord, recordAfter } from '../../peer/vault.ts';
import { openIfThere, syncFolder } from '../shell/files.ts';
import { type ChangedMessages, withChanges } from './changed-messages.ts';
import { toVaultError, VaultError } from './fault.ts';
import { removeFile } from './files.ts';
import { decodeHead, HEAD_BYTES, LogFile } from './log-file.ts';
import { openLogKey, protect, readLogKey, unlocked } from './log-key.ts';
import type { VaultFiles } from './place.ts';

/** Logs of which it is remembered where their records are: the tabs that a person has open. The one used longest ago goes. */
const MAX_REMEMBERED = 32;
const LOG = '.log';
/** One that is to be removed: what a crash has left of it goes at the next start. */
const FORGOTTEN = '.forgotten';

/** All come from the data folder's one key; with the server's name, so that no file fits another server's folder. */
interface Keys {
  readonly master: Uint8Array;
  /** Gives files their names. */
  readonly names: Uint8Array;
  readonly records: Uint8Array;
}

function keysOf(master: Uint8Array, server: string): Keys {
  const derive = (what: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', master, '', `uchat log, ${what}, ${server}`, RECORD_KEY_BYTES));
  return { master, names: derive('names of files'), records: derive('records') };
}

interface FileLogOptions {
  /** Of a guess at a passphrase, for tests. */
  readonly cost?: PassphraseCost | undefined;
  readonly readOnly?: boolean;
  /** Undefined: there are none yet, and none are made. */
  readonly changes?: ChangedMessages | undefined;
}

export class FileLog implements HistoryLog {
  readonly #files: VaultFiles;
  readonly #cost: PassphraseCost | undefined;
  readonly #readOnly: boolean;
  readonly #changed: ChangedMessages | undefined;
  #keys: Keys | undefined;
  #closed = false;
  readonly #logs = new Map<UserName, LogFile>();
  /** Changes of the passphrase, one after another. */
  #changes: Promise<unknown> = Promise.resolve();

  /**
   * The folders are there, and the vault's lock is held, or nothing is written.
   */
  constructor(files: VaultFiles, { cost, readOnly = false, changes }: FileLogOptions = {}) {
    this.#files = files;
    this.#cost = cost;
    this.#readOnly = readOnly;
    this.#changed = changes;
    if (readOnly) {
      const found = readLogKey(files.logKey);
      if (found?.kind === 'plain') this.#keys = keysOf(found.key, files.server);
      return;
    }
    for (const name of readdirSync(files.history)) if (name.endsWith(FORGOTTEN)) removeFile(join(files.history, name));
    const logKey = openLogKey(files.logKey, () => this.#refuseWithoutKey());
    if (logKey.kind === 'plain') this.#keys = keysOf(logKey.key, files.server);
  }

  /** A new key would hide, for good, what is there, of whichever server. */
  #refuseWithoutKey(): void {
    const { logKey } = this.#files;
    const names = readdirSync(dirname(logKey), { recursive: true, encoding: 'utf8' });
    if (names.some((name) => name.endsWith(LOG)))
      throw new VaultError(
        'damaged',
        `${logKey} is missing, which opens the logs beside it: restore it, or remove them`,
      );
  }

  get locked(): boolean {
    return this.#keys === undefined;
  }

  async unlock(passphrase: string): Promise<boolean> {
    this.#refuseClosed();
    const master = await this.#guarded(async () => {
      const logKey = readLogKey(this.#files.logKey);
      if (logKey === undefined) throw new VaultError('damaged', `${this.#files.logKey} is missing: restore it`);
      return await unlocked(logKey, new Secret(passphrase));
    });
    if (master === undefined) return false;
    this.#refuseClosed();
    this.#keys ??= keysOf(master, this.#files.server);
    return true;
  }

  async setPassphrase(passphrase: string | undefined): Promise<void> {
    const change = this.#changes.then(async () => {
      // A copy: the vault may be closed meanwhile, which overwrites the key.
      const master = this.#open().master.slice();
      const secret = passphrase === undefined ? undefined : new Secret(passphrase);
      try {
        await this.#guarded(() => protect(this.#files.logKey, master, secret, this.#cost));
      } finally {
        master.fill(0);
      }
    });
    // Whoever asked is told; the next one begins anew.
    this.#changes = change.catch(() => {});
    await change;
  }

  append(person: UserName, record: LogRecord): boolean {
    const early = this.#changed?.get(this.#open(), person, record);
    const isNew = this.#log(person).append(early?.deleted === true ? withChanges(record, early) : record);
    // After it: a crash between leaves what counts anyway, only longer than it need.
    if (isNew && early?.deleted === true) this.#changed?.drop(this.#open(), person, record);
    else if (isNew && early !== undefined) this.#changed?.arrived(this.#open(), person, record);
    return isNew;
  }

  change(person: UserName, of: MessageRef, by: UserName, change: MessageChange): boolean {
    const changes = this.#changed;
    if (changes === undefined || !mayChange(of.from, by, change)) return false;
    const keys = this.#open();
    const log = this.#log(person);
    const said = log.find(of.from, of.id, CHANGEABLE_AMONG);
    const before = withChanges(said ?? { ...of, text: '', time: unixMs(0) }, changes.get(keys, person, of));
    const now = recordAfter(before, by, change);
    if (now === undefined) return false;
    if (said === undefined || now.deleted !== true) {
      changes.put(keys, person, of, now, said === undefined);
      return said !== undefined;
    }
    // Another text of it first: a crash between leaves a message that is still there, and its deletion comes again.
    changes.drop(keys, person, of);
    log.blank(of.from, of.id);
    return true;
  }

  find(person: UserName, from: UserName, id: ClientId): LogRecord | undefined {
    const said = this.#log(person).find(from, id);
    return said && withChanges(said, this.#changed?.get(this.#open(), person, said));
  }

  page(person: UserName, before: number | undefined, limit: number): LogPage {
    const page = this.#log(person).page(before, limit);
    const changes = this.#changed;
    const keys = this.#open();
    if (changes?.any(keys, person) !== true) return page;
    const records = page.records.map((record) => {
      const { at, reAt } = record;
      return { ...withChanges(record, changes.get(keys, person, record)), at, ...(reAt === undefined ? {} : { reAt }) };
    });
    return { ...page, records };
  }

  forget(person: UserName): number {
    const path = this.#path(person);
    const count = this.#log(person).count();
    this.#logs.delete(person);
    this.#changed?.forget(this.#open(), person);
    try {
      if (!existsSync(path)) return 0;
      const forgotten = path.slice(0, -LOG.length) + FORGOTTEN;
      renameSync(path, forgotten);
      syncFolder(this.#files.history);
      removeFile(forgotten);
    } catch (error) {
      throw toVaultError(error, path);
    }
    return count;
  }

  people(): readonly UserName[] {
    this.#open();
    const { history } = this.#files;
    try {
      const logs = readdirSync(history).filter((name) => name.endsWith(LOG));
      return logs.flatMap((name) => this.#personOf(join(history, name)) ?? []).toSorted();
    } catch (error) {
      throw toVaultError(error, history);
    }
  }

  close(): void {
    if (this.#keys !== undefined) {
      const { master, names, records } = this.#keys;
      for (const key of [master, names, records]) key.fill(0);
    }
    this.#keys = undefined;
    this.#closed = true;
    this.#logs.clear();
  }

  /** @returns undefined for a log without a record, and for a file whose head was changed. */
  #personOf(path: string): UserName | undefined {
    const { records } = this.#open();
    const head = Buffer.alloc(HEAD_BYTES + 1);
    const file = openIfThere(path);
    if (file === undefined) return undefined;
    try {
      if (readSync(file, head, 0, head.length, 0) < head.length) return undefined;
    } finally {
      closeSync(file);
    }
    const id = Buffer.from(basename(path, LOG), 'hex');
    // Sealed for this name, so a file that was renamed is nobody's.
    return id.length === FILE_ID_BYTES ? decodeHead({ key: records, file: id }, head) : undefined;
  }

  #idOf(person: UserName): Buffer {
    return createHmac('sha256', this.#open().names).update(person).digest();
  }

  #path(person: UserName): string {
    return join(this.#files.history, `${this.#idOf(person).toString('hex')}${LOG}`);
  }

  #log(person: UserName): LogFile {
    const log =
      this.#logs.get(person) ??
      new LogFile(this.#path(person), person, { key: this.#open().records, file: this.#idOf(person) }, this.#readOnly);
    // Last in the map is the one used last.
    this.#logs.delete(person);
    this.#logs.set(person, log);
    for (const oldest of this.#logs.keys()) {
      if (this.#logs.size <= MAX_REMEMBERED) break;
      this.#logs.delete(oldest);
    }
    return log;
  }

  #open(): Keys {
    this.#refuseClosed();
    if (this.#keys === undefined)
      throw new VaultError('locked', 'the history log is locked: give its passphrase first');
    return this.#keys;
  }

  #refuseClosed(): void {
    if (this.#closed) throw new VaultError('closed', 'the history log is closed');
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toVaultError(error, this.#files.logKey);
    }
  }
}
