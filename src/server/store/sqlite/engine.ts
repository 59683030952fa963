import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomName } from '../../../base/ids.ts';
import { Changes } from './changes.ts';
import { Devices } from './devices.ts';
import { toRefusal } from './errors.ts';
import { History } from './history.ts';
import { Ignores } from './ignores.ts';
import { Logins } from './logins.ts';
import { Mail } from './mail.ts';
import { Messages } from './messages.ts';
import { Orders } from './orders.ts';
import { People } from './people.ts';
import { MAX_ROOM } from './places.ts';
import { SearchIndex } from './search-index.ts';
import type { Answer, ChangeWrite, ReadStep, Refusal, Step, WriteStep } from './wire.ts';

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
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  /** Something was deleted, and its text is still in the log. */
  #erased = false;

  /** `where` is the folder, for errors. */
  constructor(db: DatabaseSync, where: string) {
    this.#db = db;
    this.#where = where;
    this.#messages = new Messages(db);
    this.#people = new People(db);
    this.#logins = new Logins(db);
    this.#orders = new Orders(db);
    this.#ignores = new Ignores(db);
    this.#mail = new Mail(db);
    this.#devices = new Devices(db);
    this.#history = new History(db);
    this.#index = new SearchIndex(db, this.#messages, () => performance.now());
    this.#changes = new Changes(db, this.#messages, this.#index);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * One answer a step, in order; each step sees those before it. A call that asks for what can't be (a room that isn't
   * there) is refused alone. Where the database fails, every write of the batch is refused and none is stored.
   */
  run(steps: readonly Step[]): Answer[] {
    if (steps.every(isRead)) return steps.map((step) => this.#tryRead(step));
    try {
      this.#begin.run();
      const answers = steps.map((step) => (isRead(step) ? this.#tryRead(step) : this.#write(step)));
      this.#messages.writeEnds();
      this.#commit.run();
      this.#messages.settle();
      return answers;
    } catch (error) {
      this.#messages.forget();
      this.#rollBack();
      const refusal = toRefusal(error, this.#where);
      // What was read has seen writes that never were, so it is read again.
      return steps.map((step) => (isRead(step) ? this.#tryRead(step) : refusal));
    }
  }

  /** Does a bit of what can wait. @returns whether there may be more. */
  chore(): boolean {
    if (this.#unsynced(() => this.#index.catchUp() || this.#index.merge())) return true;
    if (!this.#erased) return false;
    // Empties the log. While somebody else reads the database it can't be done: then at the next rest.
    const { busy } = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
    this.#erased = busy !== 0;
    return false;
  }

  /** A transaction that a power cut may undo, since it can be done again: nobody waits for the disk. */
  #unsynced(work: () => boolean): boolean {
    const before = this.#db.prepare('PRAGMA synchronous').get()?.synchronous;
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#begin.run();
      const isMore = work();
      this.#commit.run();
      return isMore;
    } catch (error) {
      this.#messages.forget();
      this.#rollBack();
      throw error;
    } finally {
      this.#db.exec(`PRAGMA synchronous = ${Number(before)}`);
    }
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
    }
  }

  #change({ change, limits, audit }: ChangeWrite): Answer {
    const came = this.#changes.change(change, limits);
    if (came.kind === 'changed' && change.what.kind === 'delete') {
      this.#erased = true;
      const entry = { ...audit, detail: came.author };
      if (came.author !== change.by) this.#orders.write({ kind: 'carryOut', order: { kind: 'note' }, entry });
    }
    return { kind: 'change', came };
  }

  #inRoom(name: RoomName, work: (room: number) => void, otherwise = `there is no room ${name}`): Answer {
    const room = this.#messages.room(name);
    if (room === undefined) return refuse(otherwise);
    work(room);
    return DONE;
  }
}
