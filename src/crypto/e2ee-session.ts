/**
 * An end-to-end encrypted conversation of two devices: the one interface behind which MLS (RFC 9420) lies. `mls.ts` beside
 * it implements it, and nothing else of the program imports the library.
 *
 * What a session promises, whoever passes its messages on: only the two devices read them; a message read once can't be
 * read again, nor can one that was skipped; nothing comes twice, out of order, from oneself, from a third, or with one
 * missing before it, unnoticed; nobody else can be added. What is found wrong is a value with a stable code, and changes
 * nothing: the session goes on with the next good message.
 */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import type { Result } from '../base/result.ts';

/** One end of a session. Both are bound into the group: a session with another is another session. */
export interface Party {
  readonly user: UserName;
  readonly device: DeviceId;
}

/**
 * `wrong_key`: the other end, or a package, isn't signed by the device that was expected, or names another user.
 * `malformed`: no message of MLS, another version or suite, or more than fits. `unwanted`: a proposal, a commit that brings
 * one, a commit out of turn, a group of more or fewer than two, a group that isn't the one asked for.
 * `replayed`: `seq` was opened before. `missing`: `seq` isn't the next one. `reflected`: it is our own.
 * `broken`: it doesn't decrypt, or what is inside contradicts the outside (sender, place, the hash of the one before).
 * `expired`: a package, or a message of an epoch, that is too old.
 */
export type E2eeCode =
  | 'wrong_key'
  | 'malformed'
  | 'unwanted'
  | 'replayed'
  | 'missing'
  | 'reflected'
  | 'broken'
  | 'expired';

export interface E2eeFault {
  readonly code: E2eeCode;
  /** For people: one line, without a secret. */
  readonly text: string;
}

/** As it travels: `seq` is 1, 2, 3 … for each sender in each group; `message` is an MLS PrivateMessage. */
export interface SealedMessage {
  readonly seq: number;
  readonly message: Uint8Array;
}

/** What a message held. A `rekey` holds nothing: it was a commit that renewed the keys. */
export type Opened = { readonly kind: 'item'; readonly item: Uint8Array } | { readonly kind: 'rekey' };

export interface E2eeSession {
  readonly group: GroupId;
  readonly us: Party;
  readonly them: Party;
  /** Seq that our next sealed message gets, and that theirs must have to be opened. */
  readonly nextOut: number;
  readonly nextIn: number;
  /** Whether it is our turn to renew the keys (leaf `epoch mod 2`). */
  readonly mayRekey: boolean;
  /**
   * Calls are queued: each sees what those before have changed. The new state must be on the disk (`save`), if it is to be
   * there at all, before the message is given to anybody.
   * @param item at most `MAX_ITEM_BYTES` bytes.
   */
  seal(item: Uint8Array): Promise<SealedMessage>;
  /** Renews the keys: a commit without proposals, with a path. Only where `mayRekey`; throws otherwise. */
  rekey(): Promise<SealedMessage>;
  /**
   * Their messages in the order of `seq`, none left out.
   * @param gap `known`: those before it have been waited for in vain, and people are told that they are lost. Then a later
   * `seq` is opened, too, if it is of the same epoch; its hash of the one before can't be compared. They can't be opened
   * afterwards.
   */
  open(sealed: SealedMessage, gap?: 'known'): Promise<Result<Opened, E2eeFault>>;
  /** All that is needed to go on later: secret, for the vault only. */
  save(): Uint8Array;
  /** Overwrites what can be overwritten; nothing works any more. Safe to call twice. */
  destroy(): void;
}

/** A key package of ours. `secret`: what `join` needs of it; it is used once and then destroyed. */
export interface OwnPackage {
  /** base64url of its MLS reference (RFC 9420, 5.2): by this a Welcome names it. */
  readonly ref: string;
  readonly public: Uint8Array;
  readonly secret: Uint8Array;
}

/** How sessions begin. Made from this device's identity, for one name of ours. */
export interface E2ee {
  readonly us: Party;
  makePackage(): Promise<OwnPackage>;
  /** Whose package this is, its signature and form checked, its owner not compared with anything. */
  readPackage(bytes: Uint8Array): Promise<Result<Party, E2eeFault>>;
  /** A new group with the owner of a package, who must be `them`. */
  create(
    group: GroupId,
    them: Party,
    theirPackage: Uint8Array,
  ): Promise<Result<{ readonly session: E2eeSession; readonly welcome: Uint8Array }, E2eeFault>>;
  /** The references of the packages that a Welcome is for. */
  welcomeRefs(welcome: Uint8Array): Result<readonly string[], E2eeFault>;
  /** Enters the group that was made with our package; it must be `group`, and its other member `them`. */
  join(group: GroupId, them: Party, welcome: Uint8Array, own: OwnPackage): Promise<Result<E2eeSession, E2eeFault>>;
  /** @param state from `save`. Throws where it isn't one. */
  restore(state: Uint8Array): Promise<E2eeSession>;
}
