/**
 * What several servers share while they run: every change that people on another server must see goes through here, also
 * when there is only one. Implementations: in-process (`local.ts`); each runs `test/server/bus/conformance.ts`.
 */
import type { ClientId, DeviceId, RoomName, Seq, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { PrivateFrame } from '../../protocol/private-frames.ts';
import type { HistoryEntry, PresenceState } from '../../protocol/server-messages.ts';
import type { AuditEntry, ChangedFields, NewAnnouncement, NewMail, Order } from '../store/store.ts';

/** The session that caused an event, and the id of its message, where it gave one. */
export interface Origin {
  /** Which server holds the session: session ids are unique on one server only. */
  readonly server: string;
  readonly session: SessionId;
  readonly id?: ClientId;
}

export type ServerEvent =
  /** A message has its place in its room. */
  | { readonly kind: 'message'; readonly room: RoomName; readonly entry: HistoryEntry; readonly origin: Origin }
  /** A message has changed, and that has its number in its room. */
  | {
      readonly kind: 'changed';
      readonly room: RoomName;
      readonly seq: Seq;
      readonly by: UserName;
      readonly time: UnixMs;
      readonly rev: number;
      readonly author: UserName;
      readonly fields: ChangedFields;
      readonly origin: Origin;
    }
  /** Somebody is writing. Kept nowhere. */
  | { readonly kind: 'typing'; readonly from: UserName; readonly to: RoomName | UserName }
  | {
      readonly kind: 'topic';
      readonly room: RoomName;
      readonly text: string;
      readonly by: UserName;
      readonly time: UnixMs;
      readonly origin: Origin;
    }
  | {
      readonly kind: 'joined';
      readonly room: RoomName;
      readonly user: UserName;
      readonly time: UnixMs;
      /** The room was closed, and is open again. */
      readonly reopens?: boolean;
      readonly origin: Origin;
    }
  /** Without an origin where nobody asked for it, as when a guest goes. */
  | {
      readonly kind: 'left';
      readonly room: RoomName;
      readonly user: UserName;
      readonly time: UnixMs;
      readonly origin?: Origin;
    }
  /** An operator's order is stored. */
  | { readonly kind: 'order'; readonly order: Order; readonly entry: AuditEntry; readonly origin: Origin }
  /** Somebody ignores somebody, or does so no more. */
  | {
      readonly kind: 'ignore';
      readonly action: 'block' | 'unblock' | 'mute' | 'unmute';
      readonly user: UserName;
      readonly target: UserName;
      /** When a mute ends; without it: never. */
      readonly until?: UnixMs;
      readonly time: UnixMs;
      readonly origin: Origin;
    }
  /** A guest's last session has ended. Comes after all else about them. */
  | { readonly kind: 'gone'; readonly user: UserName }
  /** A device key logs in to this account no more. */
  | { readonly kind: 'key-removed'; readonly user: UserName; readonly fingerprint: string }
  /** Mail is stored in the place `n` of its mailbox; without one it is for a guest, and stored nowhere. */
  | { readonly kind: 'mail'; readonly mail: NewMail; readonly n?: Seq; readonly origin: Origin }
  /** A device had to make room for another of its user, and is none any more. */
  | { readonly kind: 'device-dropped'; readonly user: UserName; readonly device: DeviceId }
  /** Others have claimed so many of a device's key packages that it should make new ones; so many are left. */
  | { readonly kind: 'packages-low'; readonly user: UserName; readonly device: DeviceId; readonly packages: number }
  /** Part of a private chat, for one device of `to`, or for all that are here. Kept nowhere: who isn't there misses it. */
  | {
      readonly kind: 'private';
      readonly from: UserName;
      readonly fromDevice: DeviceId;
      readonly to: UserName;
      readonly device?: DeviceId;
      readonly frame: PrivateFrame;
      readonly time: UnixMs;
      readonly origin: Origin;
    }
  /** An announcement is stored, and where in each mailbox. */
  | {
      readonly kind: 'announced';
      readonly announcement: NewAnnouncement;
      readonly places: readonly { readonly user: UserName; readonly n: Seq }[];
      readonly origin?: Origin;
    }
  | {
      readonly kind: 'presence';
      readonly user: UserName;
      readonly state: PresenceState;
      readonly since: UnixMs;
      readonly reason?: string;
    };

export interface Bus {
  /**
   * To every subscriber on every server, this one included. Events of one publisher arrive in the order they were
   * published; one that is published while another is delivered comes after it, for everybody.
   */
  publish(event: ServerEvent): void;
  /** @returns what ends the subscription. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
  close(): Promise<void>;
}
