/** What the core keeps for itself: nothing of it is drawn. */
import type { ClientId, RoomName, Seq } from '../../base/ids.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { HistoryEntry, PersonInfo, ServerMessages } from '../../protocol/server-messages.ts';
import type { InputLine } from './input-line.ts';

/** How we say who we are: a setting, the same for every connection. */
export type Login = { readonly method: 'host' } | { readonly method: 'guest'; readonly name: string };

/** What a request was for, so that its answer, or its error, finds its way. */
export type Purpose =
  | { readonly kind: 'history'; readonly room: RoomName; readonly page: 'older' }
  /** `last` is where the log ended when this was asked, `target` where the room did. */
  | {
      readonly kind: 'history';
      readonly room: RoomName;
      readonly page: 'newest' | 'since';
      readonly last: Seq;
      readonly target: Seq;
    }
  /** `asked`: a person did, so the answer leads to the tab. */
  | { readonly kind: 'join'; readonly room: RoomName; readonly asked: boolean }
  | { readonly kind: 'leave' | 'topic'; readonly room: RoomName }
  | { readonly kind: 'members'; readonly room: RoomName; readonly names: Set<PersonInfo['name']> }
  | { readonly kind: 'who'; readonly people: Map<PersonInfo['name'], PersonInfo> }
  /** `room` is the tab where the answer is printed. */
  | { readonly kind: 'rooms'; readonly room: RoomName; readonly rows: ServerMessages['rooms']['rooms'][number][] };

export interface Request {
  readonly purpose: Purpose;
  /** Carries the request's id. */
  readonly message: ClientMessage;
  /** Monotonic ms: refused for now, and sent again at this time. Undefined: under way. */
  retryAt: number | undefined;
  /** How often it was refused for now. */
  refusals: number;
}

/**
 * How the messages of ours go out. `open`: at once. `slow`: the server refused one for now, so they go one by one, each
 * after the acknowledgement of the one before; `inFlight` is the one that is under way, `retryAt` (monotonic ms) when the
 * next may go.
 */
type Outbox =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'slow';
      readonly inFlight: ClientId | undefined;
      readonly retryAt: number;
      readonly refusals: number;
    };

/** What the core knows of a room beside what its tab shows. */
export interface RoomState {
  /** The server counts us in, on this connection: messages may go. */
  joined: boolean;
  /** The newest page, or the knowledge that there is none, has come once. */
  opened: boolean;
  /** Seq of the newest message that is known to exist; while the log ends before it, there is a gap to fill. */
  target: Seq;
  /** Messages that came before the ones in front of them, by seq. */
  readonly held: Map<Seq, HistoryEntry>;
  /** How much of what lies under the unread line has been on the screen: nothing, its beginning, all of it. */
  line: 'unseen' | 'begun' | 'seen';
  /** Where the arrow keys stand in the input history, and the text that was there before. */
  browse: { readonly index: number; readonly draft: InputLine } | undefined;
}

/** A completion that Tab goes on with: the word from `start` to `end` is being replaced. */
interface Cycle {
  readonly start: number;
  readonly before: InputLine;
  readonly candidates: readonly string[];
  index: number;
}

/** Times are monotonic ms. */
export interface Inner {
  readonly login: Login;
  /** A `linkUp` came and hello was sent. */
  linkUp: boolean;
  /** Connections tried since the last one that lasted. */
  attempt: number;
  onlineSince: number;
  readonly ping: { n: number; sentAt: number; nextAt: number };
  /** When we last reported activity, and when a key press that came too early for a report of its own is due. */
  readonly activity: { sentAt: number; dueAt: number | undefined };
  readonly requests: Map<ClientId, Request>;
  readonly rooms: Map<RoomName, RoomState>;
  outbox: Outbox;
  /** What was sent from here, oldest first. */
  readonly sent: string[];
  cycle: Cycle | undefined;
  /** The last key asked to quit, and was asked whether to drop what is unsent. */
  quitAsked: boolean;
  /** We have said `bye`: when to leave without an answer. */
  quitAt: number | undefined;
  bellAt: number;
  /** The snapshot of this connection has come, so a change of presence is news. */
  peopleKnown: boolean;
}
