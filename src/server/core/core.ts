/** The server's state, and its making. The core owns it and changes it in place; time is passed in, effects come out. */
import {
  NO_SEQ,
  type RoomName,
  type Seq,
  type SessionId,
  seqAfter,
  type UnixMs,
  type UserName,
} from '../../base/ids.ts';
import { FOREVER, isSameKeep, type Keep } from '../../base/keep.ts';
import { NameIndex } from '../../base/text/confusables.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { DEAD_AFTER_MS, HELLO_WITHIN_MS } from '../../protocol/limits.ts';
import { isGuest, LOBBY } from '../../protocol/names.ts';
import type { EnteredRoom, RoomInfo } from '../../protocol/server-messages.ts';
import type { Account, Ban, Ignore, Invite, LockoutRow, RoomRecord, UnixAccount } from '../store/store.ts';
import { Bans } from './bans.ts';
import { Claims } from './claims.ts';
import { type Counts, createCounts } from './counts.ts';
import { DueQueue } from './due-queue.ts';
import type { Effect } from './effect.ts';
import { GuestDevices } from './guest-devices.ts';
import { Ignores } from './ignores.ts';
import type { Instant } from './instant.ts';
import { Invites } from './invites.ts';
import { type ConnectionLimit, REFUSALS, THROTTLE_MS } from './limits.ts';
import { type LockoutPolicy, Lockouts } from './lockout.ts';
import { Recent } from './recent.ts';
import type { Session, User } from './session.ts';
import { SlowMode } from './slow-mode.ts';
import { Sources } from './sources.ts';

type Registration = 'open' | 'invite' | 'closed';

export interface CoreOptions {
  /** What `welcome` calls this server. */
  readonly name: string;
  /** Unique among the servers on one bus. */
  readonly serverId: string;
  /** Milliseconds; 0 never. */
  readonly awayAfter: number;
  /** Milliseconds after going away; 0 never. */
  readonly logOffAfter: number;
  readonly guests: boolean;
  readonly hostLogin: boolean;
  /** Who may make an account: everybody, those with an invite code, nobody. */
  readonly registration: Registration;
  readonly lockout: LockoutPolicy;
  /** Off: nothing is limited by its source, or by what a session sends in a time. */
  readonly rateLimit: boolean;
  /** How long messages are kept in rooms that have no rule of their own. */
  readonly keep: Keep;
  /** The Unix user who runs the server and is its first operator, where the system has such. */
  readonly operatorUid: number | undefined;
  /** Where the process may not open as many files as `limits.ts` would have connections. */
  readonly connectionLimit?: ConnectionLimit | undefined;
}

/** What a store holds when the server starts. */
export interface Stored {
  readonly rooms: readonly RoomRecord[];
  readonly memberships: readonly { readonly room: RoomName; readonly user: UserName }[];
  readonly accounts: readonly Account[];
  readonly operators: readonly UserName[];
  readonly bans: readonly Ban[];
  readonly ignores: readonly Ignore[];
  readonly lockouts: readonly LockoutRow[];
  readonly invites: readonly Invite[];
}

export interface Room {
  readonly name: RoomName;
  topic: string;
  /** Seq of the newest message that was delivered. */
  last: Seq;
  /** The number of the newest change that was delivered. */
  rev: number;
  /** Undefined: everybody writes as fast as they like. */
  slow: SlowMode | undefined;
  /** Shut by an operator: nobody is in it, and nobody comes in before an operator does. */
  closed: boolean;
  /** The place of the first message that is still there. */
  first: Seq;
  /** Undefined: the server's rule holds. */
  keep: Keep | undefined;
  /** Accounts, also those who are offline, and guests who are online. Of `#lobby` everybody is a member, so it is empty. */
  readonly members: Set<UserName>;
}

export interface Core {
  /** Replaced as a whole when the settings are read again. */
  options: CoreOptions;
  /** Filled by the core, emptied by the shell. */
  effects: Effect[];
  readonly sessions: Map<SessionId, Session>;
  sessionsEver: number;
  readonly counts: Counts;
  /** Everybody who has a session. */
  readonly users: Map<UserName, User>;
  /** Guests among them by their name in lower case: no two differ by case only. */
  readonly guests: Map<string, User>;
  /** Those of Unix users, by user id. */
  readonly accounts: Map<number, UnixAccount>;
  /** Everybody who has an account, and when they were here last; 0 where only their scripts were. */
  readonly lastSeen: Map<UserName, UnixMs>;
  /** Their names, found by what they look like. */
  readonly names: NameIndex;
  /** Names of accounts that are being made. */
  readonly registering: NameIndex;
  readonly lockouts: Lockouts;
  readonly invites: Invites;
  /** When what is old is forgotten next, on the monotonic clock. */
  sweepAt: number;
  readonly ignores: Ignores;
  readonly guestDevices: GuestDevices;
  readonly claims: Claims;
  /** When the next mute of those who are here ends, on the monotonic clock. Few people have one. */
  readonly muteEnds: Map<UserName, number>;
  /** Accounts that were made operators. */
  readonly operators: Set<UserName>;
  readonly bans: Bans;
  readonly sources: Sources;
  /** For the operator to be told that connections make room for others. */
  readonly pendingNotices: TokenBucket;
  /** How many people are online or away. */
  present: number;
  readonly recent: Recent;
  readonly rooms: Map<RoomName, Room>;
  /** Rooms that the store is about to have. */
  creating: number;
  /** `#lobby` left out. Who is in none has no entry. */
  readonly roomsOf: Map<UserName, Set<Room>>;
  /** Characters of text on their way to the disk. */
  appendChars: number;
  /** That was too much, and is not yet half of it. */
  storeFull: boolean;
  /** Sessions that aren't read because too much of theirs, or of all, is on its way to the disk; in order. */
  readonly flooding: Set<Session>;
  /** Connections that have not said a valid hello. */
  readonly hellos: DueQueue<Session>;
  /** Sessions that aren't read for a while, because they sent too much. */
  readonly throttled: DueQueue<Session>;
  /** Sessions that have pinged, by when they were last heard. */
  readonly pinging: DueQueue<Session>;
  /** Online users, by their last activity. */
  readonly active: DueQueue<User>;
  /** Away users, by when they went away. */
  readonly away: DueQueue<User>;
  /** The next deadline may be closer than it was. Set by the core, cleared by the shell. */
  deadlineMoved: boolean;
}

export function createCore(options: CoreOptions, stored: Stored, at: Instant): Core {
  const moved = (): void => {
    core.deadlineMoved = true;
  };
  const unixAccounts = stored.accounts.filter((account): account is UnixAccount => account.uid !== undefined);
  const core: Core = {
    options,
    effects: [],
    sessions: new Map(),
    sessionsEver: 0,
    counts: createCounts(),
    users: new Map(),
    guests: new Map(),
    accounts: new Map(unixAccounts.map((account) => [account.uid, account])),
    lastSeen: new Map(stored.accounts.map(({ name, lastSeen }) => [name, lastSeen])),
    names: new NameIndex(stored.accounts.map(({ name }) => name)),
    registering: new NameIndex(),
    lockouts: new Lockouts(options.lockout, stored.lockouts, at),
    invites: new Invites(stored.invites),
    // What has gone stale while no server ran is forgotten at once.
    sweepAt: at.mono,
    ignores: new Ignores(stored.ignores),
    guestDevices: new GuestDevices(),
    claims: new Claims(),
    muteEnds: new Map(),
    operators: new Set(stored.operators),
    bans: new Bans(stored.bans),
    sources: new Sources(),
    pendingNotices: new TokenBucket(REFUSALS, at.mono),
    present: 0,
    recent: new Recent(),
    rooms: new Map(stored.rooms.map((room) => [room.name, createRoom(room)])),
    creating: 0,
    roomsOf: new Map(),
    appendChars: 0,
    storeFull: false,
    flooding: new Set(),
    hellos: new DueQueue(HELLO_WITHIN_MS, moved),
    throttled: new DueQueue(THROTTLE_MS, moved),
    pinging: new DueQueue(DEAD_AFTER_MS, moved),
    active: new DueQueue(options.awayAfter, moved),
    away: new DueQueue(options.logOffAfter, moved),
    deadlineMoved: false,
  };
  if (!core.rooms.has(LOBBY)) addRoom(core, LOBBY);
  for (const { room, user } of stored.memberships) {
    const found = core.rooms.get(room);
    if (found !== undefined && !isGuest(user)) enter(core, found, user);
  }
  for (const account of stored.accounts.toSorted((a, b) => a.lastSeen - b.lastSeen))
    core.recent.add(account.name, account.lastSeen, at.wall);
  return core;
}

export function addRoom(core: Core, name: RoomName): Room {
  const room = createRoom({ name, topic: '', last: NO_SEQ, rev: 0, slow: 0, closed: false });
  core.rooms.set(name, room);
  return room;
}

const createRoom = ({ name, topic, last, rev, slow, closed, first, keep }: RoomRecord): Room => ({
  name,
  topic,
  last,
  rev,
  slow: slow > 0 ? new SlowMode(slow) : undefined,
  closed,
  first: first ?? seqAfter(NO_SEQ),
  keep,
  members: new Set(),
});

/** As its members see it. */
export const roomInfo = ({ name, topic, last, slow, rev }: Room): RoomInfo => ({
  name,
  topic,
  last,
  ...(slow === undefined ? {} : { slow: slow.every }),
  ...(rev === 0 ? {} : { rev }),
});

/** How long its messages are kept. */
export const keepOf = (core: Core, room: Room): Keep => room.keep ?? core.options.keep;

/** As who enters is told of it. */
export function enteredRoom(core: Core, room: Room): EnteredRoom {
  const { first } = room;
  const keep = keepOf(core, room);
  return {
    ...roomInfo(room),
    ...(first > 1 ? { first } : {}),
    ...(isSameKeep(keep, FOREVER) ? {} : { keep }),
  };
}

/** Notes the membership. */
export function enter(core: Core, room: Room, user: UserName): void {
  room.members.add(user);
  core.users.get(user)?.stay?.rooms.set(room.name, room.last);
  const rooms = core.roomsOf.get(user);
  if (rooms === undefined) core.roomsOf.set(user, new Set([room]));
  else rooms.add(room);
}

/** Forgets the membership. */
export function exit(core: Core, room: Room, user: UserName): void {
  room.members.delete(user);
  const rooms = core.roomsOf.get(user);
  rooms?.delete(room);
  if (rooms?.size === 0) core.roomsOf.delete(user);
}

export const isMember = (room: Room, user: UserName): boolean => room.name === LOBBY || room.members.has(user);

/** The rooms of a user, `#lobby` first. */
export function roomsOf(core: Core, user: UserName): Room[] {
  const lobby = core.rooms.get(LOBBY) ?? addRoom(core, LOBBY);
  return [lobby, ...(core.roomsOf.get(user) ?? [])];
}

/** When `tick` has something to do, on the monotonic clock; Infinity when never. */
export const nextDeadline = (core: Core): number =>
  Math.min(
    core.hellos.next(),
    core.throttled.next(),
    core.pinging.next(),
    core.active.next(),
    core.away.next(),
    core.sweepAt,
    ...core.muteEnds.values(),
  );

/** What the core wants done since it was last asked. */
export function takeEffects(core: Core): Effect[] {
  const { effects } = core;
  if (effects.length > 0) core.effects = [];
  return effects;
}
