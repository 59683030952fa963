/**
 * Everything the client knows. The core owns it and changes it in place; the view only reads it. No sockets, no screen,
 * no clock in here: those are effects and arguments.
 */

import type { ClientId, DeviceId, GroupId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { ChatStatus, Trust } from '../../peer/private.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Keymap } from '../keys/bound.ts';
import type { Themes } from '../theme/found.ts';
import type { Ignored } from './ignored.ts';
import type { Inner, TabInner } from './inner.ts';
import type { InputLine } from './input-line.ts';
import type { InputMode } from './input-mode.ts';
import type { Memory } from './memory.ts';
import type { Far, LogEntry, MessageLog } from './message-log.ts';
import type { Palette } from './palette-state.ts';
import type { PaneId, PaneTree } from './panes/tree.ts';
import type { Search } from './search-state.ts';
import type { TellingOptions } from './telling-options.ts';

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
  /** They are on the local network, under this key. */
  readonly device?: DeviceId;
}

/** A message of ours that hasn't been acknowledged; it is sent again after a reconnect, under the same id. */
export interface Pending {
  readonly id: ClientId;
  readonly text: string;
  readonly time: UnixMs;
  /** The place of the message that it answers. */
  readonly re?: Seq;
  /** `sending`: written to a connection. `waiting`: no connection, or a server that takes no more for now. `refused`: the server said no, with its words. */
  readonly state: { readonly kind: 'sending' | 'waiting' } | { readonly kind: 'refused'; readonly text: string };
  /** In private: the messenger has it, and sees to it until it tells what came of it. It is never given it twice. */
  readonly handed?: true;
}

/** Where the pane stands: at the newest line, or with `bottom` as its lowest entry, `hidden` rows of which are cut off. */
export type Scroll =
  | { readonly kind: 'tail' }
  | { readonly kind: 'at'; readonly bottom: number; readonly hidden: number };

/** The draft answers a message, or is another text for one of ours; `before` was the draft until then. */
export type Writing =
  | { readonly kind: 'reply'; readonly to: Seq }
  | { readonly kind: 'correct'; readonly seq: Seq; readonly before: InputLine };

export interface Offered {
  readonly name: string;
  readonly emoji: string;
}

/**
 * Message mode: the keys stand on the message at `seq`.
 * walk ⇄ delete (asked whether) · walk ⇄ react (with what)
 */
export interface Pick {
  readonly seq: Seq;
  readonly step: 'walk' | 'delete' | 'react';
  /** What was typed of a reaction, and what is offered for it. */
  readonly typed: string;
  readonly offered: readonly Offered[];
  /** How many of its links were copied. */
  readonly links: number;
}

interface Typist {
  readonly name: UserName;
  readonly until: number;
}

interface AnyTab {
  /** The newest messages, without gaps. */
  readonly log: MessageLog;
  /** Shown instead of the log. */
  far: Far | undefined;
  /** Where the screen goes when that page has come. */
  seeking: Seq | undefined;
  /** Our messages without an acknowledgement, oldest first; shown below the log. */
  pending: readonly Pending[];
  /** Messages that came while nobody looked at the tab, and whether one of them speaks to us. */
  unread: number;
  mentioned: boolean;
  /** The first message that hasn't been seen: the unread line stands above it. */
  unreadFrom: Seq | undefined;
  scroll: Scroll;
  draft: InputLine;
  /** What the keys of the line are for; undefined: for writing. */
  mode: InputMode | undefined;
  /** What the draft is, where it is no new message of its own. */
  writing: Writing | undefined;
  /** The keys walk the messages. */
  pick: Pick | undefined;
  /** Who is writing here, whoever began last at the end; each until a monotonic ms. */
  typing: readonly Typist[];
  /** The core's own; the view has no business here. */
  readonly inner: TabInner;
}

export interface RoomTab extends AnyTab {
  readonly kind: 'room';
  readonly room: RoomName;
  /** Nobody counts its messages: places ascend with gaps, and one may come late, whose place is before others. */
  sparse: boolean;
  topic: string;
  /** Milliseconds that must lie between two messages of one user; 0: no such limit. */
  slow: number;
  /** The place of the first message that the server still has. */
  first: Seq;
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

/**
 * The prefix was pressed, and the next key counts; or a key after it that may be pressed again without it. Times are
 * monotonic milliseconds.
 */
type Prefixed =
  /** `listed`: what the next key can do has been shown. */
  | { readonly kind: 'waiting'; readonly since: number; readonly listed: boolean }
  | { readonly kind: 'repeating'; readonly until: number };

/** An overlay over the room pane; undefined is none. */
type Overlay =
  /** From 0. */
  | { readonly kind: 'keys'; readonly page?: number }
  /** What the key after the prefix can do. */
  | { readonly kind: 'prefix' }
  /** What was found: `state.search`. */
  | { readonly kind: 'search' }
  | Palette
  /** The safety number, to be compared; `more`: devices of theirs after this one. */
  | {
      readonly kind: 'verify';
      readonly person: UserName;
      readonly device: DeviceId;
      readonly digits: string;
      readonly more: number;
    };

/** How the room between the tab bar and the status bar is divided. */
interface Panes {
  tree: PaneTree;
  /** It shows the active tab, and has the keyboard. */
  focused: PaneId;
  /** What the others show. No tab is in two panes. */
  readonly shows: Map<PaneId, Tab>;
  /** Only the focused one is on the screen. */
  zoomed: boolean;
  /** All of them, the one that had the keyboard last in front. */
  recent: readonly PaneId[];
}

/**
 * The bare view: one tab's text from edge to edge, for the terminal's own selection. It stands still, so it has the
 * entries of the moment when it began.
 */
export interface Bare {
  readonly tab: Tab;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  readonly pending: readonly Pending[];
  readonly times: boolean;
  /**
   * What is at the screen's lower edge: a line of the text, counted from 0, and how many of its rows are below. Undefined:
   * the end of the text.
   */
  readonly bottom: { readonly line: number; readonly hidden: number } | undefined;
}

export interface State {
  connection: Connection;
  /** As typed, for the screen: `box:2428`. */
  readonly address: string;
  /** The client as lines: no keys and no screen, and nothing waits in a line to be mended. */
  readonly lines: boolean;
  /** There is no server: this is the local network, and our key there. Undefined: there is one, or nothing is known yet. */
  lan: { readonly device: DeviceId } | undefined;
  /** Beside a server, the local network is shown too. */
  lanAlso: boolean;
  /** Beside a server: the network's room, and whether it is there now. */
  beside: { readonly room: RoomName; readonly isUp: boolean } | undefined;
  /** `--plain-chat`: private chats in plain text are wanted, and on the local network possible. */
  readonly plainChat: boolean;
  /** A key as people compare it: `9f86 d081 …`. Without it keys aren't shown. */
  readonly fingerprintOf: ((device: DeviceId) => string) | undefined;
  /** What the server calls itself. */
  serverName: string;
  self: Self | undefined;
  /** The server's clock minus ours, ms, as of the last welcome: ages of presence are computed with it. */
  clockOffset: number;
  /** `#lobby` first; never empty. */
  tabs: Tab[];
  active: number;
  readonly panes: Panes;
  bare: Bare | undefined;
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
  /** What the keys do here. */
  readonly keymap: Keymap;
  /** What of telling the config file chooses. */
  readonly telling: TellingOptions;
  /** The terminal has the keyboard; undefined: it has never said. */
  focused: boolean | undefined;
  /** The theme of the screen, and the list of themes while it is open. */
  themes: Themes;
  /** The last search. */
  search: Search | undefined;
  /** The prefix was pressed. */
  prefix: Prefixed | undefined;
  /** One line above the input that the next key clears: an error or a hint. */
  hint: { readonly text: string; readonly bad: boolean } | undefined;
  /** What is asked for in the input line, instead of a message; of what is typed only how long it is (in characters). */
  prompt: { readonly text: string; readonly bad: boolean; readonly length: number } | undefined;
  /** The candidates that Tab is cycling through, for the screen; and which of them stands in the line, from 0. */
  completions: readonly string[];
  completed: number;
  /** At the first start of all: what to know stands above the newest lines, until somebody writes or scrolls. */
  welcoming: boolean;
  /** What outlives the program; changed by `keep` alone. */
  memory: Memory;
  /** The core's own; the view has no business here. */
  readonly inner: Inner;
}
