/**
 * What must last. Implementations: SQLite (`sqlite/`); each runs `test/server/store/conformance.ts`.
 *
 * Every promise rejects with a `StoreError` when the store can't do it; then nothing of that call is stored. (Where the
 * store itself broke down, a call that was under way may have been: to send again with the same id is safe.) Calls are
 * done in the order they were made, whatever they are; each sees those before it.
 */
import type { ClientId, DeviceId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { Keep } from '../../base/keep.ts';
import type { Sealed } from '../../protocol/fields.ts';
import type { FoundEntry, HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';

/** A message on its way into its room. */
export interface NewMessage {
  readonly room: RoomName;
  readonly from: UserName;
  readonly text: string;
  readonly time: UnixMs;
  /** With an id, a second append by the same author returns the first one's place and stores nothing. */
  readonly id?: ClientId;
  /** The place in the same room of the message that it answers. */
  readonly re?: Seq;
}

/** Where a message stands. `fresh: false`: its id was known, and `room`, `seq` and `time` are the first one's. */
export interface Placed {
  readonly room: RoomName;
  readonly seq: Seq;
  readonly time: UnixMs;
  readonly fresh: boolean;
}

/** What is to become of a message that stands in its room. */
export interface NewChange {
  readonly room: RoomName;
  readonly seq: Seq;
  readonly by: UserName;
  readonly time: UnixMs;
  readonly what:
    | { readonly kind: 'edit'; readonly text: string }
    | { readonly kind: 'delete' }
    | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean };
  /**
   * Whose messages `by` may edit and delete: their own after a place, or anybody's. Where an account had the name before,
   * what was written then is nobody's own.
   */
  readonly may: { readonly kind: 'own'; readonly after: Seq } | { readonly kind: 'any' };
}

/** Different emoji on one message, and reactions of all to it. */
export interface ReactionLimits {
  readonly emoji: number;
  readonly reactions: number;
}

/** What has changed of a message: only that is there. */
export type ChangedFields = Pick<ServerMessages['changed'], 'text' | 'edited' | 'deleted' | 'reactions'>;

/** `same`: it was so already, nothing is stored, and `rev` is that of the message's newest change, or 0. */
export type ChangeCame =
  | {
      readonly kind: 'changed' | 'same';
      readonly rev: number;
      readonly author: UserName;
      readonly fields: ChangedFields;
    }
  /** `not_kept`: it was there. */
  | { readonly kind: 'no_such_message' | 'not_kept' | 'not_yours' | 'deleted' | 'too_many_reactions' };

export interface RoomRecord {
  readonly name: RoomName;
  readonly topic: string;
  /** Seq of the newest message; 0 in an empty room. */
  readonly last: Seq;
  /** How many changes its messages have had: the number of the newest; 0: none. */
  readonly rev: number;
  /** Milliseconds between two messages of one user; 0: no such limit. */
  readonly slow: number;
  /** Shut by an operator. */
  readonly closed: boolean;
  /** The place of the first message that is still there, where that isn't 1; where none is, the one after `last`. */
  readonly first?: Seq;
  /** An operator's rule for the room; absent: the server's holds. */
  readonly keep?: Keep;
}

/** Some time has passed. */
export interface Retain {
  /** For rooms without a rule of their own. */
  readonly rule: Keep;
  readonly wall: UnixMs;
  /** Milliseconds on a clock that is never set; the origin means nothing. */
  readonly mono: number;
}

export interface Retained {
  /** Where the first place is another now. */
  readonly rooms: readonly { readonly room: RoomName; readonly first: Seq }[];
  /** There is more to do at once. */
  readonly more: boolean;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** A person who isn't a guest: vouched for by the host, or registered with a password, or both. */
export interface Account {
  readonly name: UserName;
  /** The Unix user id that the kernel vouched for. Absent: not a Unix user of this host. */
  readonly uid?: number;
  readonly lastSeen: UnixMs;
}

/** One whom the host vouches for. */
export interface UnixAccount extends Account {
  readonly uid: number;
}

/** An account with what it is proved by. */
export interface AccountRecord extends Account {
  /** The hash, a PHC string. Absent: no log-in by password. */
  readonly password?: string;
}

/** An account to be made by whoever knows its password. */
export interface Registration {
  readonly name: UserName;
  /** A PHC string. */
  readonly password: string;
  readonly time: UnixMs;
  /** The code of an invitation, which is used up. */
  readonly invite?: string;
}

export type Registered = 'done' | 'name_taken' | 'no_such_invite';

/** Wrong passwords of one source for one account. */
export interface LockoutRow {
  /** A name; it need not have an account. */
  readonly account: string;
  readonly source: string;
  /** In a row, since the newest lock. */
  readonly failures: number;
  /** Locks so far: how often the time was doubled. */
  readonly locks: number;
  /** Milliseconds of the newest lock; 0 where there was none. */
  readonly lockedFor: number;
  readonly lockedUntil: UnixMs;
  readonly lastFailure: UnixMs;
}

/** A key with which somebody's client logs in. */
export interface DeviceKey {
  /** The Ed25519 public key, base64url without padding: 43 characters. */
  readonly key: string;
  /** `SHA256:` and 43 digits: how people name it. */
  readonly fingerprint: string;
  /** What its owner calls the device. */
  readonly label: string;
  readonly added: UnixMs;
  readonly lastUsed: UnixMs;
}

export interface Invite {
  /** As `parseInviteCode` of the server's core gives it. */
  readonly code: string;
  readonly by: UserName;
  readonly made: UnixMs;
  readonly expires: UnixMs;
}

/** Who is kept out. */
export interface Ban {
  /** A user, `uid N`, or where an address comes from, as `core/source.ts` writes it. */
  readonly target: string;
  readonly by: UserName;
  readonly time: UnixMs;
  /** Absent: for good. */
  readonly until?: UnixMs;
  /** May be empty. */
  readonly reason: string;
}

/** What an operator orders. */
export type Order =
  | { readonly kind: 'op' | 'deop' | 'kick'; readonly user: UserName }
  /** Takes the place of a ban of the same target. */
  | { readonly kind: 'ban'; readonly ban: Ban }
  | { readonly kind: 'unban'; readonly target: string }
  | { readonly kind: 'slow'; readonly room: RoomName; readonly every: number }
  /** Without `keep` the server's rule holds again. */
  | { readonly kind: 'keep'; readonly room: RoomName; readonly keep?: Keep }
  /** Its members are members no more. */
  | { readonly kind: 'close'; readonly room: RoomName }
  | { readonly kind: 'reopen'; readonly room: RoomName }
  /** Only the entry is kept; what is done is stored elsewhere, or not at all. */
  | { readonly kind: 'note' };

/** What an operator has done, for those who ask later. */
export interface AuditEntry {
  readonly time: UnixMs;
  readonly by: UserName;
  /** A word, such as `ban`. */
  readonly action: string;
  /** Whom or what; may be empty. */
  readonly target: string;
  /** How and why; may be empty. */
  readonly detail: string;
}

/** Entries of the audit log; older ones are dropped. An operator who orders something every minute fills it in 70 days. */
export const MAX_AUDIT_ENTRIES = 100_000;

/** Whom somebody doesn't want to hear of. */
export interface Ignore {
  /** An account. */
  readonly user: UserName;
  /** `block`: and who must not hear of them either. */
  readonly kind: 'block' | 'mute';
  /** Anybody, guests too. */
  readonly target: UserName;
  /** When it ends; absent: never. */
  readonly until?: UnixMs;
}

/** A private message on its way into a mailbox, for one device of its owner. */
export interface NewMail {
  readonly from: UserName;
  readonly to: UserName;
  readonly device: DeviceId;
  readonly sealed: Sealed;
  readonly time: UnixMs;
  /** A second one by the same author stores nothing, for `SENT_MAIL_MS`. */
  readonly id: ClientId;
}

/**
 * What is to become of mail whose id isn't known yet: `keep` puts it into the mailbox of an account; `pass` only notes the
 * id, for a guest, who is handed the mail at once; `refuse` does nothing.
 */
export type MailVerdict = 'keep' | 'pass' | 'refuse';

/** What one mailbox holds at most for one device; announcements don't count. */
export interface MailLimits {
  readonly messages: number;
  /** Bytes of their `sealed` as JSON. */
  readonly bytes: number;
}

export type MailCame =
  | { readonly kind: 'kept'; readonly n: Seq }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused' }
  /** The account has no such device, or has it no longer. */
  | { readonly kind: 'no_device' }
  /** The id was known: these are the first one's. */
  | { readonly kind: 'known'; readonly to: UserName; readonly time: UnixMs }
  | { readonly kind: 'full' };

export interface NewAnnouncement {
  readonly from: UserName;
  readonly body: string;
  readonly time: UnixMs;
}

/**
 * Mail in its mailbox. Places there are 1, 2, 3 …, each given once, whichever device it is for; what was received is gone.
 * `announcement`: for all devices.
 */
export type KeptMail = {
  readonly n: Seq;
  readonly from: UserName;
  readonly time: UnixMs;
} & (
  | { readonly kind: 'sealed'; readonly device: DeviceId; readonly sealed: Sealed; readonly id: ClientId }
  | { readonly kind: 'announcement'; readonly body: string }
);

export interface MailPage {
  /** In the mailbox's order. */
  readonly mail: readonly KeptMail[];
  /** There is more after these. */
  readonly more: boolean;
  /** The newest place that was ever given there; 0: none. */
  readonly last: Seq;
}

/** A device says that it is there. */
export interface NewDevice {
  readonly user: UserName;
  readonly device: DeviceId;
  /** One-time key packages to add, oldest first. */
  readonly packages: readonly string[];
  readonly time: UnixMs;
}

/** Of one account: `devices`; of one device: `packages`. */
export interface DeviceLimits {
  readonly devices: number;
  readonly packages: number;
}

export interface DeviceCame {
  /** How many key packages it has now. */
  readonly packages: number;
  /** Which device had to make room for it. */
  readonly dropped?: DeviceId;
}

/** A device of somebody, with what was claimed of it. */
export interface KnownDevice {
  readonly device: DeviceId;
  /** Absent: it wasn't asked for, or none is left. */
  readonly package?: string;
  /** How many key packages are left. */
  readonly left: number;
}

/** How long (ms) the id of mail is known: longer than a client keeps trying. 30 days. */
export const SENT_MAIL_MS = 30 * 24 * 3600 * 1000;
/**
 * Ids of mail that are known however old they are, the newest: a clock that was wrong when they came and is set right makes
 * them old at once, while their authors still send again what they had no answer to.
 */
export const SENT_MAIL_KEPT = 1000;
/** How long (ms) the id of a message is known at the least, also where the message is kept no longer. */
export const SENT_MS = 30 * 24 * 3600 * 1000;

/**
 * Which page: the newest, those just before a place, those just after it, those on both sides of it, or those whose newest
 * change comes after one.
 */
export type Page =
  | { readonly kind: 'newest' }
  | { readonly kind: 'before'; readonly seq: Seq }
  | { readonly kind: 'since'; readonly seq: Seq }
  | { readonly kind: 'around'; readonly seq: Seq }
  | { readonly kind: 'changes'; readonly rev: number };

export interface HistoryPage {
  /** In the room's order; `changes`: in the order of their newest changes. */
  readonly messages: readonly HistoryEntry[];
  /** There is more in the direction asked for (`newest` counts as backwards, `around` as forwards). */
  readonly more: boolean;
  /** As in `RoomRecord`. */
  readonly first?: Seq;
  /** Of `around`: whether there is more backwards. */
  readonly moreOlder?: boolean;
}

/** Where a search goes on: with what stands before this, by time, and by `n` among what has the same time. */
export interface SearchPlace {
  readonly time: UnixMs;
  /** A number of the store's. */
  readonly n: number;
}

/** What is searched for. All of it must be in a message. */
export interface Search {
  readonly rooms: readonly RoomName[];
  /** Words that stand one after the other, in any case and without their accents. Signs in them count as blanks. */
  readonly phrases: readonly string[];
  /** The last word of the last phrase may be the beginning of one. */
  readonly prefix: boolean;
  /** Who has written it, in any case. */
  readonly from?: string;
  readonly before?: SearchPlace;
  readonly limit: number;
  /** Of the JSON of what is found; one message is given even where it is longer. */
  readonly maxBytes: number;
}

export interface Found {
  /** As they are now, the newest first. */
  readonly messages: readonly FoundEntry[];
  /** Where it goes on; absent: there is no more. There may be more though nothing was found. */
  readonly before?: SearchPlace;
}

/** Searches that wait for others; more than these are `busy`. */
export const MAX_WAITING_SEARCHES = 200;

export interface Store {
  /**
   * Resolves when the message is durable, in the order of the calls for one room: the promise of an earlier call settles
   * first. Calls are committed in groups. A room that isn't there is `failed`, and fails nobody else.
   */
  append(message: NewMessage): Promise<Placed>;
  /** At most `limit` messages and at most `maxBytes` of their JSON (at least one message, if there is one). Of no room: empty. */
  history(room: RoomName, page: Page, limit: number, maxBytes: number): Promise<HistoryPage>;
  /**
   * Resolves when the change is durable, in the order of the calls for one room, appends among them. A message that was
   * deleted has lost its text for good: it is in no file of the store's. Where `may` is `any` and the message somebody
   * else's, `audit` goes into the audit log, its `detail` being the author. A room that isn't there has no such message.
   */
  change(change: NewChange, limits: ReactionLimits, audit: AuditEntry): Promise<ChangeCame>;
  /**
   * Looks for messages that aren't deleted, and gives up after a while: then there are few, or none, and `before` says
   * where to go on. Searches are done one after the other, in short steps, so that other calls don't wait for them.
   */
  search(search: Search): Promise<Found | 'busy'>;
  /**
   * Removes a bit of what is kept no longer: of each room the oldest messages, and all that belongs to them, so that they
   * are in no file of the store's. Their places are never given again, and what is sent again under the id of one is known
   * by it for `SENT_MS`. How old a message is doesn't depend on the time that stands on it, but on how much time has passed
   * since it was stored, as far as `retain` was told; a wall clock that jumps ahead is believed a day later.
   */
  retain(retain: Retain): Promise<Retained>;
  /** All rooms. `#lobby` always exists. */
  rooms(): Promise<readonly RoomRecord[]>;
  /** A room that exists stays as it is. */
  createRoom(room: RoomName, time: UnixMs): Promise<void>;
  /** A room that isn't there is `failed`; so it is for `addMember`. */
  setTopic(room: RoomName, topic: string, by: UserName, time: UnixMs): Promise<void>;
  /** Which accounts are members of which rooms, `#lobby` left out. */
  memberships(): Promise<readonly { readonly room: RoomName; readonly user: UserName }[]>;
  addMember(room: RoomName, user: UserName, time: UnixMs): Promise<void>;
  removeMember(room: RoomName, user: UserName): Promise<void>;
  /** All that have a name, by their names. */
  accounts(): Promise<readonly Account[]>;
  /**
   * Adds the account, or moves its name and `lastSeen`. The Unix user id is what identifies it: renamed, it keeps its
   * memberships, its password, its device keys, its devices and its mailbox, and whoever ignored it still does; and an account that
   * had the name before is one no more, its memberships gone.
   */
  saveAccount(account: UnixAccount): Promise<void>;

  /** The name exactly as it is written. */
  accountByName(name: UserName): Promise<AccountRecord | undefined>;
  /**
   * Makes an account without a Unix user, and uses up the invitation, or does nothing at all. Only an equal name is
   * `name_taken`: whether one looks like another is for the caller to ask.
   */
  register(registration: Registration): Promise<Registered>;
  /** @param password a PHC string. A name without an account is `failed`. */
  setPassword(name: UserName, password: string): Promise<void>;
  /** The same password, hashed anew. Where the account has another than `before` by now, nothing happens. */
  rehashPassword(name: UserName, before: string, password: string): Promise<void>;
  /** Moves `lastSeen`. Of no account: nothing happens. */
  seen(name: UserName, time: UnixMs): Promise<void>;

  /** In the order in which they were added. Of no account: none. */
  deviceKeys(name: UserName): Promise<readonly DeviceKey[]>;
  /** `full`: the account has `limit` keys. A name without an account is `failed`. */
  addDeviceKey(name: UserName, key: DeviceKey, limit: number): Promise<'added' | 'known' | 'full'>;
  /** @returns whether there was such a key. */
  removeDeviceKey(name: UserName, fingerprint: string): Promise<boolean>;
  /** Moves `lastUsed`. Of no such key: nothing happens. */
  deviceKeyUsed(name: UserName, key: string, time: UnixMs): Promise<void>;

  lockouts(): Promise<readonly LockoutRow[]>;
  /** Adds the row of this account and source, or replaces it. */
  saveLockout(row: LockoutRow): Promise<void>;
  removeLockout(account: string, source: string): Promise<void>;

  /** In the order in which they were made. */
  invites(): Promise<readonly Invite[]>;
  addInvite(invite: Invite): Promise<void>;
  removeInvite(code: string): Promise<void>;

  /** Of all accounts; those that have ended may be among them. */
  ignores(): Promise<readonly Ignore[]>;
  /**
   * Adds it, or moves its end; a name without an account is `failed`. Those of the same account that have ended by `now`
   * are forgotten.
   */
  saveIgnore(ignore: Ignore, now: UnixMs): Promise<void>;
  removeIgnore(user: UserName, kind: Ignore['kind'], target: UserName): Promise<void>;

  /** Resolves when the mail is durable. To keep it for a name without an account is `failed`. */
  sendMail(mail: NewMail, verdict: MailVerdict, limits: MailLimits): Promise<MailCame>;
  /**
   * The mail of an account after a place, as far as it is for all devices or for this one: at most `limit`, and at most
   * `maxBytes` of bodies (at least one, if there is one). Of no account: empty.
   */
  mailbox(user: UserName, device: DeviceId | undefined, since: Seq, limit: number, maxBytes: number): Promise<MailPage>;
  /** What the account has up to and with `n` for all devices is deleted; with `device`, what is for that one too. */
  received(user: UserName, n: Seq, device?: DeviceId): Promise<void>;

  /**
   * Adds the device to its account, or notes its use, and adds to its key packages; beyond `packages` the oldest go, and
   * one that it has already is not added again. Where the account has `devices` others, the one that was unused for the
   * longest time is dropped with its packages and its mail; those in `here` only where there is no other. A name without an
   * account is `failed`.
   */
  putDevice(added: NewDevice, limits: DeviceLimits, here: readonly DeviceId[]): Promise<DeviceCame>;
  /**
   * The devices of an account in the order in which they were added. Of each in `claim` the oldest key package is taken
   * out, so that nobody else ever gets it. Of no account: none.
   */
  devices(user: UserName, claim: readonly DeviceId[]): Promise<readonly KnownDevice[]>;
  /**
   * Puts an announcement into the mailbox of every account, and an entry into the audit log. Of older ones that nobody has fetched, all but the newest
   * `keep` (this one among them) are deleted.
   * @returns where it stands in each mailbox.
   */
  announce(
    announcement: NewAnnouncement,
    entry: AuditEntry,
    keep: number,
  ): Promise<readonly { readonly user: UserName; readonly n: Seq }[]>;

  /** Accounts that were made operators. */
  operators(): Promise<readonly UserName[]>;
  /** In the order in which they were made; those that have ended may be among them. */
  bans(): Promise<readonly Ban[]>;
  /** The newest entries, the newest last. */
  auditLog(limit: number): Promise<readonly AuditEntry[]>;
  /**
   * Stores what the order changes and its entry in the audit log: both or neither.
   * @returns whether it was done: no account of that name can be an operator, and so on; then nothing is stored.
   */
  carryOut(order: Order, entry: AuditEntry): Promise<boolean>;

  /** Finishes what was asked for, then closes. */
  close(): Promise<void>;
}

/** `full` survives a power cut; `process` survives `kill -9` only. */
export type Durability = 'full' | 'process';

/**
 * Stable codes: `disk_full`, `disk_failed` (the device, or its file system), `read_only`, `in_use` (another server),
 * `moved` (its files are no longer in their place), `newer_data`, `damaged`, `failed` (all else).
 */
export type StoreErrorCode =
  | 'disk_full'
  | 'disk_failed'
  | 'read_only'
  | 'in_use'
  | 'moved'
  | 'newer_data'
  | 'damaged'
  | 'failed';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}
