import { type DeviceId, type GroupId, NO_SEQ, type RoomName, seqAfter, type UserName, unixMs } from '../../base/ids.ts';
import type { ChatStatus } from '../../peer/private.ts';
import { LOBBY } from '../../protocol/names.ts';
import { DEFAULT_KEYMAP, type Keymap } from '../keys/bound.ts';
import { BUILT_IN_DARK } from '../theme/built-in.ts';
import { NOBODY } from './ignored.ts';
import type { Inner, Login, RoomState } from './inner.ts';
import { NO_KILLS } from './input-memory.ts';
import { type Memory, NO_MEMORY } from './memory.ts';
import { createLog, OWN_PLACES_FROM } from './message-log.ts';
import { leaf } from './panes/tree.ts';
import type { ChatTab, PersonTab, RoomTab, Size, State } from './state.ts';
import { TELLING, type TellingOptions } from './telling-options.ts';

interface Options {
  /** As typed, for the screen. */
  readonly address: string;
  readonly size: Size;
  readonly login: Login;
  readonly memory?: Memory;
  readonly telling?: TellingOptions;
  readonly keymap?: Keymap;
  /** Whether `:thumbsup:` becomes its emoji as it is typed; without a word it does. */
  readonly emoji?: boolean;
  /** Whether others see that we are writing; without a word they do. */
  readonly typing?: boolean;
  /** The client as lines. */
  readonly lines?: boolean;
  /** `--plain-chat`; without a word no. */
  readonly plainChat?: boolean;
  /** A hash, which is taken outside. */
  readonly fingerprintOf?: (device: DeviceId) => string;
}

/** What all tabs have. */
const createAny = (before = NO_SEQ) =>
  ({
    log: createLog(before),
    far: undefined,
    seeking: undefined,
    pending: [],
    unread: 0,
    mentioned: false,
    unreadFrom: undefined,
    scroll: { kind: 'tail' },
    draft: { text: '', cursor: 0 },
    mode: undefined,
    writing: undefined,
    pick: undefined,
    typing: [],
    inner: {
      line: 'unseen',
      browse: undefined,
      keptDraft: undefined,
      pictured: undefined,
      unnamed: [],
      unseenAfter: undefined,
      kept: false,
      trustAsked: false,
      past: { kind: 'unread' },
      waitsFor: undefined,
      asked: undefined,
      level: undefined,
      late: undefined,
      forgotten: false,
    },
  }) as const satisfies Partial<PersonTab>;

export const createTab = (room: RoomName): RoomTab => ({
  kind: 'room',
  room,
  sparse: false,
  topic: '',
  slow: 0,
  first: seqAfter(NO_SEQ),
  members: undefined,
  ...createAny(),
});

export function createPersonTab(person: UserName): PersonTab {
  // What was said before this program began is put in front.
  return { kind: 'person', person, trust: 'unknown', ...createAny(OWN_PLACES_FROM) };
}

export function createChatTab(person: UserName, chat: GroupId, plain: boolean, status: ChatStatus): ChatTab {
  const tab: ChatTab = { kind: 'chat', person, chat, plain, status, trust: 'unknown', ...createAny() };
  // There is nothing but what comes by itself.
  tab.log.older = 'none';
  return tab;
}

export const createRoomState = (): RoomState => ({
  joined: false,
  opened: false,
  unproven: false,
  target: NO_SEQ,
  walk: undefined,
  displaced: new Map(),
  missedAt: Number.NEGATIVE_INFINITY,
  held: new Map(),
  slowUntil: Number.NEGATIVE_INFINITY,
  rev: 0,
  lastRev: 0,
});

const createInner = (login: Login, emoji: boolean, typing: boolean): Inner => ({
  login,
  before: undefined,
  keyRefused: false,
  secure: false,
  byKey: false,
  keySuggested: false,
  besideResumed: false,
  secret: undefined,
  linkUp: false,
  attempt: 0,
  onlineSince: 0,
  ping: { n: 0, sentAt: 0, nextAt: 0 },
  activity: { sentAt: Number.NEGATIVE_INFINITY, dueAt: undefined },
  typing: { wanted: typing, sentAt: Number.NEGATIVE_INFINITY },
  requests: new Map(),
  rooms: new Map([[LOBBY, createRoomState()]]),
  outbox: { kind: 'open' },
  sent: [],
  searched: '',
  kills: NO_KILLS,
  emoji: { kind: 'none', replaces: emoji },
  draftsDue: undefined,
  editing: undefined,
  cycle: undefined,
  quitAsked: false,
  quitAt: undefined,
  told: {
    bellAt: Number.NEGATIVE_INFINITY,
    notifiedAt: Number.NEGATIVE_INFINITY,
    waiting: [],
    quietEndsAt: undefined,
  },
  peopleKnown: false,
  awaited: new Set(),
  unseen: new Set(),
  ignoredTold: false,
  muteEndsAt: undefined,
  mail: {
    announced: NO_SEQ,
    last: NO_SEQ,
    opened: new Set(),
    sealed: new Set(),
    changes: new Map(),
    told: { announced: NO_SEQ, opened: NO_SEQ },
    dueAt: undefined,
    since: unixMs(0),
    aside: [],
  },
  unheard: new Map(),
  banned: [],
  deviceKeys: [],
  commands: [],
  answerTo: new Map(),
  verifying: undefined,
  differs: undefined,
  blocking: new Map(),
  lettersFrom: Number.NEGATIVE_INFINITY,
  walking: false,
  logged: [],
  directory: { rooms: [], askedAt: Number.NEGATIVE_INFINITY },
  recentTabs: [],
  drag: undefined,
  layout: { kind: 'waiting' },
});

/** Nothing has happened yet; the event `start` comes next. */
export const createState = ({
  address,
  size,
  login,
  memory = NO_MEMORY,
  keymap = DEFAULT_KEYMAP,
  emoji = true,
  typing = true,
  telling = TELLING,
  lines = false,
  plainChat = false,
  fingerprintOf,
}: Options): State => ({
  connection: { kind: 'connecting', attempt: 0, since: 0 },
  address,
  lines,
  lan: undefined,
  lanAlso: false,
  beside: undefined,
  plainChat,
  fingerprintOf,
  serverName: '',
  self: undefined,
  clockOffset: 0,
  tabs: [createTab(LOBBY)],
  active: 0,
  panes: { tree: leaf(0), focused: 0, shows: new Map(), zoomed: false, recent: [0] },
  bare: undefined,
  people: new Map(),
  ignored: NOBODY,
  operator: false,
  size,
  showList: true,
  selected: undefined,
  privates: { kind: 'starting' },
  overlay: undefined,
  search: undefined,
  telling,
  focused: undefined,
  keymap,
  themes: { shown: BUILT_IN_DARK, names: [], preview: undefined },
  prefix: undefined,
  hint: undefined,
  prompt: undefined,
  completions: [],
  completed: 0,
  welcoming: false,
  memory,
  inner: createInner(login, emoji, typing),
});
