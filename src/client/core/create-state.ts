import { NO_SEQ, type RoomName, type UserName, unixMs } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import { NOBODY } from './ignored.ts';
import type { Inner, Login, RoomState } from './inner.ts';
import { createLog } from './message-log.ts';
import type { PersonTab, RoomTab, Size, State } from './state.ts';

interface Options {
  /** As typed, for the screen. */
  readonly address: string;
  readonly size: Size;
  readonly login: Login;
}

/** What all tabs have. */
const createAny = () =>
  ({
    log: createLog(),
    pending: [],
    unread: 0,
    mentioned: false,
    unreadFrom: undefined,
    scroll: { kind: 'tail' },
    draft: { text: '', cursor: 0 },
    inner: { line: 'unseen', browse: undefined, unseenAfter: undefined, kept: false },
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
  const tab: PersonTab = { kind: 'person', person, ...createAny() };
  // All there is comes by itself.
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
  mail: { last: NO_SEQ, told: NO_SEQ, dueAt: undefined, since: unixMs(0), aside: [] },
  banned: [],
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
  overlay: undefined,
  hint: undefined,
  prompt: undefined,
  completions: [],
  inner: createInner(login),
});
