/**
 * What a client's core, which is pure, and the messenger, which does what takes keys, files and sockets, say to each other.
 * A command is answered by events; what happens by itself comes as events, too.
 */
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import type { ChangeWish, MessageChange, MessageRef, Reactions } from './message-change.ts';
import type { PlacedRecord } from './vault.ts';

export type PrivateCommand =
  /** Ask for a private chat. Answered by `chat`, or `refused` with this `chat`. */
  | { readonly do: 'ask'; readonly chat: GroupId; readonly to: UserName; readonly plain: boolean }
  | { readonly do: 'accept'; readonly chat: GroupId; readonly hideAddress: boolean }
  | { readonly do: 'reject'; readonly chat: GroupId }
  /** Also takes a request back. */
  | { readonly do: 'end'; readonly chat: GroupId }
  /** Answered by `delivered`. */
  | {
      readonly do: 'say';
      readonly chat: GroupId;
      readonly id: ClientId;
      readonly text: string;
      /** What it answers. */
      readonly re?: MessageRef;
    }
  /** A message of this chat is to be another. Answered by `changed`, when they have it, or `chatNote`. */
  | { readonly do: 'change'; readonly chat: GroupId; readonly of: MessageRef; readonly change: ChangeWish }
  /** Something is being written. */
  | { readonly do: 'typing'; readonly chat: GroupId }
  /** Keep this chat's messages in one's own log from now on, or no more. The other is told. */
  | { readonly do: 'log'; readonly chat: GroupId; readonly on: boolean }
  /** A message for when they read it. Answered by `mailed` or `notMailed`, whenever that is. */
  | {
      readonly do: 'mail';
      readonly id: ClientId;
      readonly to: UserName;
      readonly text: string;
      readonly re?: MessageRef;
    }
  /**
   * A message that was said to, or by, somebody is to be another. `id` is the change's own. Answered by `mailChanged`, when it
   * is on its way, or `notMailed`.
   */
  | {
      readonly do: 'changeMail';
      readonly id: ClientId;
      readonly to: UserName;
      readonly of: MessageRef;
      readonly change: ChangeWish;
    }
  /** It shall not go any more. */
  | { readonly do: 'unmail'; readonly id: ClientId }
  /** Answered by `trust`: whoever opens a tab on somebody wants to know. */
  | { readonly do: 'trust'; readonly user: UserName }
  /** Answered by `safetyNumber` or `told`. */
  | { readonly do: 'verify'; readonly user: UserName }
  /** A person has compared the numbers. */
  | { readonly do: 'compared'; readonly user: UserName; readonly device: DeviceId; readonly equal: boolean }
  /** New devices of theirs are theirs. Answered by `trust` and `told`. */
  | { readonly do: 'acceptKey'; readonly user: UserName }
  /** Answered by `told`. Without `user`: one's own. */
  | { readonly do: 'fingerprints'; readonly user?: UserName }
  /** Answered by `history`. */
  | { readonly do: 'history'; readonly user: UserName; readonly before?: number; readonly limit: number }
  /** Answered by `told`. */
  | { readonly do: 'forget'; readonly user: UserName }
  /** Into a file that isn't there yet; without `path` one in the working folder. Answered by `told`. */
  | { readonly do: 'export'; readonly user: UserName; readonly path?: string }
  /** Answered by `told`, and `locked`. */
  | { readonly do: 'unlock'; readonly passphrase: Secret }
  /** Without one: no passphrase any more. Answered by `told`. */
  | { readonly do: 'passphrase'; readonly passphrase?: Secret };

/**
 * `first`: pinned at first use, verified by nobody. `verified`: a person has compared the numbers of all their devices.
 * `changed`: a device of theirs is new and not accepted, so nothing is sent. `unknown`: we never had to do with them.
 */
export type Trust = 'unknown' | 'first' | 'verified' | 'changed';

/** `none`: neither the server nor the other's machine can be reached at the moment. */
export type Path = 'direct' | 'relayed' | 'none';

/**
 * asked ──accept──► opening ──► open ──► ended
 *   └──reject, 2 min, one has left──────► ended
 */
export type ChatStatus =
  /** `until`: monotonic ms. `ours`: we ask; otherwise they do, and `address` is what they would see of us. */
  | { readonly kind: 'asked'; readonly ours: boolean; readonly until: number; readonly addresses: readonly string[] }
  | { readonly kind: 'opening' }
  /** `log`, `theirLog`: who keeps what is said. `hidden`: our address isn't told. */
  | {
      readonly kind: 'open';
      readonly path: Path;
      readonly log: boolean;
      readonly theirLog: boolean;
      readonly hidden: boolean;
    }
  /** Who ended it, in words. */
  | { readonly kind: 'ended'; readonly text: string };

export type PrivateEvent =
  /** There is a chat, or its status is another. `plain`: NOT ENCRYPTED. */
  | {
      readonly type: 'chat';
      readonly chat: GroupId;
      readonly person: UserName;
      readonly plain: boolean;
      readonly status: ChatStatus;
      readonly trust: Trust;
    }
  /** They have said something in a chat; each once, in order. */
  | {
      readonly type: 'said';
      readonly chat: GroupId;
      readonly id: ClientId;
      readonly text: string;
      readonly time: UnixMs;
      readonly re?: MessageRef;
    }
  /** A message of a chat is another, for both. */
  | {
      readonly type: 'changed';
      readonly chat: GroupId;
      readonly of: MessageRef;
      readonly by: UserName;
      readonly change: MessageChange;
    }
  /** They are writing. */
  | { readonly type: 'typing'; readonly chat: GroupId }
  /** What we have said has reached their program, in the order said. */
  | { readonly type: 'delivered'; readonly chat: GroupId; readonly id: ClientId; readonly time: UnixMs }
  /** A line of the program's own in a chat: that it is direct now, that they keep a log. */
  | { readonly type: 'chatNote'; readonly chat: GroupId; readonly text: string; readonly bad: boolean }
  /** Mail has been opened. `n`: its place in the mailbox, 0 where it has none; `from` is ourselves for a copy. */
  | {
      readonly type: 'mail';
      readonly n: number;
      readonly id: ClientId;
      readonly from: UserName;
      readonly to: UserName;
      /** As it is by now: changes of it may have come before it. */
      readonly text: string;
      readonly time: UnixMs;
      readonly re?: MessageRef | undefined;
      readonly edited?: UnixMs | undefined;
      readonly deleted?: true | undefined;
      readonly reactions?: Reactions | undefined;
    }
  /**
   * What was said with `person` is another now. `n` as of `mail`; `of` is missing where it was told before and has come again.
   * `id`: the change's own.
   */
  | {
      readonly type: 'mailChanged';
      readonly n: number;
      readonly id: ClientId;
      readonly person: UserName;
      readonly by: UserName;
      readonly what?: { readonly of: MessageRef; readonly change: MessageChange };
    }
  /** Mail that can't be opened, and never will; it counts as read. `text` says why. */
  | { readonly type: 'lostMail'; readonly n: number; readonly from: UserName; readonly text: string }
  | {
      readonly type: 'mailed';
      readonly id: ClientId;
      readonly to: UserName;
      readonly time: UnixMs;
      readonly kept: boolean;
    }
  /** `wait`: it is tried again by itself; otherwise it is given up. */
  | {
      readonly type: 'notMailed';
      readonly id: ClientId;
      readonly to: UserName;
      readonly code: string;
      readonly text: string;
      readonly wait: boolean;
    }
  | { readonly type: 'trust'; readonly person: UserName; readonly trust: Trust }
  /** 60 digits for this device and that one; `more`: further devices to compare. */
  | {
      readonly type: 'safetyNumber';
      readonly person: UserName;
      readonly device: DeviceId;
      readonly digits: string;
      readonly more: number;
    }
  /** Oldest first; `at` is a place in the log. `last`: there is nothing before the first of these. */
  | {
      readonly type: 'history';
      readonly person: UserName;
      readonly records: readonly PlacedRecord[];
      readonly more: boolean;
    }
  /** With whom there is a log on this device: names to be completed. Told when it is known and when it changes. */
  | { readonly type: 'logged'; readonly people: readonly UserName[] }
  /** What a command comes to, for the tab of `person` or the one in front. May have several lines. */
  | {
      readonly type: 'told';
      readonly person?: UserName;
      /** It answers this command, which may be given again. */
      readonly about?: 'unlock';
      readonly text: string;
      readonly bad: boolean;
    }
  /** A request could not be made, or not answered. */
  | { readonly type: 'refused'; readonly chat: GroupId; readonly person: UserName; readonly text: string }
  /** The log is under a passphrase that hasn't been given: so many messages wait. */
  | { readonly type: 'locked'; readonly locked: boolean; readonly waiting: number }
  /** Private chats don't work in this program, now (`text` says why: another one of ours has them), or do again. */
  | { readonly type: 'available'; readonly available: boolean; readonly text: string };
