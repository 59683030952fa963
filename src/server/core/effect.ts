/** What the core wants done. The shell (`shell.ts`) does it, in this order, and tells the core what came of it. */
import type { ClientId, DeviceId, RoomName, Seq, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Origin, ServerEvent } from '../bus/bus.ts';
import type {
  AuditEntry,
  NewAnnouncement,
  NewChange,
  NewDevice,
  NewMail,
  NewMessage,
  Order,
  Page,
  Search,
  UnixAccount,
} from '../store/store.ts';
import type { LoginNote, LoginQuestion } from './login-question.ts';
import type { ConsoleEvent } from './notice.ts';
import type { LoginMethod } from './user.ts';

/** Who gets a line that is encoded once: the members of a room, or those who follow presence. */
export type Channel = RoomName | 'presence';

/** A change that must be in the store before anyone hears of it. */
export type Change =
  | {
      readonly kind: 'join';
      readonly room: RoomName;
      readonly user: UserName;
      readonly time: UnixMs;
      readonly creates: boolean;
      /** Guests' memberships are not stored. */
      readonly lasting: boolean;
      /** An operator enters a closed room, and so opens it. */
      readonly reopens?: AuditEntry;
      readonly origin: Origin;
    }
  | {
      readonly kind: 'leave';
      readonly room: RoomName;
      readonly user: UserName;
      readonly time: UnixMs;
      readonly lasting: boolean;
      readonly origin: Origin;
    }
  | {
      readonly kind: 'topic';
      readonly room: RoomName;
      readonly text: string;
      readonly by: UserName;
      readonly time: UnixMs;
      /** Where an operator sets it. */
      readonly audit?: AuditEntry;
      readonly origin: Origin;
    }
  /** What an operator has ordered. */
  | { readonly kind: 'order'; readonly order: Order; readonly entry: AuditEntry; readonly origin: Origin }
  /** Whom somebody ignores. What guests do is not stored. */
  | (Extract<ServerEvent, { kind: 'ignore' }> & { readonly lasting: boolean });

/** What is to become of mail, unless it was sent before. */
export type Verdict =
  | { readonly kind: 'keep' | 'pass' }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly text: string };

/** Mail that the store is asked to take. */
export interface MailRequest {
  readonly session: SessionId;
  readonly mail: NewMail;
  readonly verdict: Verdict;
}

/** Which page of a mailbox an answer belongs to. */
export interface MailQuestion {
  readonly session: SessionId;
  readonly user: UserName;
  /** Which of the user's devices the session is, where it has said so. */
  readonly device: DeviceId | undefined;
  readonly since: Seq;
}

/** A device that the store is asked to take. */
export interface DeviceRequest {
  readonly session: SessionId;
  readonly added: NewDevice;
  /** Devices of the user that are here. */
  readonly here: readonly DeviceId[];
  readonly id?: ClientId;
}

/** Whose devices, and of which of them a key package. */
export interface DevicesQuestion {
  readonly session: SessionId;
  readonly user: UserName;
  readonly claim: readonly DeviceId[];
  readonly id?: ClientId;
}

/** An announcement that the store is asked to take. */
export interface AnnounceRequest {
  readonly announcement: NewAnnouncement;
  readonly entry: AuditEntry;
  /** Who waits for the answer; undefined where nobody does. */
  readonly origin: Origin | undefined;
}

/** What is to become of a message that is stored. `audit`: for the log, where it is somebody else's. */
export interface ChangeRequest {
  readonly change: NewChange;
  readonly audit: AuditEntry;
  readonly origin: Origin;
}

/** Whose search it is. */
export interface SearchQuestion {
  readonly session: SessionId;
  readonly search: Search;
  readonly id?: ClientId;
}

/** Who asks how long a room's messages are kept. */
export interface KeptQuestion {
  readonly session: SessionId;
  readonly room: RoomName;
  readonly id?: ClientId;
}

export type Effect =
  /** To one session. */
  | { readonly kind: 'send'; readonly session: SessionId; readonly message: ServerMessage }
  /**
   * To all of a channel on this server. The session `instead.session` gets `instead.message` at that place, or nothing
   * where there is none; it need not be in the channel.
   */
  | {
      readonly kind: 'fan-out';
      readonly channel: Channel;
      readonly message: ServerMessage;
      readonly instead?: { readonly session: SessionId; readonly message: ServerMessage | undefined };
      /** Sessions that don't get it. */
      readonly except?: ReadonlySet<SessionId>;
    }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly session: SessionId; readonly channel: Channel }
  /** To all servers, this one included. */
  | { readonly kind: 'publish'; readonly event: ServerEvent }
  /** Answer: `identified`. */
  | {
      readonly kind: 'identify';
      readonly session: SessionId;
      readonly method: LoginMethod;
      /** What a guest wants to be called, or a new account; empty where it doesn't matter. */
      readonly name: string;
    }
  /** Answer: `appended` or `notAppended`. */
  | { readonly kind: 'append'; readonly session: SessionId; readonly message: NewMessage }
  /** Answer: `messageChanged` or `messageNotChanged`. */
  | ({ readonly kind: 'change-message' } & ChangeRequest)
  /** Answer: `searched` or `notSearched`. */
  | ({ readonly kind: 'search' } & SearchQuestion)
  /** Answer: `changed` or `notChanged`. */
  | { readonly kind: 'change'; readonly change: Change }
  /** Nothing depends on it. */
  | { readonly kind: 'save-account'; readonly account: UnixAccount }
  /** When an account without a Unix user was here last. Nothing depends on it. */
  | { readonly kind: 'seen'; readonly user: UserName; readonly time: UnixMs }
  /** Answer: `historyRead` or `historyNotRead`. */
  | {
      readonly kind: 'read-history';
      readonly session: SessionId;
      readonly room: RoomName;
      readonly page: Page;
      readonly limit: number;
      readonly maxBytes: number;
      readonly id?: ClientId;
    }
  /** Answer: `keptRead` or `keptNotRead`. */
  | ({ readonly kind: 'read-kept' } & KeptQuestion)
  /** Answer: `mailCame` or `mailNotStored`. */
  | ({ readonly kind: 'mail' } & MailRequest)
  /** Answer: `mailboxRead` or `mailboxNotRead`. */
  | ({ readonly kind: 'read-mailbox'; readonly limit: number; readonly maxBytes: number } & MailQuestion)
  /** What was received may be forgotten. Nothing depends on it. */
  | { readonly kind: 'received'; readonly user: UserName; readonly n: Seq; readonly device?: DeviceId }
  /** Answer: `devicePut` or `deviceNotPut`. */
  | ({ readonly kind: 'put-device' } & DeviceRequest)
  /** Answer: `devicesRead` or `devicesNotRead`. */
  | ({ readonly kind: 'devices' } & DevicesQuestion)
  /** Answer: `announced` or `notAnnounced`. */
  | ({ readonly kind: 'announce' } & AnnounceRequest)
  /** Answered by the function of the core that `LoginQuestion` names. */
  | { readonly kind: 'ask-logins'; readonly question: LoginQuestion }
  /** To be noted by the store. Nothing waits for it. */
  | { readonly kind: 'note-login'; readonly note: LoginNote }
  /** Read no more from the connection, or read again. */
  | { readonly kind: 'pause' | 'resume'; readonly session: SessionId }
  /** The session's held messages may be handled now. */
  | { readonly kind: 'release'; readonly session: SessionId }
  /** Sends what there is, then closes. */
  | { readonly kind: 'end'; readonly session: SessionId }
  /** Closes at once, with nothing said. */
  | { readonly kind: 'drop'; readonly session: SessionId }
  | { readonly kind: 'notice'; readonly event: ConsoleEvent };
