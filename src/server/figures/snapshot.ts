/**
 * The server's figures at one moment: the one source of the dashboard and of `--metrics`. Taking it costs one pass over
 * who and what is here; the lists are made only where somebody reads them.
 */

import type { RoomName, Seq, SessionId, UnixMs, UserName } from '../../base/ids.ts';
import type { Keep } from '../../base/keep.ts';
import { LOBBY } from '../../protocol/names.ts';
import { type Core, keepOf, type Room } from '../core/core.ts';
import type { Counts } from '../core/counts.ts';
import type { Instant } from '../core/instant.ts';
import type { Session } from '../core/session.ts';
import type { UserIdentity } from '../core/user.ts';
import type { ProcessFigures } from './meter.ts';
import type { Work } from './work.ts';

export interface PersonFigure {
  readonly name: UserName;
  readonly state: 'online' | 'away';
  readonly since: UnixMs;
  /** `uid N` or an address. */
  readonly from: string;
}

export interface RoomFigure {
  readonly name: RoomName;
  /** Of `#lobby`, where everybody is, those who are here now. */
  readonly members: number;
  /** Those of them who are online or away: counted when it is called. */
  readonly here: () => number;
  /** Seq of the newest message. */
  readonly last: Seq;
  /** How long its messages are kept. */
  readonly keep: Keep;
  /** As it was set, by whomever: not yet sanitised. */
  readonly topic: string;
}

/** What a connection is: on its way in, one of its kinds, or on its way out. */
type ConnectionKind = 'new' | 'log-in' | 'client' | 'script' | 'console' | 'closing';

export interface ConnectionFigure {
  readonly id: SessionId;
  /** Undefined before the log-in. */
  readonly user: UserName | undefined;
  /** `uid N` or an address. */
  readonly from: string;
  readonly since: UnixMs;
  readonly kind: ConnectionKind;
  /** Bytes that the kernel has not taken. */
  readonly waiting: number;
  /** Since when some have been waiting at every look; undefined where none do. */
  readonly behindSince: UnixMs | undefined;
}

type SessionState = Session['state']['kind'];

export interface Snapshot {
  readonly time: UnixMs;
  /** Connections that are open, logged in or not. */
  readonly connections: number;
  /** Since the start. */
  readonly connectionsEver: number;
  readonly sessions: Readonly<Record<SessionState, number>>;
  /** Bytes that wait for the slowest reader beyond what the kernel took, for all, and for how many. */
  readonly outboxMaxBytes: number;
  readonly outboxBytes: number;
  readonly behind: number;
  /** Lines that were sent to sockets since the start, each counted once for each of its readers. */
  readonly deliveries: number;
  readonly counts: Counts;
  /** Errors that were sent since the start. */
  readonly refused: number;
  /** Sources that are locked out of an account after wrong passwords. */
  readonly locked: number;
  readonly online: number;
  readonly away: number;
  /** How many rooms there are. */
  readonly roomCount: number;
  /** Who is here, in no order. To be read at once. */
  readonly people: Iterable<PersonFigure>;
  /** In no order. To be read at once. */
  readonly rooms: Iterable<RoomFigure>;
  /** In no order. To be read at once. */
  readonly links: Iterable<ConnectionFigure>;
  /** These go on counting. */
  readonly work: Work;
  readonly process: ProcessFigures;
}

/** What of a connection counts here. */
export interface Connection {
  readonly session: Session;
  readonly since: UnixMs;
  readonly link: { readonly buffered: number };
}

export interface SnapshotParts {
  readonly core: Core;
  readonly connections: ReadonlyMap<SessionId, Connection>;
  readonly deliveries: number;
  /** Bytes that wait for a connection, where more do than its link has. */
  readonly waiting?: (id: SessionId) => number;
  readonly at: Instant;
}

/** Those whose bytes wait, and since when: what one look remembers for the next. */
export type Behind = Map<SessionId, UnixMs>;

export interface Measured {
  readonly work: Work;
  readonly process: ProcessFigures;
  /** Brought up to date. */
  readonly behind: Behind;
}

export function takeSnapshot(parts: SnapshotParts, measured: Measured): Snapshot {
  const { core, connections, deliveries, at } = parts;
  const { work, process, behind } = measured;
  const sessions = { connected: 0, authenticating: 0, online: 0, closing: 0 };
  let outboxMaxBytes = 0;
  let outboxBytes = 0;
  const stillBehind: [SessionId, UnixMs][] = [];
  for (const [id, { session, link }] of connections) {
    sessions[session.state.kind] += 1;
    const buffered = parts.waiting?.(id) ?? link.buffered;
    if (buffered === 0) continue;
    outboxBytes += buffered;
    outboxMaxBytes = Math.max(outboxMaxBytes, buffered);
    stillBehind.push([id, behind.get(id) ?? at.wall]);
  }
  behind.clear();
  for (const [id, since] of stillBehind) behind.set(id, since);
  let online = 0;
  let away = 0;
  for (const { state } of core.users.values()) {
    if (state === 'online') online += 1;
    else if (state === 'away') away += 1;
  }
  let refused = 0;
  for (const count of core.counts.refused.values()) refused += count;
  return {
    time: at.wall,
    connections: connections.size,
    connectionsEver: core.sessionsEver,
    sessions,
    outboxMaxBytes,
    outboxBytes,
    behind: stillBehind.length,
    deliveries,
    counts: core.counts,
    refused,
    locked: core.lockouts.lockedAt(at),
    online,
    away,
    roomCount: core.rooms.size,
    people: lazily(() => peopleOf(core)),
    rooms: lazily(() => roomsOf(core, online + away)),
    links: lazily(() => linksOf(parts, behind)),
    work,
    process,
  };
}

const lazily = <T>(make: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: make });

function* peopleOf(core: Core): Generator<PersonFigure> {
  for (const { name, state, since, identity } of core.users.values())
    if (state !== 'offline') yield { name, state, since, from: fromOf(identity) };
}

function* roomsOf(core: Core, here: number): Generator<RoomFigure> {
  for (const room of core.rooms.values()) {
    const { name, members, last, topic } = room;
    const keep = keepOf(core, room);
    if (name === LOBBY) yield { name, members: here, here: () => here, last, keep, topic };
    else yield { name, members: members.size, here: () => hereIn(core, room), last, keep, topic };
  }
}

/** Whichever are fewer are asked: those of the room, or those who have a session. */
function hereIn({ users }: Core, { members }: Room): number {
  let count = 0;
  if (members.size < users.size) {
    for (const name of members) if ((users.get(name)?.state ?? 'offline') !== 'offline') count += 1;
  } else for (const { name, state } of users.values()) if (state !== 'offline' && members.has(name)) count += 1;
  return count;
}

function* linksOf({ connections, waiting }: SnapshotParts, behind: Behind): Generator<ConnectionFigure> {
  for (const [id, { session, since, link }] of connections) {
    const { state, peer } = session;
    yield {
      id,
      user: state.kind === 'online' ? state.user.name : undefined,
      from: session.from ?? peer.host,
      since,
      kind: kindOf(session),
      waiting: waiting?.(id) ?? link.buffered,
      behindSince: behind.get(id),
    };
  }
}

function kindOf({ state, peer }: Session): ConnectionKind {
  switch (state.kind) {
    case 'connected':
      return 'new';
    case 'authenticating':
      return 'log-in';
    case 'closing':
      return 'closing';
    case 'online':
      if (peer.console === true) return 'console';
      return state.visible ? 'client' : 'script';
  }
}

const fromOf = (identity: UserIdentity): string =>
  identity.kind === 'guest' ? identity.source : identity.uid === undefined ? 'account' : `uid ${identity.uid}`;
