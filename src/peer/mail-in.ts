/**
 * Mail that comes. It can be opened once, so the order is: open, plain text into the log, new state of the session into the
 * vault, tell. What comes again because the server wasn't told in time is found in the log.
 */
import type { UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { fromBase64url } from '../crypto/base64url.ts';
import type { E2ee } from '../crypto/e2ee-session.ts';
import { changeOf, type Incoming, readMail, recordOf } from './incoming.ts';
import type { MailItem } from './item.ts';
import { EarlyMail } from './mail-early.ts';
import { HeldMail } from './mail-held.ts';
import { type MailSessions, messageOf, type Taken } from './mail-sessions.ts';
import type { Self, Shared } from './shared.ts';
import type { Serial } from './tasks.ts';
import { heldWords } from './trust.ts';
import type { LogRecord } from './vault.ts';

/** Messages that wait for the log to be unlocked: a full mailbox, and as many for those who have no place in it. */
const MAX_LOCKED = 1000;
/** Messages that wait to be opened; beyond it they come again at the next log-in. */
const MAX_PENDING = 2000;

/** What is needed to enter the group that a message is in. */
interface Entry {
  readonly welcome: Uint8Array;
  /** The package of ours that was used for it. */
  readonly ref: string;
}

export interface MailInPorts {
  readonly shared: Shared;
  readonly sessions: MailSessions;
  readonly work: Serial;
}

export class MailIn {
  readonly #shared: Shared;
  readonly #sessions: MailSessions;
  readonly #work: Serial;
  readonly #early: EarlyMail;
  readonly #held: HeldMail;
  #locked: Incoming[] = [];
  #pending = 0;
  /** Counts connections: what was held for one comes again in the next. */
  #connection = 0;

  constructor({ shared, sessions, work }: MailInPorts) {
    this.#shared = shared;
    this.#sessions = sessions;
    this.#work = work;
    this.#early = new EarlyMail(shared.timers, (message, gap) => this.receive(message, gap));
    this.#held = new HeldMail({
      timers: shared.timers,
      tell: (from, count) => this.#tellHeld(from, count),
      lost: (message) => this.#lost(message, 'too much has come since from a key that nobody has accepted'),
    });
  }

  receive(message: Incoming, gap?: 'known'): void {
    const self = this.#shared.self();
    if (self === undefined || this.#pending >= MAX_PENDING) return;
    this.#pending += 1;
    const connection = this.#connection;
    this.#work.run(async () => {
      this.#pending -= 1;
      if (connection === this.#connection) await this.#take(self, message, gap);
    });
  }

  offline(): void {
    this.#connection += 1;
    this.#early.clear();
    this.#held.clear();
    this.#locked = [];
  }

  unlocked(): void {
    const waiting = this.#locked;
    this.#locked = [];
    this.#shared.tell({ type: 'locked', locked: false, waiting: 0 });
    for (const message of waiting) this.receive(message);
  }

  /** A device of theirs may have been accepted, or found to be somebody else's. */
  trustChanged(user: UserName): void {
    if (this.#shared.trust.of(user) !== 'changed') this.#held.forget(user);
    for (const message of this.#held.take(user)) this.receive(message);
  }

  /** How many wait for the log to be unlocked. */
  get waiting(): number {
    return this.#locked.length;
  }

  async #take(self: Self, message: Incoming, gap: 'known' | undefined): Promise<void> {
    const { vault, trust, directory, device } = this.#shared;
    const { from, sealed } = message;
    if (vault.log.locked) return this.#hold(message);
    if (message.device !== device || sealed.from === device)
      return this.#lost(message, 'it is not for this device, so it can not be opened');
    this.#held.came(message);
    if (from === self.user) trust.meetOwn(from, [sealed.from]);
    else await trust.meetFirst(from, sealed.from, (who) => directory.anyDevices(who));
    // Whoever can make the server say so would put words into their mouth, or into our own.
    if (trust.differs(from, sealed.from))
      return this.#lost(message, 'it is from a device whose numbers you have compared, and they differ');
    if (!trust.isAccepted(from, sealed.from)) return this.#held.hold(message);
    const saved = vault.session(sealed.group);
    saved?.state.fill(0);
    if (saved !== undefined && (saved.user !== from || saved.device !== sealed.from))
      return this.#lost(message, 'it is in a session with somebody else');
    const e2ee = await self.e2ee;
    const known = saved === undefined ? undefined : await this.#sessions.take(e2ee, sealed.group);
    return known === undefined ? this.#first(self, e2ee, message, gap) : this.#further(self, message, known, gap);
  }

  /** In a session that we have. */
  async #further(self: Self, message: Incoming, known: Taken, gap: 'known' | undefined): Promise<void> {
    const { seq } = message.sealed;
    const next = known.session.nextIn;
    if (seq >= next && (seq === next || gap !== undefined)) return this.#open(self, message, known, undefined);
    known.session.destroy();
    if (seq > next) return this.#early.hold(message);
    if (this.#tellAgain(self, message)) return undefined;
    return this.#lost(message, 'it was shown before, and is no longer in your log');
  }

  /**
   * In a session that we don't have: we never had it, or no more; or the program has died when the text was in the log,
   * and the session not yet in the vault.
   */
  async #first(self: Self, e2ee: E2ee, message: Incoming, gap: 'known' | undefined): Promise<void> {
    const entry = this.#entry(e2ee, message);
    if (!entry.ok && this.#tellAgain(self, message)) return undefined;
    if (!entry.ok) return this.#lost(message, entry.error);
    if (message.sealed.seq > 1 && gap === undefined) return this.#early.hold(message);
    const joined = await this.#join(e2ee, message, entry.value);
    if (joined.ok) return this.#open(self, message, joined.value, entry.value.ref);
    this.#lost(message, joined.error);
    return this.#early.release(message.sealed.group);
  }

  /** What was opened before has come again. @returns false where nothing is known of it any more. */
  #tellAgain(self: Self, message: Incoming): boolean {
    const { from, id, n } = message;
    const shown = this.#shown(self, message);
    if (shown !== undefined) {
      this.#tell(message, shown.to, shown.record);
      return true;
    }
    if (!this.#shared.vault.isNoted(from, id)) return false;
    this.#shared.tell({ type: 'mailChanged', n, id: messageOf(id) ?? id, person: from, by: from });
    return true;
  }

  /** Found in the log: with whom, and what. */
  #shown(self: Self, { from, id }: Incoming): { to: UserName; record: LogRecord } | undefined {
    const { log } = this.#shared.vault;
    const of = messageOf(id);
    if (of === undefined) return undefined;
    for (const person of from === self.user ? log.people() : [from]) {
      const record = log.find(person, from, of);
      if (record !== undefined) return { to: from === self.user ? person : self.user, record };
    }
    return undefined;
  }

  /** @param used the package of ours with which we have entered the session just now. */
  async #open(self: Self, message: Incoming, taken: Taken, used: string | undefined): Promise<void> {
    const { from, sealed } = message;
    const gap = sealed.seq > taken.session.nextIn ? 'known' : undefined;
    const bytes = fromBase64url(sealed.message);
    const opened = bytes && (await taken.session.open({ seq: sealed.seq, message: bytes }, gap));
    if (opened?.ok !== true) {
      taken.session.destroy();
      this.#lost(message, `it can not be opened: ${opened?.error.text ?? 'it is not base64url'}`);
      return this.#early.release(sealed.group);
    }
    if (gap !== undefined) this.#tellGap(from);
    const us = { user: self.user, device: this.#shared.device };
    const names = this.#shared.names.between({ us, them: { user: from, device: sealed.from } });
    const read =
      opened.value.kind === 'item' ? readMail(self, message, opened.value.item, names) : err('it holds nothing');
    // The text first: once the state is saved, it can't be opened again.
    const told = read.ok ? this.#keep(self, message, read.value) : () => this.#lost(message, read.error);
    const isChange = read.ok && read.value.kind !== 'mail';
    const done = {
      ...(used === undefined ? {} : { dropPackage: used }),
      ...(isChange ? { note: { from, id: message.id } } : {}),
    };
    if (read.ok && read.value.kind === 'mail' && read.value.once === true) {
      this.#shared.vault.commit({ ...done, dropSession: sealed.group });
      taken.session.destroy();
    } else this.#sessions.put({ ...taken, welcome: undefined }, done);
    told();
    return this.#early.next(sealed.group, sealed.seq + 1);
  }

  /** Into the log. @returns what tells of it. */
  #keep(self: Self, message: Incoming, item: MailItem): () => void {
    const { vault, keep } = this.#shared;
    const { from } = message;
    const person = from === self.user ? item.to : from;
    if (item.kind === 'mail') {
      keep(person, recordOf(item, message));
      // A change of it may have come before it.
      const record = vault.log.find(person, from, item.id) ?? recordOf(item, message);
      return () => this.#tell(message, item.to, record);
    }
    const what = changeOf(item);
    vault.log.change(person, what.of, from, what.change);
    return () => this.#shared.tell({ type: 'mailChanged', n: message.n, id: item.id, person, by: from, what });
  }

  /** Whether they have made the group with a package of ours: then all that is in it can be opened, sooner or later. */
  #entry(e2ee: E2ee, { sealed }: Incoming): Result<Entry, string> {
    const welcome = sealed.welcome === undefined ? undefined : fromBase64url(sealed.welcome);
    if (welcome === undefined) return err('it is of a session that this device has no longer');
    const refs = e2ee.welcomeRefs(welcome);
    if (!refs.ok) return err(`it can not be opened: ${refs.error.text}`);
    for (const ref of refs.value) {
      const own = this.#shared.vault.package(ref);
      own?.secret.fill(0);
      if (own !== undefined) return ok({ welcome, ref });
    }
    return err('it is sealed for keys that this device has no longer');
  }

  /** Enters it; the package is used up when what was opened with it is kept. */
  async #join(e2ee: E2ee, { from, sealed }: Incoming, { welcome, ref }: Entry): Promise<Result<Taken, string>> {
    const own = this.#shared.vault.package(ref);
    if (own === undefined) return err('it is sealed for keys that this device has no longer');
    const joined = await e2ee.join(sealed.group, this.#shared.names.party(from, sealed.from), welcome, own);
    own.secret.fill(0);
    if (!joined.ok) return err(`it can not be opened: ${joined.error.text}`);
    return ok({ session: joined.value, user: from, device: sealed.from, welcome: undefined });
  }

  #tell({ n }: Incoming, to: UserName, record: LogRecord): void {
    this.#shared.tell({ type: 'mail', n, to, ...record });
  }

  #lost({ n, from }: Incoming, text: string): void {
    this.#shared.tell({ type: 'lostMail', n, from, text });
  }

  #tellGap(from: UserName): void {
    const text = 'something before this was lost on the way, or held back';
    this.#shared.tell({ type: 'lostMail', n: 0, from, text });
  }

  /** It waits for the passphrase. */
  #hold(message: Incoming): void {
    if (this.#locked.length < MAX_LOCKED) this.#locked.push(message);
    this.#shared.tell({ type: 'locked', locked: true, waiting: this.#locked.length });
  }

  #tellHeld(from: UserName, count: number): void {
    // Of our own name strangers are told of when they turn up, with what becomes of their mail.
    if (from !== this.#shared.self()?.user)
      this.#shared.tell({ type: 'told', person: from, text: heldWords(from, count), bad: true });
  }
}
