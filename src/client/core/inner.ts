/** What the core keeps for itself: nothing of it is drawn. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { PrivateCommand, PrivateEvent } from '../../peer/private.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import type { HistoryEntry, PersonInfo, ServerMessages } from '../../protocol/server-messages.ts';
import type { Emoji, Named } from './emoji-names.ts';
import type { InputLine } from './input-line.ts';
import type { Kills } from './input-memory.ts';
import type { Far } from './message-log.ts';
import type { PaneTree, Split } from './panes/tree.ts';
import type { Search } from './search-state.ts';
import type { Level } from './telling-options.ts';

/** How we say who we are, on every connection. */
export type Login =
  | { readonly method: 'host' }
  | { readonly method: 'guest'; readonly name: string }
  | {
      readonly method: 'account';
      readonly name: string;
      /** Undefined: only the device key is there. Kept as long as the program runs, to come back with it. */
      readonly password: Secret | undefined;
      /** The account is to be made: once, whatever comes of it. */
      readonly register?: { readonly invite?: string };
    };

/** A password or passphrase that is being asked for, and what for. */
export interface SecretDialogue {
  readonly purpose:
    | { readonly kind: 'register'; readonly name: string; readonly invite?: string }
    | { readonly kind: 'password' }
    /** Of the log of private messages: a new one, or the one that it has. */
    | { readonly kind: 'passphrase' }
    | { readonly kind: 'unlock' };
  /** `opening`: what was given is being tried, which takes a while; nothing can be typed meanwhile. */
  readonly step: 'old' | 'new' | 'again' | 'given' | 'opening';
  readonly old?: Secret;
  readonly first?: Secret;
  readonly typed: string;
}

/** What the tab of a private chat is called: `=bob`, as irssi names such windows. */
type ChatName = `=${string}`;
/** A room's name has a sign that no user's has, and so has a private chat's. */
export type TabName = RoomName | UserName | ChatName;

/** A room, as the server lists it. */
export type RoomLine = ServerMessages['rooms']['rooms'][number];

/** A line that was sent. `tab`, of a private one: there alone it comes back, so that one key and Enter tell it to no room. */
export interface Sent {
  readonly text: string;
  readonly tab: TabName | undefined;
}

/** What a request was for, so that its answer, or its error, finds its way. */
export type Purpose =
  /** `rev`: the change up to which the log was when this was asked. */
  | { readonly kind: 'history'; readonly room: RoomName; readonly page: 'older'; readonly rev: number }
  /** `last` is where the log ended when this was asked, `target` where the room did. */
  | {
      readonly kind: 'history';
      readonly room: RoomName;
      readonly page: 'newest' | 'since';
      readonly last: Seq;
      readonly target: Seq;
      readonly rev: number;
    }
  /** Of a window over older messages: what is beyond its ends, or where it is to be. */
  | {
      readonly kind: 'far';
      readonly room: RoomName;
      readonly page: 'older' | 'newer';
      readonly far: Far;
      readonly rev: number;
    }
  | { readonly kind: 'far'; readonly room: RoomName; readonly page: 'there'; readonly seq: Seq; readonly rev: number }
  /** `empty`: so many answers before had nothing in them. */
  | { readonly kind: 'search'; readonly search: Search; readonly empty: number }
  /** What has changed after `since`. */
  | { readonly kind: 'changes'; readonly room: RoomName; readonly since: number }
  /** A message is to be another; `text`: the new one of ours. */
  | { readonly kind: 'change'; readonly room: RoomName; readonly seq: Seq; readonly text?: string }
  /** `asked`: a person did, so the answer leads to the tab. */
  | { readonly kind: 'join'; readonly room: RoomName; readonly asked: boolean }
  | { readonly kind: 'leave' | 'topic'; readonly room: RoomName }
  | { readonly kind: 'members'; readonly room: RoomName; readonly names: Set<PersonInfo['name']> }
  | { readonly kind: 'who'; readonly people: Map<PersonInfo['name'], PersonInfo> }
  /** In these, `tab` is the name of the tab where the answer is printed. */
  | { readonly kind: 'since'; readonly tab: TabName; readonly time: number; readonly people: PersonInfo[] }
  | { readonly kind: 'rooms'; readonly tab: TabName; readonly rows: ServerMessages['rooms']['rooms'][number][] }
  | { readonly kind: 'directory'; readonly rows: RoomLine[] }
  | { readonly kind: 'bans'; readonly tab: TabName; readonly rows: ServerMessages['bans']['bans'][number][] }
  /** How long the messages of a room are kept. */
  | { readonly kind: 'kept'; readonly tab: TabName }
  /** What is answered by `done`: that somebody is blocked, that somebody was put out. */
  | { readonly kind: 'order'; readonly tab: TabName }
  | { readonly kind: 'keys'; readonly tab: TabName }
  | { readonly kind: 'invite'; readonly tab: TabName }
  /** How the local network is. */
  | { readonly kind: 'lan'; readonly tab: TabName }
  /** Answered by `done`; the shell must know of it too. */
  | { readonly kind: 'keyAdd'; readonly tab: TabName; readonly fingerprint: string }
  | { readonly kind: 'keyRemove'; readonly tab: TabName; readonly fingerprint: string };

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
  /** This connection has not shown yet that the newest message here is the one that the server has in its place. */
  unproven: boolean;
  /** Seq of the newest message that is known to exist; while the log ends before it, there is a gap to fill. */
  target: Seq;
  /**
   * Of a sparse room: what is here is gone through once more, from behind `since` on, as late messages may have come anywhere
   * while there was no connection. `known`: where the log ended then.
   */
  walk: { readonly since: Seq; readonly known: Seq } | undefined;
  /** Of a sparse room: messages whose place another one has taken, with that place, until they are told again at their own. */
  readonly displaced: Map<string, Seq>;
  /** Of a sparse room: when something came last that was said while we were away. Monotonic ms. */
  missedAt: number;
  /** Messages that came before the ones in front of them, by seq. */
  readonly held: Map<Seq, HistoryEntry>;
  /** Monotonic ms: in a room that is slow, when our next message may go. */
  slowUntil: number;
  /** All changes up to this one are in the log; `lastRev` is the newest that is known to be. */
  rev: number;
  lastRev: number;
}

/** What the core knows of a tab beside what it shows. */
export interface TabInner {
  /** How much of what lies under the unread line has been on the screen: nothing, its beginning, all of it. */
  line: 'unseen' | 'begun' | 'seen';
  /** Where the arrow keys stand in the input history, and the text that was there before. */
  browse: { readonly at: Sent; readonly draft: InputLine } | undefined;
  /** The draft as it is kept for the next start, and as it was seen last; undefined: nobody has looked yet. */
  keptDraft: { readonly kept: string; readonly seen: string } | undefined;
  /** The line in which a name has just become its emoji. */
  pictured: InputLine | undefined;
  /** Names of emoji that were typed before the table had come. */
  unnamed: readonly Named[];
  /** Of a person's tab: the place in the mailbox before the oldest mail that nobody has looked at; undefined: all is seen. */
  unseenAfter: Seq | undefined;
  /** Of a person's tab: our newest message there waits for them in the mailbox. */
  kept: boolean;
  /** Of a person's tab: whether it was asked how far their keys are trusted. */
  trustAsked: boolean;
  past: Past;
  /** Which message of ours is to be deleted if that is ordered once more, until a monotonic ms. */
  asked: { readonly seq: Seq; readonly until: number } | undefined;
  /** Of a person's tab: why messages of ours wait, as it was said last. */
  waitsFor: string | undefined;
  /** Of a live chat: what of it is told; undefined: as of all others. */
  level: Level | undefined;
  /** Of a sparse room: the last message that came late, far above. */
  late: Seq | undefined;
  /** Of a person's tab: all that there was with them has been removed. */
  forgotten: boolean;
}

/**
 * Whether a person's tab has been filled from the log on this device.
 * unread ──► asked ──► read ──► asked …
 * `before`: a place in that log; undefined is its end. `first`: where the tab began when it was asked. `show`: a command has asked
 * for it, so it is said what has come.
 */
type Past =
  | { readonly kind: 'unread' | 'read' }
  | {
      readonly kind: 'asked';
      readonly before: number | undefined;
      readonly limit: number;
      readonly first: Seq;
      readonly show: boolean;
      /** It is for a window: more of this one, or one around the place in the log. */
      readonly far?:
        | { readonly page: 'older' | 'newer'; readonly far: Far }
        | { readonly page: 'there'; readonly at: number };
    };

/**
 * Our mailbox, as far as this program has taken it over. Announcements and sealed mail have their places in one row, but
 * what announcements there are may come before all sealed mail.
 */
interface Mailbox {
  /** Place of the newest announcement that came: what comes again is known by it. */
  announced: Seq;
  /** The highest place of sealed mail that was opened, and the last places of all. */
  last: Seq;
  opened: Set<Seq>;
  /** Places of sealed mail that has come on this connection, and isn't opened yet. */
  sealed: Set<Seq>;
  /** Up to where the server was told that it may forget, by an announcement's place and by that of sealed mail. */
  told: { announced: Seq; opened: Seq };
  /** Monotonic ms at which it is told next. */
  dueAt: number | undefined;
  /** Changes of ours, by their ids: `asked` of the messenger, or `going`, and shown, but not taken by the server yet. */
  readonly changes: Map<ClientId, 'asked' | 'going'>;
  /** Server's time of this log-in: older mail waited for us. */
  since: UnixMs;
  /** Mail of people whose messages are left out, oldest first, where they have no tab: shown should that end. */
  aside: readonly MailEvent[];
}

export type MailEvent = Extract<PrivateEvent, { type: 'mail' }>;

/** What Tab can put in the place of a word, with what comes behind it; and how it is shown, where several can. */
export interface Candidate {
  readonly text: string;
  readonly shown: string;
}

/** A completion that Tab goes on with: the word from `start` to `end` is being replaced. */
interface Cycle {
  readonly start: number;
  readonly before: InputLine;
  readonly candidates: readonly Candidate[];
  index: number;
  /** As it stands in the line: another line, or one that was changed meanwhile, is not gone on with. */
  line: InputLine;
}

/** The border behind a part of a split, as the panes lay when it was taken. */
interface Drag {
  readonly tree: PaneTree;
  readonly split: Split;
  readonly index: number;
  readonly sizes: readonly number[];
  /** Along the split's axis, in cells. */
  readonly from: number;
}

/**
 * The layout that is kept for the next start.
 * waiting ──► restoring ──► kept ⇄ changed
 * `waiting`: for the first welcome. `restoring`: for rooms that a guest joins again. `typed`: a key was pressed meanwhile,
 * so the tab in front stays there. `changed`: it is to be kept when this event has been dealt with.
 */
type LayoutState =
  | { readonly kind: 'waiting' | 'restoring'; readonly typed?: true }
  | { readonly kind: 'kept' | 'changed' };

/** Times are monotonic ms. */
export interface Inner {
  login: Login;
  /** While we become an account: what we were, should the server not want it. */
  before: Login | undefined;
  /** The device key was refused, so it is the password's turn. */
  keyRefused: boolean;
  /** What this connection is: over TLS, with a log-in by the device key. */
  secure: boolean;
  byKey: boolean;
  /** That there are device keys was said. */
  keySuggested: boolean;
  /** The local network beside the server was asked for, as at the last start. */
  besideResumed: boolean;
  secret: SecretDialogue | undefined;
  /** A `linkUp` came and hello was sent. */
  linkUp: boolean;
  /** Connections tried since the last one that lasted. */
  attempt: number;
  /** The server has said that it stops: when (monotonic ms), and in which words. */
  restart?: { readonly since: number; readonly text: string } | undefined;
  onlineSince: number;
  /** Wall clock, when the last connection that had let us in was lost. */
  lostAt?: UnixMs;
  /** `times`: how long the last answers took (ms), oldest first; undefined: this connection's first is still to come. */
  readonly ping: { n: number; sentAt: number; nextAt: number; times?: readonly number[] | undefined };
  /** When we last reported activity, and when a key press that came too early for a report of its own is due. */
  readonly activity: { sentAt: number; dueAt: number | undefined };
  /** Whether the settings want others to know that we are writing, and when they were told last. */
  readonly typing: { readonly wanted: boolean; sentAt: number };
  readonly requests: Map<ClientId, Request>;
  readonly rooms: Map<RoomName, RoomState>;
  outbox: Outbox;
  /** What was sent from here, oldest first; and what was looked for in it the last time. */
  readonly sent: Sent[];
  searched: string;
  /** What was cut, in any tab. */
  kills: Kills;
  emoji: Emoji;
  /** Drafts have changed: monotonic ms at which they are kept, and at the latest. */
  draftsDue: { readonly at: number; readonly latest: number } | undefined;
  /** In which tab the draft was given to an editor, until it comes back. */
  editing: TabName | undefined;
  cycle: Cycle | undefined;
  /** The last key asked to quit, and was asked whether to drop what is unsent. */
  quitAsked: boolean;
  /** We have said `bye`: when to leave without an answer. */
  quitAt: number | undefined;
  /** When something rang and was told last, what waits to be told, and when one may be disturbed again. Monotonic ms. */
  readonly told: {
    bellAt: number;
    notifiedAt: number;
    waiting: {
      readonly from: string;
      readonly place: string;
      readonly isRoom: boolean;
      /** Undefined: nobody else's eyes. */
      readonly text: string | undefined;
    }[];
    quietEndsAt: number | undefined;
  };
  /** The snapshot of this connection has come, so a change of presence is news. */
  peopleKnown: boolean;
  /** Who was here before the connection was lost, and isn't yet since: at most `MAX_PEOPLE`. */
  awaited: Set<UserName>;
  /** Who is met on the local network, and has pressed no key since: perhaps a script alone. That they are there is no news. */
  readonly unseen: Set<UserName>;
  /** The server has said on this connection whom we ignore; where there is nobody, it says nothing. */
  ignoredTold: boolean;
  /** When the next mute ends by itself. */
  muteEndsAt: number | undefined;
  readonly mail: Mailbox;
  /** Requests for private chats of people whose messages are left out: no more than the messenger lets ask at once. */
  readonly unheard: Map<UserName, Extract<PrivateEvent, { type: 'chat' }>>;
  /** Whom the last list of bans named, to complete their names. */
  banned: readonly string[];
  /** The fingerprints of the last list of device keys, for the same. */
  deviceKeys: readonly string[];
  /** What the messenger is to be told when this event has been dealt with. */
  commands: PrivateCommand[];
  /** In which tab a command about somebody was given (no name: about ourselves), for the messenger's answer. */
  readonly answerTo: Map<UserName | '', { readonly tab: TabName; readonly forgets?: boolean }>;
  /** Whose safety number was asked for. */
  verifying: UserName | undefined;
  /** Whose numbers we have just said to differ, so that what follows is no news; until a monotonic ms. */
  differs: { readonly person: UserName; readonly until: number } | undefined;
  /** Whom to block once the private chat with them has ended: see `blocking.ts`. */
  readonly blocking: Map<UserName, { readonly tab: TabName; readonly at: number; readonly ended: boolean }>;
  /** Monotonic ms: keys before this were meant for what was there before the question that a single letter answers. */
  lettersFrom: number;
  /** Letters lead through the list of people; they don't where somebody was chosen by the mouse. */
  walking: boolean;
  /** With whom there is a log on this device. */
  logged: readonly UserName[];
  /** The server's rooms as it told them last, for the palette; asked for at a monotonic ms. */
  directory: { rooms: readonly RoomLine[]; askedAt: number };
  /** The tabs that were in front before this one, the last of them first. */
  recentTabs: readonly TabName[];
  /** The mouse has hold of a border. */
  drag: Drag | undefined;
  layout: LayoutState;
}
