import { NO_SEQ, type RoomName } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { Inner, Login, RoomState } from './inner.ts';
import { createLog } from './message-log.ts';
import type { Size, State, Tab } from './state.ts';

interface Options {
  /** As typed, for the screen. */
  readonly address: string;
  readonly size: Size;
  readonly login: Login;
}

export const createTab = (room: RoomName): Tab => ({
  room,
  topic: '',
  log: createLog(room),
  pending: [],
  members: undefined,
  unread: 0,
  mentioned: false,
  unreadFrom: undefined,
  scroll: { kind: 'tail' },
  draft: { text: '', cursor: 0 },
});

export const createRoomState = (): RoomState => ({
  joined: false,
  opened: false,
  target: NO_SEQ,
  held: new Map(),
  line: 'unseen',
  browse: undefined,
});

const createInner = (login: Login): Inner => ({
  login,
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
  size,
  showList: true,
  overlay: undefined,
  hint: undefined,
  completions: [],
  inner: createInner(login),
});
