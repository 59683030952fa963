/**
 * What of private chats is kept on this device, for one server. The interface; `client/vault` keeps it in files,
 * `memory-vault.ts` nowhere. Both run `test/peer/vault-conformance.ts`.
 *
 * A data folder may be used under several names of ours, in turn: what belongs to one of them says so (`own`).
 *
 * All is synchronous: a call that has returned is on the disk (fsync), or has thrown, and then nothing of it is.
 */
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../base/ids.ts';
import type { OwnPackage } from '../crypto/e2ee-session.ts';
import type { Identity } from '../crypto/identity.ts';
import type { ClientMessages } from '../protocol/client-messages.ts';
import { type Changeable, changedBy, type MessageChange, type MessageRef, type Reactions } from './message-change.ts';

/**
 * A device of somebody, as it was when we met it. `accepted: false`: it is new, and nothing goes to it before a person says
 * so. `verified`: a person has compared the numbers; where it isn't accepted, they differ.
 */
export interface Pin {
  readonly user: UserName;
  readonly device: DeviceId;
  readonly since: UnixMs;
  readonly verified: boolean;
  readonly accepted: boolean;
}

/** A lasting session, of mail. */
export interface SavedSession {
  readonly group: GroupId;
  /** Our name in it. */
  readonly own: UserName;
  readonly user: UserName;
  readonly device: DeviceId;
  /** `E2eeSession.save()` */
  readonly state: Uint8Array;
  /** The Welcome of a group that we have made, until the other has written in it. */
  readonly welcome: Uint8Array | undefined;
  /** When it was last used, in either direction. */
  readonly used: UnixMs;
  /** Something that we have sealed in it never goes: it is read on, but nothing more is sealed in it. Stays once it is set. */
  readonly retired: boolean;
}

/** A key package of ours, published under one name. */
export type KeptPackage = OwnPackage & { readonly own: UserName };

/** A message of ours, from before it is in the log until its copies are queued. Its text is in the log only. */
export interface BegunMail {
  readonly id: ClientId;
  readonly own: UserName;
  readonly to: UserName;
}

/** Sealed mail of ours that the server hasn't taken yet: it is sent again, the same bytes under the same id. */
export type OutgoingMail = ClientMessages['mail'] & {
  /** The message of ours that it is one copy of; a message goes to several devices. */
  readonly of: ClientId;
  /** The name under which it was sealed: it goes out under no other. */
  readonly own: UserName;
};

/** Own key packages that are kept for one name: four times what the server may hold; then the oldest are past their use. */
export const MAX_OWN_PACKAGES = 400;
/** Own names for which packages are kept: more than one person has; a guest's go first, as the server drops theirs, too. */
export const MAX_OWN_NAMES = 8;
/** Records, from the newest, among which a message that comes again is known: more than ever come again at once. */
export const KNOWN_AMONG = 1000;

/** Records, from the newest, among which a message can be changed: weeks of talk, and searched in a tenth of a second. */
export const CHANGEABLE_AMONG = 5000;
/** Changes of one person's messages that are kept aside because they came before these; beyond it the oldest go. */
export const MAX_EARLY_CHANGES = 100;
/** Changes by mail of which it is remembered that they were opened: more than a mailbox holds. */
export const MAX_NOTED = 2000;

/** One transaction: what is dropped goes first, then what is put. What is there already under the same key is replaced. */
export interface VaultChange {
  readonly putSession?: readonly SavedSession[];
  readonly dropSession?: GroupId;
  readonly retireSession?: GroupId;
  /** Of one name. Beyond `MAX_OWN_PACKAGES` its oldest go; beyond `MAX_OWN_NAMES` other names'. */
  readonly addPackages?: readonly KeptPackage[];
  readonly dropPackage?: string;
  /** Behind all that is queued; mail that is queued already keeps its place. */
  readonly queue?: readonly OutgoingMail[];
  /** Id of outgoing mail that is done. */
  readonly unqueue?: ClientId;
  /** All packages that the server has for this name were made then, or later. */
  readonly published?: { readonly own: UserName; readonly at: UnixMs };
  readonly begin?: BegunMail;
  /** A sealed copy that held a change was opened; it leaves no trace of its own in the log. */
  readonly note?: { readonly from: UserName; readonly id: ClientId };
  readonly unbegin?: ClientId;
  readonly putPin?: Pin;
  readonly dropPin?: { readonly user: UserName; readonly device: DeviceId };
}

/** One message as one's own log keeps it, and as it is by now. Of a deleted one the text is empty. */
export interface LogRecord {
  readonly id: ClientId;
  readonly from: UserName;
  readonly text: string;
  readonly time: UnixMs;
  /** What it answers. */
  readonly re?: MessageRef | undefined;
  readonly edited?: UnixMs | undefined;
  readonly deleted?: true | undefined;
  /** Never an empty list. */
  readonly reactions?: Reactions | undefined;
}

/** A message after a change; undefined where that makes no difference. */
export function recordAfter(record: LogRecord, by: UserName, change: MessageChange): LogRecord | undefined {
  const now = changedBy(record, by, change);
  return now && recordWith(record, now);
}

/** Only what is there has a field. */
export function recordWith({ id, from, time, re }: LogRecord, now: Changeable): LogRecord {
  const { text, edited, deleted, reactions = [] } = now;
  return {
    id,
    from,
    text,
    time,
    ...(re === undefined ? {} : { re }),
    ...(edited === undefined ? {} : { edited }),
    ...(deleted === undefined ? {} : { deleted }),
    ...(reactions.length === 0 ? {} : { reactions }),
  };
}

/** `at`: its place in the log, 0, 1, 2 …; `reAt`: that of what it answers, where it was found. */
export type PlacedRecord = LogRecord & { readonly at: number; readonly reAt?: number | undefined };

export interface LogPage {
  /** Oldest first. */
  readonly records: readonly PlacedRecord[];
  readonly more: boolean;
  /** Records of the page that could not be read: changed by somebody, or damaged. */
  readonly damaged: number;
}

/** What one has said with each person: encrypted at rest, on this device only. */
export interface HistoryLog {
  /** Whether a passphrase must be given first. While it is, nothing can be read or added: all but `unlock` throws. */
  readonly locked: boolean;
  /** @returns false where it is wrong. Takes about 150 ms, beside the event loop. */
  unlock(passphrase: string): Promise<boolean>;
  /** Sets, changes or (undefined) removes the passphrase. Rejects what `preparePassword` refuses, and where it is locked. */
  setPassphrase(passphrase: string | undefined): Promise<void>;
  /** Durable when it returns. @returns false where a message of this author and id is there. */
  append(person: UserName, record: LogRecord): boolean;
  /**
   * A message becomes another, in its place; a deleted one's text is overwritten. It is looked for among the newest
   * `CHANGEABLE_AMONG`; a change of one that isn't there is kept aside for it.
   * @returns whether it was there and is another now.
   */
  change(person: UserName, of: MessageRef, by: UserName, change: MessageChange): boolean;
  /** Whether a message of this author and id is there; it is looked for among the newest `KNOWN_AMONG`. */
  find(person: UserName, from: UserName, id: ClientId): LogRecord | undefined;
  /** The last `limit` before a place, or the newest. */
  page(person: UserName, before: number | undefined, limit: number): LogPage;
  /** Removes all of it: overwritten, then unlinked. @returns how many records there were. */
  forget(person: UserName): number;
  /** People with a log. */
  people(): readonly UserName[];
}

export interface Vault {
  readonly identity: Identity;
  readonly log: HistoryLog;
  pins(user: UserName): readonly Pin[];
  /** Under whichever name of ours; newest use first. */
  sessions(user: UserName, device: DeviceId): readonly SavedSession[];
  session(group: GroupId): SavedSession | undefined;
  package(ref: string): OwnPackage | undefined;
  /** `VaultChange.published`. Unknown where none of the name's packages is left. */
  published(own: UserName): UnixMs | undefined;
  /** In the order in which they were queued. */
  queued(): readonly OutgoingMail[];
  /** Whether that was noted of a sealed copy. */
  isNoted(from: UserName, id: ClientId): boolean;
  /** Mail that the program may have ended in the middle of; in its order. */
  begun(): readonly BegunMail[];
  commit(change: VaultChange): void;
  close(): void;
}
