/**
 * Everything the client knows. The core owns it and changes it in place; the view only reads it. No sockets, no screen,
 * no clock in here: those are effects and arguments.
 */
import type { ClientId, DeviceId, GroupId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { ChatStatus, Trust } from '../../peer/private.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Ignored } from './ignored.ts';
import type { Inner, TabInner } from './inner.ts';
import type { InputLine } from './input-line.ts';
import type { MessageLog } from './message-log.ts';

/**
 * connecting -> online -> waiting -> connecting …
 *                      -> loggedOff (the server ended it; a key leads to connecting)
 *            -> refused (trying again by itself would be refused again; Enter leads to connecting)
 * Times are monotonic milliseconds.
 */
export type Connection =
  | { readonly kind: 'connecting'; readonly attempt: number; readonly since: number }
  | { readonly kind: 'online'; readonly latency: number | undefined; readonly lastHeard: number }
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly reason: string;
      readonly since: number;
      readonly retryAt: number;
    }
  | { readonly kind: 'loggedOff'; readonly text: string }
  /** `registration`: whoever meant to make an account may. */
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly text: string;
      readonly registration?: 'open' | 'invite';
    };

export interface Person {
  readonly name: UserName;
  readonly state: PresenceState;
  /** When this state began, by the server's clock. */
  readonly since: UnixMs;
}

/** A message of ours that hasn't been acknowledged; it is sent again after a reconnect, under the same id. */
export interface Pending {
  readonly id: ClientId;
  readonly text: string;
  readonly time: UnixMs;
  /** `sending`: written to a connection. `waiting`: no connection, or a server that takes no more for now. `refused`: the server said no, with its words. */
  readonly state: { readonly kind: 'sending' | 'waiting' } | { readonly kind: 'refused'; readonly text: string };
  /** In private: the messenger has it, and sees to it until it tells what came of it. It is never given it twice. */
  readonly handed?: true;
}

/** Where the pane stands: at the newest line, or with `bottom` as its lowest entry, `hidden` rows of which are cut off. */
export type Scroll =
  | { readonly kind: 'tail' }
  | { readonly kind: 'at'; readonly bottom: number; readonly hidden: number };

interface AnyTab {
  readonly log: MessageLog;
  /** Our messages without an acknowledgement, oldest first; shown below the log. */
  pending: readonly Pending[];
  /** Messages that came while nobody looked at the tab, and whether one of them speaks to us. */
  unread: number;
  mentioned: boolean;
  /** The first message that hasn't been seen: the unread line stands above it. */
  unreadFrom: Seq | undefined;
  scroll: Scroll;
  draft: InputLine;
  /** The core's own; the view has no business here. */
  readonly inner: TabInner;
}

export interface RoomTab extends AnyTab {
  readonly kind: 'room';
  readonly room: RoomName;
  topic: string;
  /** Milliseconds that must lie between two messages of one user; 0: no such limit. */
  slow: number;
  /** Undefined: everybody (the lobby). */
  members: Set<UserName> | undefined;
}

/** Private messages with one person. The places in its log are this program's own and mean nothing to the server. */
export interface PersonTab extends AnyTab {
  readonly kind: 'person';
  readonly person: UserName;
  trust: Trust;
}

/** A private chat: live, with keys of its own. One tab a person; a chat that has ended makes room for the next one. */
export interface ChatTab extends AnyTab {
  readonly kind: 'chat';
  readonly person: UserName;
  chat: GroupId;
  /** NOT ENCRYPTED. */
  plain: boolean;
  status: ChatStatus;
  trust: Trust;
}

export type Tab = RoomTab | PersonTab | ChatTab;

/** Whether private chats work in this program. */
export type Privates =
  /** Nothing is known yet. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'available' }
  /** Another program of ours has them, or something is wrong with the files: `text` says what. */
  | { readonly kind: 'unavailable'; readonly text: string }
  /** The log is under a passphrase that hasn't been given; `waiting`: messages that came meanwhile. */
  | { readonly kind: 'locked'; readonly waiting: number };

interface Self {
  readonly name: UserName;
  readonly awayAfter: number;
  readonly logOffAfter: number;
  /** A password or a key has let us in, not the host's word. */
  readonly proved?: true;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** An overlay over the room pane; undefined is none. */
type Overlay =
  | { readonly kind: 'keys' }
  /** The safety number, to be compared; `more`: devices of theirs after this one. */
  | {
      readonly kind: 'verify';
      readonly person: UserName;
      readonly device: DeviceId;
      readonly digits: string;
      readonly more: number;
    };

export interface State {
  connection: Connection;
  /** As typed, for the screen: `box:2428`. */
  readonly address: string;
  /** What the server calls itself. */
  serverName: string;
  self: Self | undefined;
  /** The server's clock minus ours, ms, as of the last welcome: ages of presence are computed with it. */
  clockOffset: number;
  /** `#lobby` first; never empty. */
  tabs: Tab[];
  active: number;
  people: Map<UserName, Person>;
  /** Whose messages are left out. */
  ignored: Ignored;
  /** We may keep order here. */
  operator: boolean;
  size: Size;
  showList: boolean;
  /** The keys walk the list of people, and stand on this one. */
  selected: UserName | undefined;
  privates: Privates;
  overlay: Overlay | undefined;
  /** One line above the input that the next key clears: an error or a hint. */
  hint: { readonly text: string; readonly bad: boolean } | undefined;
  /** What is asked for in the input line, instead of a message; of what is typed only how long it is (in characters). */
  prompt: { readonly text: string; readonly bad: boolean; readonly length: number } | undefined;
  /** The candidates that Tab is cycling through, for the screen. */
  completions: readonly string[];
  /** The core's own; the view has no business here. */
  readonly inner: Inner;
}
