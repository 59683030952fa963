import { type GroupId, NO_SEQ, type RoomName, type UserName, unixMs } from '../../base/ids.ts';
import type { ChatStatus } from '../../peer/private.ts';
import { LOBBY } from '../../protocol/names.ts';
import { NOBODY } from './ignored.ts';
import type { Inner, Login, RoomState } from './inner.ts';
import { createLog, OWN_PLACES_FROM } from './message-log.ts';
import type { ChatTab, PersonTab, RoomTab, Size, State } from './state.ts';

interface Options {
  /** As typed, for the screen. */
  readonly address: string;
  readonly size: Size;
  readonly login: Login;
}

/** What all tabs have. */
const createAny = (before = NO_SEQ) =>
  ({
    log: createLog(before),
    pending: [],
    unread: 0,
    mentioned: false,
    unreadFrom: undefined,
    scroll: { kind: 'tail' },
    draft: { text: '', cursor: 0 },
    inner: {
      line: 'unseen',
      browse: undefined,
      unseenAfter: undefined,
      kept: false,
      trustAsked: false,
      past: { kind: 'unread' },
      waitsFor: undefined,
    },
  }) as const satisfies Partial<PersonTab>;

export const createTab = (room: RoomName): RoomTab => ({
  kind: 'room',
  room,
  topic: '',
  slow: 0,
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
  target: NO_SEQ,
  held: new Map(),
  slowUntil: Number.NEGATIVE_INFINITY,
});

const createInner = (login: Login): Inner => ({
  login,
  before: undefined,
  keyRefused: false,
  secure: false,
  byKey: false,
  keySuggested: false,
  secret: undefined,
  linkUp: false,
  attempt: 0,
  onlineSince: 0,
  ping: { n: 0, sentAt: 0, nextAt: 0 },
  activity: { sentAt: Number.NEGATIVE_INFINITY, dueAt: undefined },
  requests: new Map(),
  rooms: new Map([[LOBBY, createRoomState()]]),
  outbox: { kind: 'open' },
  sent: [],
  cycle: undefined,
  quitAsked: false,
  quitAt: undefined,
  bellAt: Number.NEGATIVE_INFINITY,
  peopleKnown: false,
  ignoredTold: false,
  muteEndsAt: undefined,
  mail: {
    announced: NO_SEQ,
    last: NO_SEQ,
    opened: new Set(),
    sealed: new Set(),
    told: { announced: NO_SEQ, opened: NO_SEQ },
    dueAt: undefined,
    since: unixMs(0),
    aside: [],
  },
  unheard: new Map(),
  banned: [],
  commands: [],
  answerTo: new Map(),
  verifying: undefined,
  differs: undefined,
  blocking: new Map(),
  lettersFrom: Number.NEGATIVE_INFINITY,
  walking: false,
  logged: [],
});

/** Nothing has happened yet; the event `start` comes next. */
export const createState = ({ address, size, login }: Options): State => ({
  connection: { kind: 'connecting', attempt: 0, since: 0 },
  address,
  serverName: '',
  self: undefined,
  clockOffset: 0,
  tabs: [createTab(LOBBY)],
  active: 0,
  people: new Map(),
  ignored: NOBODY,
  operator: false,
  size,
  showList: true,
  selected: undefined,
  privates: { kind: 'starting' },
  overlay: undefined,
  hint: undefined,
  prompt: undefined,
  completions: [],
  inner: createInner(login),
});
