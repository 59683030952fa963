import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomName } from '../../../base/ids.ts';
import { StoreError } from '../store.ts';
import { Changes } from './changes.ts';
import { emptyLog } from './database.ts';
import { Devices } from './devices.ts';
import { toRefusal } from './errors.ts';
import { DATABASE_FILE } from './folder.ts';
import { History } from './history.ts';
import { Ignores } from './ignores.ts';
import { InPlace } from './in-place.ts';
import { Logins } from './logins.ts';
import { Mail } from './mail.ts';
import { Messages } from './messages.ts';
import { Orders } from './orders.ts';
import { People } from './people.ts';
import { MAX_ROOM } from './places.ts';
import { Retention } from './retention.ts';
import { SearchIndex } from './search-index.ts';
import { SentBefore } from './sent-before.ts';
import { Space } from './space.ts';
import type { Answer, ChangeWrite, ReadStep, Refusal, RetainWrite, Step, WriteStep } from './wire.ts';

const DONE: Answer = { kind: 'done' };
const refuse = (text: string): Refusal => ({ kind: 'refused', code: 'failed', text });

function isRead(step: Step): step is ReadStep {
  switch (step.kind) {
    case 'history':
    case 'rooms':
    case 'memberships':
    case 'accounts':
    case 'accountByName':
    case 'deviceKeys':
    case 'lockouts':
    case 'invites':
    case 'operators':
    case 'bans':
    case 'auditLog':
    case 'ignores':
    case 'mailbox':
    case 'devices':
    case 'find':
    case 'entries':
      return true;
    case 'appends':
    case 'createRoom':
    case 'setTopic':
    case 'addMember':
    case 'removeMember':
    case 'saveAccount':
    case 'register':
    case 'setPassword':
    case 'rehashPassword':
    case 'seen':
    case 'addDeviceKey':
    case 'removeDeviceKey':
    case 'deviceKeyUsed':
    case 'saveLockout':
    case 'removeLockout':
    case 'addInvite':
    case 'removeInvite':
    case 'carryOut':
    case 'saveIgnore':
    case 'removeIgnore':
    case 'sendMail':
    case 'received':
    case 'announce':
    case 'putDevice':
    case 'claim':
    case 'change':
    case 'index':
    case 'retain':
      return false;
  }
}

/** Runs batches of calls on a database, each batch in one transaction. */
export class Engine {
  readonly #db: DatabaseSync;
  readonly #where: string;
  readonly #messages: Messages;
  readonly #people: People;
  readonly #logins: Logins;
  readonly #orders: Orders;
  readonly #ignores: Ignores;
  readonly #mail: Mail;
  readonly #devices: Devices;
  readonly #history: History;
  readonly #index: SearchIndex;
  readonly #changes: Changes;
  readonly #retention: Retention;
  readonly #space: Space;
  readonly #inPlace: InPlace;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  /** Milliseconds that the last batch waited for the disk; undefined where it had nothing to store. */
  commitMs: number | undefined;
  /** Something was deleted, and its text is still in the log. */
  #erased = false;
  /** So has what was kept long enough, and there is more of it. */
  #isRemoving = false;

  /** `where` is the folder, for errors. */
  constructor(db: DatabaseSync, where: string) {
    this.#db = db;
    this.#where = where;
    const before = new SentBefore(db);
    this.#messages = new Messages(db, before);
    this.#people = new People(db);
    this.#logins = new Logins(db);
    this.#orders = new Orders(db);
    this.#ignores = new Ignores(db);
    this.#mail = new Mail(db);
    this.#devices = new Devices(db);
    this.#history = new History(db);
    this.#index = new SearchIndex(db, this.#messages, () => performance.now());
    this.#retention = new Retention(db, this.#messages, this.#index, before, () => performance.now());
    this.#changes = new Changes(db, this.#messages, this.#index, this.#retention);
    this.#inPlace = new InPlace(where);
    this.#space = new Space(db, join(where, DATABASE_FILE), () => performance.now());
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * One answer a step, in order; each step sees those before it. A call that asks for what can't be (a room that isn't
   * there) is refused alone. Where the database fails, every write of the batch is refused and none is stored.
   */
  run(steps: readonly Step[]): Answer[] {
    this.commitMs = undefined;
    if (steps.every(isRead)) return steps.map((step) => this.#tryRead(step));
    if (!steps.every(({ kind }) => kind === 'retain')) return this.#runBatch(steps);
    const start = performance.now();
    const answers = this.#relaxed(() => this.#runBatch(steps));
    // It says nothing of the disk.
    this.commitMs = undefined;
    const took = performance.now() - start;
    this.#retention.committed(took);
    return answers.map((one) => (one.kind === 'retain' ? { ...one, done: { ...one.done, took } } : one));
  }

  #runBatch(steps: readonly Step[]): Answer[] {
    try {
      this.#begin.run();
      const answers = steps.map((step) => (isRead(step) ? this.#tryRead(step) : this.#write(step)));
      this.#messages.writeEnds();
      const before = performance.now();
      this.#commit.run();
      this.commitMs = performance.now() - before;
      this.#inPlace.check();
      this.#messages.settle();
      return answers;
    } catch (error) {
      this.#messages.forget();
      this.#retention.undone();
      this.#rollBack();
      const refusal = toRefusal(error, this.#where);
      // What was read has seen writes that never were, so it is read again.
      return steps.map((step) => (isRead(step) ? this.#tryRead(step) : refusal));
    }
  }

  /** The database is closed. */
  close(): void {
    this.#space.close();
  }

  /** Does a bit of what can wait. @returns whether there may be more. */
  chore(): boolean {
    if (this.#unsynced(() => this.#index.catchUp() || this.#index.merge())) return true;
    if (this.#relaxed(() => this.#space.step())) return true;
    if (!this.#erased) return false;
    // While somebody else reads the database, as a backup does, it can't be done: then later.
    if (!emptyLog(this.#db)) throw new StoreError('failed', 'somebody reads the log that is to be emptied');
    this.#erased = false;
    return false;
  }

  /** What a power cut may undo, since it can be done again: nobody waits for the disk. */
  #relaxed<T>(work: () => T): T {
    const before = this.#db.prepare('PRAGMA synchronous').get()?.synchronous;
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      this.#db.exec(`PRAGMA synchronous = ${Number(before)}`);
    }
  }

  #unsynced(work: () => boolean): boolean {
    return this.#relaxed(() => {
      try {
        this.#begin.run();
        const isMore = work();
        this.#commit.run();
        return isMore;
      } catch (error) {
        this.#messages.forget();
        this.#rollBack();
        throw error;
      }
    });
  }

  /** After some errors SQLite has rolled back by itself. */
  #rollBack(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  #tryRead(step: ReadStep): Answer {
    const inTransaction = this.#db.isTransaction;
    try {
      return this.#read(step);
    } catch (error) {
      // SQLite may have rolled the writes around it back: then what follows must not be stored by itself.
      if (inTransaction && !this.#db.isTransaction) throw error;
      return toRefusal(error, this.#where);
    }
  }

  #read(step: ReadStep): Answer {
    switch (step.kind) {
      case 'history': {
        const room = this.#messages.end(step.room);
        if (room === undefined) return { kind: 'history', page: { messages: [], more: false } };
        return { kind: 'history', page: this.#history.read(room, step.page, step.limit, step.maxBytes) };
      }
      case 'rooms':
        // The newest messages of this batch count too.
        this.#messages.writeEnds();
        return { kind: 'rooms', rooms: this.#people.rooms() };
      case 'memberships':
        return { kind: 'memberships', memberships: this.#people.memberships() };
      case 'accounts':
        return { kind: 'accounts', accounts: this.#people.accounts() };
      case 'accountByName':
      case 'deviceKeys':
      case 'lockouts':
      case 'invites':
        return this.#logins.read(step);
      case 'operators':
      case 'bans':
      case 'auditLog':
        return this.#orders.read(step);
      case 'ignores':
        return { kind: 'ignores', ignores: this.#ignores.all() };
      case 'mailbox':
        return this.#mail.read(step);
      case 'devices':
        return this.#devices.run(step);
      case 'find':
        return this.#index.find(step);
      case 'entries':
        return { kind: 'entries', ...this.#history.entries(step.ns, step.maxBytes) };
    }
  }

  #write(step: WriteStep): Answer {
    switch (step.kind) {
      case 'appends':
        return this.#messages.append(step);
      case 'createRoom':
        this.#people.createRoom(step.room, step.time);
        return this.#inRoom(step.room, () => {}, `there are ${MAX_ROOM} rooms: no more can be made`);
      case 'setTopic':
        return this.#inRoom(step.room, (room) => this.#people.setTopic(room, step.topic, step.by, step.time));
      case 'addMember':
        return this.#inRoom(step.room, (room) => this.#people.addMember(room, step.user, step.time));
      case 'removeMember':
        this.#people.removeMember(step.room, step.user);
        return DONE;
      case 'saveAccount':
        // Where each room ends, for whoever is renamed.
        this.#messages.writeEnds();
        this.#people.saveAccount(step.account);
        return DONE;
      case 'register':
      case 'setPassword':
      case 'rehashPassword':
      case 'seen':
      case 'addDeviceKey':
      case 'removeDeviceKey':
      case 'deviceKeyUsed':
      case 'saveLockout':
      case 'removeLockout':
      case 'addInvite':
      case 'removeInvite':
        return this.#logins.write(step);
      case 'carryOut':
        return this.#orders.write(step);
      case 'saveIgnore':
        return this.#ignores.save(step.ignore, step.now) ? DONE : refuse(`there is no account ${step.ignore.user}`);
      case 'removeIgnore':
        this.#ignores.remove(step.user, step.what, step.target);
        return DONE;
      case 'sendMail':
      case 'received':
        return this.#mail.write(step);
      case 'announce':
        this.#orders.write({ kind: 'carryOut', order: { kind: 'note' }, entry: step.entry });
        return this.#mail.write(step);
      case 'putDevice':
      case 'claim':
        return this.#devices.run(step);
      case 'change':
        return this.#change(step);
      case 'index':
        return this.#index.index(step.goals);
      case 'retain':
        return this.#retain(step);
    }
  }

  #change({ change, limits, audit }: ChangeWrite): Answer {
    const came = this.#changes.change(change, limits);
    if (came.kind === 'changed' && change.what.kind === 'delete') {
      this.#erased = true;
      this.#space.erased();
      const entry = { ...audit, detail: came.author };
      if (came.author !== change.by) this.#orders.write({ kind: 'carryOut', order: { kind: 'note' }, entry });
    }
    return { kind: 'change', came };
  }

  #retain({ retain }: RetainWrite): Answer {
    const done = this.#retention.step(retain);
    // What is left in the log and in pages is cleared when the round is over.
    if (done.rooms.length > 0) this.#space.erased();
    this.#isRemoving ||= done.rooms.length > 0;
    if (!done.more && this.#isRemoving) {
      this.#isRemoving = false;
      this.#erased = true;
    }
    return { kind: 'retain', done };
  }

  #inRoom(name: RoomName, work: (room: number) => void, otherwise = `there is no room ${name}`): Answer {
    const room = this.#messages.room(name);
    if (room === undefined) return refuse(otherwise);
    work(room);
    return DONE;
  }
}
