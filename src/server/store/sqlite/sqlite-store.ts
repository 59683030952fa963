import type { Worker } from 'node:worker_threads';
import type { DeviceId, RoomName, Seq, UnixMs, UserName } from '../../../base/ids.ts';
import type {
  Account,
  AccountRecord,
  AuditEntry,
  Ban,
  ChangeCame,
  DeviceCame,
  DeviceKey,
  DeviceLimits,
  Found,
  HistoryPage,
  Ignore,
  Invite,
  KnownDevice,
  LockoutRow,
  MailCame,
  MailLimits,
  MailPage,
  MailVerdict,
  NewAnnouncement,
  NewChange,
  NewDevice,
  NewMail,
  NewMessage,
  Order,
  Page,
  Placed,
  ReactionLimits,
  Registered,
  Registration,
  Retain,
  Retained,
  RoomRecord,
  Search,
  Store,
  UnixAccount,
} from '../store.ts';
import { StoreError } from '../store.ts';
import { BatchSize } from './batch-size.ts';
import { toError } from './errors.ts';
import { Batch, MAX_WAITING_CALLS, MAX_WAITING_CHARS } from './queue.ts';
import { Searches } from './searches.ts';
import type { Answer, FromWorker, Membership, Step, ToWorker } from './wire.ts';

/** open -> closing -> over, or open -> over when the worker dies. */
type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'closing'; readonly closed: Promise<void> }
  | { readonly kind: 'over'; readonly error: StoreError };

const doNothing = (): void => {};

/**
 * The store as the rest of the server sees it: collects calls and hands them to the worker in batches.
 *
 * One batch is at work at a time. What is called meanwhile becomes the next, which is sent before the answers of the one
 * before are handed out; so the worker and this thread work at the same time, and the batches grow with the load, up to
 * what makes the disk's share small.
 */
export class SqliteStore implements Store {
  readonly #worker: Worker;
  readonly #onFailure: (error: StoreError) => void;
  readonly #onBatch: (calls: number) => void;
  #state: State = { kind: 'open' };
  /** In order; the last is still open to more calls. */
  #waiting: Batch[] = [];
  #waitingCalls = 0;
  #waitingChars = 0;
  #atWork: Batch | undefined;
  readonly #size = new BatchSize();
  #scheduled = false;
  #whenIdle: () => void = doNothing;
  readonly #searches = new Searches((step, pick) => this.#ask(step, pick));

  /** The worker has said that it is open. */
  constructor(worker: Worker, onFailure: (error: StoreError) => void, onBatch: (calls: number) => void = doNothing) {
    this.#worker = worker;
    this.#onFailure = onFailure;
    this.#onBatch = onBatch;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#die(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (status) => this.#die(`it ended with status ${status}`));
  }

  append(message: NewMessage): Promise<Placed> {
    return new Promise((resolve, reject) => {
      this.#batch(reject, message.text.length)?.append(message, resolve, reject);
    });
  }

  history(room: RoomName, page: Page, limit: number, maxBytes: number): Promise<HistoryPage> {
    return this.#ask({ kind: 'history', room, page, limit, maxBytes }, (a) =>
      a.kind === 'history' ? a.page : undefined,
    );
  }

  change(change: NewChange, limits: ReactionLimits, audit: AuditEntry): Promise<ChangeCame> {
    const pick = (a: Answer) => (a.kind === 'change' ? a.came : undefined);
    const chars = change.what.kind === 'edit' ? change.what.text.length : 0;
    return this.#ask({ kind: 'change', change, limits, audit }, pick, chars);
  }

  search(search: Search): Promise<Found | 'busy'> {
    return this.#searches.search(search);
  }

  retain(retain: Retain): Promise<Retained> {
    return this.#ask({ kind: 'retain', retain }, (a) => (a.kind === 'retain' ? a.done : undefined));
  }

  rooms(): Promise<readonly RoomRecord[]> {
    return this.#ask({ kind: 'rooms' }, (a) => (a.kind === 'rooms' ? a.rooms : undefined));
  }

  createRoom(room: RoomName, time: UnixMs): Promise<void> {
    return this.#tell({ kind: 'createRoom', room, time });
  }

  setTopic(room: RoomName, topic: string, by: UserName, time: UnixMs): Promise<void> {
    return this.#tell({ kind: 'setTopic', room, topic, by, time });
  }

  memberships(): Promise<readonly Membership[]> {
    return this.#ask({ kind: 'memberships' }, (a) => (a.kind === 'memberships' ? a.memberships : undefined));
  }

  addMember(room: RoomName, user: UserName, time: UnixMs): Promise<void> {
    return this.#tell({ kind: 'addMember', room, user, time });
  }

  removeMember(room: RoomName, user: UserName): Promise<void> {
    return this.#tell({ kind: 'removeMember', room, user });
  }

  accounts(): Promise<readonly Account[]> {
    return this.#ask({ kind: 'accounts' }, (a) => (a.kind === 'accounts' ? a.accounts : undefined));
  }

  saveAccount(account: UnixAccount): Promise<void> {
    return this.#tell({ kind: 'saveAccount', account });
  }

  async accountByName(name: UserName): Promise<AccountRecord | undefined> {
    const pick = (a: Answer) => (a.kind === 'accountByName' ? a.account : undefined);
    return (await this.#ask({ kind: 'accountByName', name }, pick)) ?? undefined;
  }

  register(registration: Registration): Promise<Registered> {
    return this.#ask({ kind: 'register', registration }, (a) => (a.kind === 'register' ? a.came : undefined));
  }

  setPassword(name: UserName, password: string): Promise<void> {
    return this.#tell({ kind: 'setPassword', name, password });
  }

  rehashPassword(name: UserName, before: string, password: string): Promise<void> {
    return this.#tell({ kind: 'rehashPassword', name, before, password });
  }

  seen(name: UserName, time: UnixMs): Promise<void> {
    return this.#tell({ kind: 'seen', name, time });
  }

  deviceKeys(name: UserName): Promise<readonly DeviceKey[]> {
    return this.#ask({ kind: 'deviceKeys', name }, (a) => (a.kind === 'deviceKeys' ? a.keys : undefined));
  }

  addDeviceKey(name: UserName, key: DeviceKey, limit: number): Promise<'added' | 'known' | 'full'> {
    const pick = (a: Answer) => (a.kind === 'addDeviceKey' ? a.came : undefined);
    return this.#ask({ kind: 'addDeviceKey', name, key, limit }, pick);
  }

  removeDeviceKey(name: UserName, fingerprint: string): Promise<boolean> {
    const pick = (a: Answer) => (a.kind === 'removeDeviceKey' ? a.removed : undefined);
    return this.#ask({ kind: 'removeDeviceKey', name, fingerprint }, pick);
  }

  deviceKeyUsed(name: UserName, key: string, time: UnixMs): Promise<void> {
    return this.#tell({ kind: 'deviceKeyUsed', name, key, time });
  }

  lockouts(): Promise<readonly LockoutRow[]> {
    return this.#ask({ kind: 'lockouts' }, (a) => (a.kind === 'lockouts' ? a.rows : undefined));
  }

  saveLockout(row: LockoutRow): Promise<void> {
    return this.#tell({ kind: 'saveLockout', row });
  }

  removeLockout(account: string, source: string): Promise<void> {
    return this.#tell({ kind: 'removeLockout', account, source });
  }

  invites(): Promise<readonly Invite[]> {
    return this.#ask({ kind: 'invites' }, (a) => (a.kind === 'invites' ? a.invites : undefined));
  }

  addInvite(invite: Invite): Promise<void> {
    return this.#tell({ kind: 'addInvite', invite });
  }

  removeInvite(code: string): Promise<void> {
    return this.#tell({ kind: 'removeInvite', code });
  }

  operators(): Promise<readonly UserName[]> {
    return this.#ask({ kind: 'operators' }, (a) => (a.kind === 'operators' ? a.names : undefined));
  }

  bans(): Promise<readonly Ban[]> {
    return this.#ask({ kind: 'bans' }, (a) => (a.kind === 'bans' ? a.bans : undefined));
  }

  auditLog(limit: number): Promise<readonly AuditEntry[]> {
    return this.#ask({ kind: 'auditLog', limit }, (a) => (a.kind === 'auditLog' ? a.entries : undefined));
  }

  carryOut(order: Order, entry: AuditEntry): Promise<boolean> {
    return this.#ask({ kind: 'carryOut', order, entry }, (a) => (a.kind === 'carryOut' ? a.isDone : undefined));
  }

  ignores(): Promise<readonly Ignore[]> {
    return this.#ask({ kind: 'ignores' }, (a) => (a.kind === 'ignores' ? a.ignores : undefined));
  }

  saveIgnore(ignore: Ignore, now: UnixMs): Promise<void> {
    return this.#tell({ kind: 'saveIgnore', ignore, now });
  }

  removeIgnore(user: UserName, kind: Ignore['kind'], target: UserName): Promise<void> {
    return this.#tell({ kind: 'removeIgnore', user, what: kind, target });
  }

  sendMail(mail: NewMail, verdict: MailVerdict, limits: MailLimits): Promise<MailCame> {
    const pick = (a: Answer) => (a.kind === 'sendMail' ? a.came : undefined);
    return this.#ask({ kind: 'sendMail', mail, verdict, limits }, pick, mail.sealed.message.length);
  }

  mailbox(
    user: UserName,
    device: DeviceId | undefined,
    since: Seq,
    limit: number,
    maxBytes: number,
  ): Promise<MailPage> {
    const pick = (a: Answer) => (a.kind === 'mailbox' ? a.page : undefined);
    return this.#ask({ kind: 'mailbox', user, device: device ?? null, since, limit, maxBytes }, pick);
  }

  received(user: UserName, n: Seq, device?: DeviceId): Promise<void> {
    return this.#tell({ kind: 'received', user, n, device: device ?? null });
  }

  putDevice(added: NewDevice, limits: DeviceLimits, here: readonly DeviceId[]): Promise<DeviceCame> {
    const pick = (a: Answer) => (a.kind === 'putDevice' ? a.came : undefined);
    const chars = added.packages.reduce((sum, { length }) => sum + length, 0);
    return this.#ask({ kind: 'putDevice', added, limits, here }, pick, chars);
  }

  devices(user: UserName, claim: readonly DeviceId[]): Promise<readonly KnownDevice[]> {
    const pick = (a: Answer) => (a.kind === 'devices' ? a.devices : undefined);
    return this.#ask(claim.length === 0 ? { kind: 'devices', user } : { kind: 'claim', user, claim }, pick);
  }

  announce(
    announcement: NewAnnouncement,
    entry: AuditEntry,
    keep: number,
  ): Promise<readonly { user: UserName; n: Seq }[]> {
    const pick = (a: Answer) => (a.kind === 'announce' ? a.places : undefined);
    return this.#ask({ kind: 'announce', announcement, entry, keep }, pick, announcement.body.length);
  }

  async close(): Promise<void> {
    if (this.#state.kind === 'closing') return await this.#state.closed;
    if (this.#state.kind === 'over') return;
    const closed = this.#close();
    this.#state = { kind: 'closing', closed };
    await closed;
  }

  async #close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
      this.#flush();
    });
    if (this.#state.kind === 'over') return;
    const exit = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve());
    });
    this.#post({ kind: 'close' });
    await exit;
  }

  #tell(step: Step): Promise<void> {
    return this.#ask(step, (answer) => (answer.kind === 'done' ? null : undefined)).then(doNothing);
  }

  /** @param chars of text in the step, where it may have much. */
  #ask<T>(step: Step, pick: (answer: Answer) => T | undefined, chars = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const take = (answer: Answer): void => {
        const value = pick(answer);
        if (value !== undefined) resolve(value);
        else if (answer.kind === 'refused') reject(toError(answer));
        else reject(new StoreError('failed', `the store's worker answered a ${step.kind} with ${answer.kind}`));
      };
      this.#batch(reject, chars)?.call(step, take, reject, chars);
    });
  }

  /** The batch that the next call goes into; undefined when the call is refused, which `reject` has then been told. */
  #batch(reject: (error: StoreError) => void, chars: number): Batch | undefined {
    if (this.#state.kind !== 'open') {
      reject(this.#state.kind === 'over' ? this.#state.error : new StoreError('failed', 'the store is closed'));
      return undefined;
    }
    if (this.#waitingCalls >= MAX_WAITING_CALLS || this.#waitingChars + chars > MAX_WAITING_CHARS) {
      reject(new StoreError('failed', 'the store is too far behind: it takes no more until it has caught up'));
      return undefined;
    }
    this.#waitingCalls += 1;
    this.#waitingChars += chars;
    this.#schedule();
    const last = this.#waiting.at(-1);
    if (last !== undefined && !last.isFull(this.#size.calls)) return last;
    // Enough to begin with, while the rest is still being read.
    if (last !== undefined) this.#flush();
    const next = new Batch();
    this.#waiting.push(next);
    return next;
  }

  /** When all that is readable now has been read: what many sockets brought at once is one batch. */
  #schedule(): void {
    if (this.#scheduled || this.#atWork !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#atWork !== undefined) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) {
      this.#whenIdle();
      return;
    }
    this.#waitingCalls -= batch.calls;
    this.#waitingChars -= batch.chars;
    this.#atWork = batch;
    this.#post({ kind: 'batch', steps: batch.steps });
    this.#onBatch(batch.calls);
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'batch': {
        const done = this.#atWork;
        this.#atWork = undefined;
        if (message.commitMs !== undefined) this.#size.committed(message.commitMs);
        this.#flush();
        done?.settle(message.answers);
        break;
      }
      case 'opened':
        break;
      case 'refused':
        this.#die(message.text);
        break;
    }
  }

  /** The worker is gone: nothing more can be stored, and what it had in hand may or may not be. */
  #die(why: string): void {
    const before = this.#state;
    if (before.kind === 'over') return;
    // An exit that was asked for, with nothing left to do, is no failure.
    const asked = before.kind === 'closing' && this.#atWork === undefined && this.#waiting.length === 0;
    const error = new StoreError('failed', asked ? 'the store is closed' : `the store has broken down: ${why}`);
    this.#state = { kind: 'over', error };
    const batches = this.#atWork === undefined ? this.#waiting : [this.#atWork, ...this.#waiting];
    this.#atWork = undefined;
    this.#waiting = [];
    for (const batch of batches) batch.fail(error);
    this.#whenIdle();
    if (!asked) this.#onFailure(error);
  }
}
