/** A store in a file of the data folder. The lobby's texts are readable in it to the folder's owner, and no secret is. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeviceId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { MAX_PACKAGES } from '../../protocol/limits.ts';
import { MAX_HEARD } from '../limits.ts';
import { keyOfEntry } from '../lobby/entry-key.ts';
import type { SignedEntry } from '../mesh/frames.ts';
import { MAX_KNOWN_MAIL } from './bounds.ts';
import { openDatabase } from './database.ts';
import { LanStoreError, toLanStoreError } from './fault.ts';
import { toEntry, toIgnored, toMail, toMet, toPackage, toPlace } from './rows.ts';
import type { LanStore, Met, StoredMail } from './store.ts';

/** Of a table with a place `n`: all but the newest go. The beginning is found in the index, from its end. */
const shorten = (table: string, most: number, where = ''): string =>
  `DELETE FROM ${table} WHERE n <= (SELECT n FROM ${table} ${where} ORDER BY n DESC LIMIT 1 OFFSET ${most}) ${where.replace('WHERE', 'AND')}`;

const SQL = {
  met: 'SELECT device, user, name, first, last, dealt FROM met ORDER BY first, device',
  putMet: `INSERT INTO met (device, user, name, first, last, dealt) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET user = excluded.user, name = excluded.name, first = excluded.first,
      last = excluded.last, dealt = excluded.dealt`,
  dropMet: 'DELETE FROM met WHERE device = ?',
  entries: 'SELECT device, said, signature FROM entries ORDER BY n',
  putEntry: 'INSERT INTO entries (key, device, said, signature) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  dropEntry: 'DELETE FROM entries WHERE key = ?',
  mail: 'SELECT n, author, id, sealed, time FROM mail WHERE sealed IS NOT NULL ORDER BY n',
  mailPlace: 'SELECT n FROM mail WHERE author = ? AND id = ?',
  putMail: 'INSERT INTO mail (author, id, time, sealed) VALUES (?, ?, ?, ?)',
  dropMail: 'UPDATE mail SET sealed = NULL WHERE sealed IS NOT NULL AND n <= ?',
  forgetMail: shorten('mail', MAX_KNOWN_MAIL, 'WHERE sealed IS NULL'),
  packages: 'SELECT package FROM packages ORDER BY n',
  putPackage: 'INSERT INTO packages (package) VALUES (?) ON CONFLICT (package) DO NOTHING',
  shortenPackages: shorten('packages', MAX_PACKAGES),
  takePackage: 'DELETE FROM packages WHERE n = (SELECT min(n) FROM packages) RETURNING package',
  spare: 'SELECT package FROM spares WHERE device = ?',
  putSpare: 'INSERT INTO spares (device, package) VALUES (?, ?)',
  takeSpare: 'DELETE FROM spares WHERE device = ? RETURNING package',
  shortenSpares: shorten('spares', MAX_HEARD),
  ignored: 'SELECT device, how, until FROM ignored ORDER BY n',
  putIgnored: 'INSERT INTO ignored (device, how, until) VALUES (?, ?, ?)',
  dropIgnored: 'DELETE FROM ignored',
} as const;

class SqliteStore implements LanStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  /** Prepared at first use. */
  readonly #statements = new Map<keyof typeof SQL, StatementSync>();

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  #sql(name: keyof typeof SQL): StatementSync {
    const known = this.#statements.get(name);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(SQL[name]);
    this.#statements.set(name, statement);
    return statement;
  }

  #guarded<T>(work: () => T): T {
    if (!this.#db.isOpen) throw new LanStoreError('closed', `${this.#path} is closed`);
    try {
      return work();
    } catch (error) {
      throw toLanStoreError(error, this.#path);
    }
  }

  #transaction<T>(work: () => T): T {
    return this.#guarded(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const value = work();
        this.#db.exec('COMMIT');
        return value;
      } finally {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      }
    });
  }

  /**
   * It survives the program in whatever way that ends, but perhaps not a power cut: what others have too, and say again,
   * isn't worth that everything stands still for the disk each time. The next commit that waits for the disk brings it along.
   */
  #lightly<T>(work: () => T): T {
    this.#guarded(() => this.#db.exec('PRAGMA synchronous = NORMAL'));
    try {
      return this.#transaction(work);
    } finally {
      this.#guarded(() => this.#db.exec('PRAGMA synchronous = FULL'));
    }
  }

  met(): readonly Met[] {
    return this.#guarded(() => this.#sql('met').all().map(toMet));
  }

  putMet({ device, user, name, first, last, dealt }: Met): void {
    this.#lightly(() => this.#sql('putMet').run(device, user, name, first, last, Number(dealt)));
  }

  dropMet(device: DeviceId): void {
    this.#lightly(() => this.#sql('dropMet').run(device));
  }

  entries(): readonly SignedEntry[] {
    return this.#guarded(() => this.#sql('entries').all().map(toEntry));
  }

  putEntries(fresh: readonly SignedEntry[], dropped: readonly string[]): void {
    if (fresh.length === 0 && dropped.length === 0) return;
    this.#lightly(() => {
      const put = this.#sql('putEntry');
      for (const entry of fresh) put.run(keyOfEntry(entry), entry.device, entry.said, entry.signature);
      const drop = this.#sql('dropEntry');
      for (const key of dropped) drop.run(key);
    });
  }

  mail(): readonly StoredMail[] {
    return this.#guarded(() => this.#sql('mail').all().map(toMail));
  }

  putMail({ from, id, sealed, time }: Omit<StoredMail, 'n'>): { readonly n: number; readonly isNew: boolean } {
    return this.#transaction(() => {
      const old = this.#sql('mailPlace').get(from, id);
      if (old !== undefined) return { n: toPlace(old.n), isNew: false };
      const { lastInsertRowid } = this.#sql('putMail').run(from, id, time, JSON.stringify(sealed));
      return { n: Number(lastInsertRowid), isNew: true };
    });
  }

  dropMail(upTo: number): void {
    this.#transaction(() => {
      this.#sql('dropMail').run(upTo);
      this.#sql('forgetMail').run();
    });
  }

  packages(): readonly string[] {
    return this.#guarded(() =>
      this.#sql('packages')
        .all()
        .map((row) => toPackage(row.package)),
    );
  }

  putPackages(packages: readonly string[]): void {
    if (packages.length === 0) return;
    this.#transaction(() => {
      const put = this.#sql('putPackage');
      for (const one of packages) put.run(one);
      this.#sql('shortenPackages').run();
    });
  }

  takePackage(): string | undefined {
    return this.#transaction(() => this.#packageOf(this.#sql('takePackage').get()));
  }

  spare(device: DeviceId): string | undefined {
    return this.#guarded(() => this.#packageOf(this.#sql('spare').get(device)));
  }

  putSpare(device: DeviceId, keyPackage: string): void {
    this.#transaction(() => {
      this.#sql('takeSpare').get(device);
      this.#sql('putSpare').run(device, keyPackage);
      this.#sql('shortenSpares').run();
    });
  }

  takeSpare(device: DeviceId): string | undefined {
    return this.#transaction(() => this.#packageOf(this.#sql('takeSpare').get(device)));
  }

  #packageOf(row: ReturnType<StatementSync['get']>): string | undefined {
    return row === undefined ? undefined : toPackage(row.package);
  }

  ignored(): ReturnType<LanStore['ignored']> {
    return this.#guarded(() => {
      const all = this.#sql('ignored').all().map(toIgnored);
      return {
        blocked: all.filter(({ how }) => how === 'blocked').map(({ device }) => device),
        muted: all
          .filter(({ how }) => how === 'muted')
          .map(({ device, until }) => ({ device, ...(until === undefined ? {} : { until }) })),
      };
    });
  }

  putIgnored({ blocked, muted }: ReturnType<LanStore['ignored']>): void {
    this.#transaction(() => {
      this.#sql('dropIgnored').run();
      const put = this.#sql('putIgnored');
      for (const device of blocked) put.run(device, 'blocked', null);
      for (const { device, until } of muted) put.run(device, 'muted', until ?? null);
    });
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }
}

/**
 * The folder must be there, and only one program on it: see `client/shell/lan`.
 * @returns or one line that says what is wrong and what to do. What is opened throws `LanStoreError`.
 */
export function openSqliteStore(path: string): Result<LanStore, string> {
  try {
    return ok(new SqliteStore(openDatabase(path), path));
  } catch (error) {
    return err(toLanStoreError(error, path).message);
  }
}
