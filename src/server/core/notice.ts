/**
 * What the operator may see: the log and the dashboard are consumers of these. Texts and names in them come from users,
 * so whoever shows them sanitises them.
 */
import type { RoomName, Seq, UserName } from '../../base/ids.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { LoginMethod } from './user.ts';

export interface ChangedSetting {
  /** As an option is called. */
  readonly name: string;
  /** As they would be written. */
  readonly from: string;
  readonly to: string;
  readonly applies: 'now' | 'restart';
}

export type ConsoleEvent =
  | {
      readonly kind: 'started';
      readonly host: string;
      readonly port: number;
      /** What clients pin: `SHA256:…`. */
      readonly fingerprint: string;
      readonly dataFolder: string;
      readonly guests: boolean;
      readonly hostLogin: boolean;
      readonly durability: string;
    }
  /** Where the figures are served. */
  | { readonly kind: 'metrics'; readonly where: string }
  | { readonly kind: 'stopping'; readonly why: string }
  /** What is still to be done before the end: messages on their way to the disk, and connections that are open. */
  | { readonly kind: 'draining'; readonly messages: number; readonly connections: number }
  /** The settings were read again. One for each that is another now; with none, nothing has changed. */
  | { readonly kind: 'reloaded'; readonly setting?: ChangedSetting }
  | { readonly kind: 'stopped' }
  /** Something the operator should know of, now. */
  | { readonly kind: 'warning'; readonly code: string; readonly text: string }
  /** `from` is an address or `uid N`; `by` how the person logged in. */
  | { readonly kind: 'online'; readonly user: UserName; readonly from: string; readonly by: LoginMethod }
  /** A new account. */
  | { readonly kind: 'registered'; readonly user: UserName; readonly from: string }
  | { readonly kind: 'away'; readonly user: UserName }
  | { readonly kind: 'back'; readonly user: UserName }
  | { readonly kind: 'offline'; readonly user: UserName; readonly reason?: string }
  | { readonly kind: 'joined'; readonly room: RoomName; readonly user: UserName }
  | { readonly kind: 'left'; readonly room: RoomName; readonly user: UserName }
  | { readonly kind: 'topic'; readonly room: RoomName; readonly by: UserName; readonly text: string }
  | {
      readonly kind: 'message';
      readonly room: RoomName;
      readonly seq: Seq;
      readonly from: UserName;
      readonly text: string;
    }
  | {
      readonly kind: 'edited';
      readonly room: RoomName;
      readonly seq: Seq;
      readonly by: UserName;
      readonly text: string;
    }
  | {
      readonly kind: 'deleted';
      readonly room: RoomName;
      readonly seq: Seq;
      readonly by: UserName;
      readonly author: UserName;
    }
  /** What an operator has done; it is in the audit log. */
  | {
      readonly kind: 'audit';
      readonly by: UserName;
      readonly action: string;
      readonly target: string;
      readonly detail: string;
    }
  /** `who` is the user, or the address of somebody who isn't logged in. */
  | { readonly kind: 'refused'; readonly who: string; readonly code: ErrorCode; readonly text: string }
  /** The store could not do something. `code` is the store's. */
  | { readonly kind: 'store-failed'; readonly what: string; readonly code: string; readonly text: string }
  /** A fault of the server itself. */
  | { readonly kind: 'fault'; readonly what: string; readonly stack: string };
