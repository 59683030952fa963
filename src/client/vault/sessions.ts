/** Sessions, packages, queued mail and pins in the database. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../base/ids.ts';
import type { OwnPackage } from '../../crypto/e2ee-session.ts';
import {
  type BegunMail,
  type KeptPackage,
  MAX_NOTED,
  MAX_OWN_NAMES,
  MAX_OWN_PACKAGES,
  type OutgoingMail,
  type Pin,
  type SavedSession,
  type VaultChange,
} from '../../peer/vault.ts';
import { type Row, toBegun, toMail, toPackage, toPin, toSession, toTime } from './rows.ts';

const SQL = {
  pins: 'SELECT * FROM pins WHERE user = ? ORDER BY since, device',
  putPin: `
    INSERT INTO pins (user, device, since, verified, accepted) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE
      SET since = excluded.since, verified = excluded.verified, accepted = excluded.accepted`,
  dropPin: 'DELETE FROM pins WHERE user = ? AND device = ?',
  session: 'SELECT * FROM sessions WHERE id = ?',
  sessions: 'SELECT * FROM sessions WHERE user = ? AND device = ? ORDER BY used DESC, id',
  putSession: `
    INSERT INTO sessions (id, own, user, device, state, welcome, used, retired) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE
      SET own = excluded.own, user = excluded.user, device = excluded.device, state = excluded.state,
        welcome = excluded.welcome, used = excluded.used, retired = max(retired, excluded.retired)`,
  retireSession: 'UPDATE sessions SET retired = 1 WHERE id = ?',
  dropSession: 'DELETE FROM sessions WHERE id = ?',
  package: 'SELECT * FROM packages WHERE ref = ?',
  addPackage: `
    INSERT INTO packages (ref, own, public, secret) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET own = excluded.own, public = excluded.public, secret = excluded.secret`,
  dropPackage: 'DELETE FROM packages WHERE ref = ?',
  dropOldPackages: `
    DELETE FROM packages WHERE own = ?1
      AND n NOT IN (SELECT n FROM packages WHERE own = ?1 ORDER BY n DESC LIMIT ${MAX_OWN_PACKAGES})`,
  dropOldNames: `
    DELETE FROM packages WHERE own <> ?1 AND own NOT IN (
      SELECT own FROM packages WHERE own <> ?1 GROUP BY own
      ORDER BY substr(own, 1, 1) = '~', max(n) DESC LIMIT ${MAX_OWN_NAMES - 1})`,
  dropPublished: 'DELETE FROM published WHERE own NOT IN (SELECT own FROM packages)',
  published: 'SELECT at FROM published WHERE own = ?',
  publish: 'INSERT INTO published (own, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
  begun: 'SELECT * FROM begun ORDER BY n',
  beginMail: 'INSERT INTO begun (id, own, recipient) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  unbegin: 'DELETE FROM begun WHERE id = ?',
  noted: 'SELECT id FROM noted WHERE id = ?',
  note: 'INSERT INTO noted (id) VALUES (?) ON CONFLICT DO NOTHING',
  dropNoted: `DELETE FROM noted WHERE n <= (SELECT max(n) FROM noted) - ${MAX_NOTED}`,
  queued: 'SELECT * FROM queue ORDER BY n',
  queue: `
    INSERT INTO queue (id, copy_of, own, mail) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET copy_of = excluded.copy_of, own = excluded.own, mail = excluded.mail`,
  unqueue: 'DELETE FROM queue WHERE id = ?',
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
} as const;

/** Throws what SQLite throws, and a `VaultError` where a row can't be read. */
export class Sessions {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<keyof typeof SQL, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Whose these are from now on. Another device's sessions and packages go: it would speak with a key that isn't ours. It is
   * pinned under each name that we had, and is only one more device there now: nothing is sealed for it before a person says
   * that it is still theirs.
   */
  claim(device: DeviceId): void {
    const owners = this.#db.prepare('SELECT device FROM owner').all();
    if (owners.length === 1 && owners[0]?.device === device) return;
    this.#transaction(() => {
      this.#db.exec(`
        UPDATE pins SET accepted = 0, verified = 0
          WHERE user IN (SELECT user FROM pins WHERE device IN (SELECT device FROM owner));
        DELETE FROM owner; DELETE FROM sessions; DELETE FROM packages; DELETE FROM published; DELETE FROM queue;
        DELETE FROM begun`);
      this.#db.prepare('INSERT INTO owner (device) VALUES (?)').run(device);
    });
  }

  pins(user: UserName): readonly Pin[] {
    return this.#all('pins', user).map(toPin);
  }

  sessions(user: UserName, device: DeviceId): readonly SavedSession[] {
    return this.#all('sessions', user, device).map(toSession);
  }

  session(group: GroupId): SavedSession | undefined {
    return this.#all('session', group).map(toSession)[0];
  }

  package(ref: string): OwnPackage | undefined {
    return this.#all('package', ref).map(toPackage)[0];
  }

  published(own: UserName): UnixMs | undefined {
    return this.#all('published', own).map(toTime)[0];
  }

  begun(): readonly BegunMail[] {
    return this.#all('begun').map(toBegun);
  }

  isNoted(from: UserName, id: ClientId): boolean {
    return this.#all('noted', `${from} ${id}`).length > 0;
  }

  queued(): readonly OutgoingMail[] {
    return this.#all('queued').map(toMail);
  }

  commit(change: VaultChange): void {
    this.#transaction(() => this.#change(change));
  }

  #change(change: VaultChange): void {
    this.#drop(change);
    const { putSession, retireSession, addPackages, queue, published, begin, note, putPin } = change;
    for (const { group, own, user, device, state, welcome, used, retired } of putSession ?? [])
      this.#run('putSession', group, own, user, device, state, welcome ?? null, used, retired ? 1 : 0);
    if (retireSession !== undefined) this.#run('retireSession', retireSession);
    this.#addPackages(addPackages ?? []);
    if (published !== undefined) this.#run('publish', published.own, published.at);
    if (note !== undefined) {
      this.#run('note', `${note.from} ${note.id}`);
      this.#run('dropNoted');
    }
    for (const { of, own, ...mail } of queue ?? []) this.#run('queue', mail.id, of, own, JSON.stringify(mail));
    if (begin !== undefined) this.#run('beginMail', begin.id, begin.own, begin.to);
    if (putPin !== undefined) {
      const { user, device, since, verified, accepted } = putPin;
      this.#run('putPin', user, device, since, verified ? 1 : 0, accepted ? 1 : 0);
    }
  }

  #drop({ dropSession, dropPackage, unqueue, unbegin, dropPin }: VaultChange): void {
    if (dropSession !== undefined) this.#run('dropSession', dropSession);
    if (dropPackage !== undefined) this.#run('dropPackage', dropPackage);
    if (unqueue !== undefined) this.#run('unqueue', unqueue);
    if (unbegin !== undefined) this.#run('unbegin', unbegin);
    if (dropPin !== undefined) this.#run('dropPin', dropPin.user, dropPin.device);
  }

  #addPackages(added: readonly KeptPackage[]): void {
    const [first] = added;
    if (first === undefined) return;
    for (const { ref, own, public: open, secret } of added) this.#run('addPackage', ref, own, open, secret);
    this.#run('dropOldPackages', first.own);
    this.#run('dropOldNames', first.own);
    this.#run('dropPublished');
  }

  #transaction(work: () => void): void {
    this.#run('begin');
    try {
      work();
      this.#run('commit');
    } finally {
      // After some errors SQLite has rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    }
  }

  #run(name: keyof typeof SQL, ...values: (string | number | null | Uint8Array)[]): void {
    this.#statement(name).run(...values);
  }

  #all(name: keyof typeof SQL, ...values: string[]): readonly Row[] {
    return this.#statement(name).all(...values);
  }

  /** Prepared when it is needed first: most programs need few of them. */
  #statement(name: keyof typeof SQL): StatementSync {
    let statement = this.#prepared.get(name);
    if (statement === undefined) this.#prepared.set(name, (statement = this.#db.prepare(SQL[name])));
    return statement;
  }
}
