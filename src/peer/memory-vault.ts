/** A vault that keeps nothing on a disk: for programs that send one message, and for tests. */
import type { ClientId, UnixMs, UserName } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import type { OwnPackage } from '../crypto/e2ee-session.ts';
import type { Identity } from '../crypto/identity.ts';
import { isGuest } from '../protocol/names.ts';
import { type MessageChange, type MessageRef, mayChange } from './message-change.ts';
import {
  type BegunMail,
  CHANGEABLE_AMONG,
  type HistoryLog,
  type KeptPackage,
  KNOWN_AMONG,
  type LogPage,
  type LogRecord,
  MAX_EARLY_CHANGES,
  MAX_NOTED,
  MAX_OWN_NAMES,
  MAX_OWN_PACKAGES,
  type OutgoingMail,
  type Pin,
  recordAfter,
  type SavedSession,
  type Vault,
  type VaultChange,
} from './vault.ts';

/** Messages with one person that are held in memory; the oldest go. */
const MAX_HELD = 10_000;

/** A change that waits for its message. */
interface Early {
  readonly of: MessageRef;
  readonly by: UserName;
  readonly change: MessageChange;
}

/** What one has said with one person. `forgotten`: how many were taken from the front, so that places stay. */
interface Held {
  readonly records: LogRecord[];
  forgotten: number;
  early: readonly Early[];
}

const isOf = ({ id, from }: LogRecord, of: MessageRef): boolean => id === of.id && from === of.from;

class MemoryLog implements HistoryLog {
  readonly #people = new Map<UserName, Held>();
  #passphrase: Secret | undefined;

  /** There is no disk on which it could be found. */
  readonly locked = false;

  unlock(passphrase: string): Promise<boolean> {
    return Promise.resolve(this.#passphrase === undefined || this.#passphrase.reveal() === passphrase);
  }

  setPassphrase(passphrase: string | undefined): Promise<void> {
    this.#passphrase = passphrase === undefined ? undefined : new Secret(passphrase);
    return Promise.resolve();
  }

  append(person: UserName, record: LogRecord): boolean {
    if (this.find(person, record.from, record.id) !== undefined) return false;
    const held = this.#held(person);
    const early = held.early.filter(({ of }) => isOf(record, of));
    held.early = held.early.filter((one) => !early.includes(one));
    held.records.push(early.reduce((now, { by, change }) => recordAfter(now, by, change) ?? now, { ...record }));
    if (held.records.length > MAX_HELD) {
      held.records.shift();
      held.forgotten += 1;
    }
    return true;
  }

  #held(person: UserName): Held {
    let held = this.#people.get(person);
    if (held === undefined) this.#people.set(person, (held = { records: [], forgotten: 0, early: [] }));
    return held;
  }

  change(person: UserName, of: MessageRef, by: UserName, change: MessageChange): boolean {
    const held = this.#held(person);
    const index = held.records.findLastIndex((record) => isOf(record, of));
    const record = index < held.records.length - CHANGEABLE_AMONG ? undefined : held.records[index];
    if (record === undefined) {
      if (mayChange(of.from, by, change)) held.early = [...held.early, { of, by, change }].slice(-MAX_EARLY_CHANGES);
      return false;
    }
    const now = recordAfter(record, by, change);
    if (now !== undefined) held.records[index] = now;
    return now !== undefined;
  }

  find(person: UserName, from: UserName, id: ClientId): LogRecord | undefined {
    const found = this.#people
      .get(person)
      ?.records.slice(-KNOWN_AMONG)
      .find((record) => record.id === id && record.from === from);
    return found && { ...found };
  }

  page(person: UserName, before: number | undefined, limit: number): LogPage {
    const held = this.#people.get(person);
    if (held === undefined) return { records: [], more: false, damaged: 0 };
    const { records, forgotten } = held;
    const end = Math.min(records.length, Math.max(0, (before ?? Number.POSITIVE_INFINITY) - forgotten));
    const start = Math.max(0, end - limit);
    return {
      records: records.slice(start, end).map((record, i) => {
        const { re } = record;
        const answered = re === undefined ? -1 : records.findLastIndex((one) => isOf(one, re));
        return { ...record, at: forgotten + start + i, ...(answered < 0 ? {} : { reAt: forgotten + answered }) };
      }),
      more: start > 0,
      damaged: 0,
    };
  }

  forget(person: UserName): number {
    const count = this.#people.get(person)?.records.length ?? 0;
    this.#people.delete(person);
    return count;
  }

  people(): readonly UserName[] {
    return [...this.#people].flatMap(([person, { records }]) => (records.length === 0 ? [] : [person]));
  }
}

/** What is kept is a copy: who gave it may overwrite what was given, and who gets it can't change what is kept. */
const copyOf = (session: SavedSession): SavedSession => ({
  ...session,
  state: session.state.slice(),
  welcome: session.welcome?.slice(),
});
const copyOfPackage = (kept: KeptPackage): KeptPackage => ({
  ref: kept.ref,
  own: kept.own,
  public: kept.public.slice(),
  secret: kept.secret.slice(),
});

class MemoryVault implements Vault {
  readonly identity: Identity;
  readonly log: HistoryLog = new MemoryLog();
  readonly #pins = new Map<string, Pin>();
  readonly #sessions = new Map<string, SavedSession>();
  readonly #packages = new Map<string, KeptPackage>();
  readonly #published = new Map<UserName, UnixMs>();
  readonly #queued = new Map<ClientId, OutgoingMail>();
  readonly #begun = new Map<ClientId, BegunMail>();
  readonly #noted = new Set<string>();

  constructor(identity: Identity) {
    this.identity = identity;
  }

  pins(user: UserName): readonly Pin[] {
    return [...this.#pins.values()].filter((pin) => pin.user === user);
  }

  sessions(user: UserName, device: string): readonly SavedSession[] {
    return [...this.#sessions.values()]
      .filter((session) => session.user === user && session.device === device)
      .toSorted((a, b) => b.used - a.used)
      .map(copyOf);
  }

  session(group: string): SavedSession | undefined {
    const found = this.#sessions.get(group);
    return found && copyOf(found);
  }

  package(ref: string): OwnPackage | undefined {
    const found = this.#packages.get(ref);
    return found && { ref, public: found.public.slice(), secret: found.secret.slice() };
  }

  queued(): readonly OutgoingMail[] {
    return [...this.#queued.values()];
  }

  published(own: UserName): UnixMs | undefined {
    return this.#published.get(own);
  }

  begun(): readonly BegunMail[] {
    return [...this.#begun.values()];
  }

  isNoted(from: UserName, id: ClientId): boolean {
    return this.#noted.has(`${from} ${id}`);
  }

  #note({ from, id }: NonNullable<VaultChange['note']>): void {
    this.#noted.add(`${from} ${id}`);
    for (const oldest of this.#noted) if (this.#noted.size > MAX_NOTED) this.#noted.delete(oldest);
  }

  commit(change: VaultChange): void {
    this.#drop(change);
    const { putSession, retireSession, addPackages, queue, published, begin, note, putPin } = change;
    for (const session of putSession ?? []) this.#putSession(session);
    const retired = retireSession === undefined ? undefined : this.#sessions.get(retireSession);
    if (retired !== undefined) this.#sessions.set(retired.group, { ...retired, retired: true });
    for (const kept of addPackages ?? []) this.#packages.set(kept.ref, copyOfPackage(kept));
    this.#dropOldPackages(addPackages?.[0]?.own);
    if (published !== undefined) this.#published.set(published.own, published.at);
    for (const mail of queue ?? []) this.#queued.set(mail.id, mail);
    if (begin !== undefined) this.#begun.set(begin.id, { ...begin });
    if (note !== undefined) this.#note(note);
    if (putPin !== undefined) this.#pins.set(pinKey(putPin), { ...putPin });
  }

  #drop({ dropSession, dropPackage, unqueue, unbegin, dropPin }: VaultChange): void {
    if (dropSession !== undefined) this.#dropSession(dropSession);
    if (dropPackage !== undefined) this.#dropPackage(dropPackage);
    if (unqueue !== undefined) this.#queued.delete(unqueue);
    if (unbegin !== undefined) this.#begun.delete(unbegin);
    if (dropPin !== undefined) this.#pins.delete(pinKey(dropPin));
  }

  #putSession(session: SavedSession): void {
    const kept = copyOf(session);
    const retired = session.retired || this.#sessions.get(session.group)?.retired === true;
    this.#dropSession(session.group);
    this.#sessions.set(session.group, { ...kept, retired });
  }

  /** @param now the name that packages were added for. */
  #dropOldPackages(now: UserName | undefined): void {
    if (now === undefined) return;
    const all = [...this.#packages.values()];
    for (const { ref } of all.filter(({ own }) => own === now).slice(0, -MAX_OWN_PACKAGES)) this.#dropPackage(ref);
    const names = [...new Set(all.map(({ own }) => own).toReversed())].filter((own) => own !== now);
    const gone = names.toSorted((a, b) => Number(isGuest(a)) - Number(isGuest(b))).slice(MAX_OWN_NAMES - 1);
    for (const { ref, own } of all) if (gone.includes(own)) this.#dropPackage(ref);
    for (const own of gone) this.#published.delete(own);
  }

  #dropSession(group: string): void {
    this.#sessions.get(group)?.state.fill(0);
    this.#sessions.delete(group);
  }

  #dropPackage(ref: string): void {
    this.#packages.get(ref)?.secret.fill(0);
    this.#packages.delete(ref);
  }

  close(): void {
    for (const group of this.#sessions.keys()) this.#dropSession(group);
    for (const ref of this.#packages.keys()) this.#dropPackage(ref);
  }
}

const pinKey = ({ user, device }: Pick<Pin, 'user' | 'device'>): string => `${user} ${device}`;

export const memoryVault = (identity: Identity): Vault => new MemoryVault(identity);
