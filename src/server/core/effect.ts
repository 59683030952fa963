/** What the core wants done. The shell (`shell.ts`) does it, in this order, and tells the core what came of it. */
import type { ClientId, RoomName, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Origin, ServerEvent } from '../bus/bus.ts';
import type { Account, NewMessage, Page } from '../store/store.ts';
import type { ConsoleEvent } from './notice.ts';

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
      readonly origin: Origin;
    };

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
    }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly session: SessionId; readonly channel: Channel }
  /** To all servers, this one included. */
  | { readonly kind: 'publish'; readonly event: ServerEvent }
  /** Answer: `identified`. */
  | {
      readonly kind: 'identify';
      readonly session: SessionId;
      readonly method: 'guest' | 'host';
      /** What a guest wants to be called. */
      readonly name: string;
    }
  /** Answer: `appended` or `notAppended`. */
  | { readonly kind: 'append'; readonly session: SessionId; readonly message: NewMessage }
  /** Answer: `changed` or `notChanged`. */
  | { readonly kind: 'change'; readonly change: Change }
  /** Nothing depends on it. */
  | { readonly kind: 'save-account'; readonly account: Account }
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
  /** Read no more from the connection, or read again. */
  | { readonly kind: 'pause' | 'resume'; readonly session: SessionId }
  /** The session's held messages may be handled now. */
  | { readonly kind: 'release'; readonly session: SessionId }
  /** Sends what there is, then closes. */
  | { readonly kind: 'end'; readonly session: SessionId }
  | { readonly kind: 'notice'; readonly event: ConsoleEvent };
