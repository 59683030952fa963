/** What the dashboard asks of the server once a second. Taking it costs one pass over who and what is here. */
import type { RoomName, Seq, UnixMs, UserName } from '../../../base/ids.ts';
import { LOBBY } from '../../../protocol/names.ts';
import type { Core } from '../../core/core.ts';
import type { Instant } from '../../core/instant.ts';
import type { UserIdentity } from '../../core/user.ts';

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
  /** Seq of the newest message. */
  readonly last: Seq;
  /** As it was set, by whomever: not yet sanitised. */
  readonly topic: string;
}

export interface Snapshot {
  /** Connections that are open, logged in or not. */
  readonly connections: number;
  /** Bytes that wait for the slowest reader beyond what the kernel took. */
  readonly outboxMaxBytes: number;
  /** Lines that were sent to sockets by rooms and lists since the start; undefined where nobody counts them. */
  readonly deliveries: number | undefined;
  /** Sources that are locked out of an account after wrong passwords. */
  readonly locked: number;
  readonly online: number;
  readonly away: number;
  /** Who is here, in no order. To be read at once, and once. */
  readonly people: Iterable<PersonFigure>;
  /** How many rooms there are. */
  readonly roomCount: number;
  /** In no order. To be read at once, and once. */
  readonly rooms: Iterable<RoomFigure>;
}

/** What of a link counts here. */
interface Reader {
  /** Bytes that the kernel has not taken. */
  readonly buffered: number;
}

/** @param deliveries lines sent to sockets since the start, where they are counted. */
export function takeSnapshot(core: Core, readers: Iterable<Reader>, at: Instant, deliveries?: number): Snapshot {
  let connections = 0;
  let outboxMaxBytes = 0;
  for (const { buffered } of readers) {
    connections += 1;
    outboxMaxBytes = Math.max(outboxMaxBytes, buffered);
  }
  let online = 0;
  let away = 0;
  for (const { state } of core.users.values()) {
    if (state === 'online') online += 1;
    else if (state === 'away') away += 1;
  }
  return {
    connections,
    outboxMaxBytes,
    deliveries,
    locked: core.lockouts.lockedAt(at),
    online,
    away,
    people: peopleOf(core),
    roomCount: core.rooms.size,
    rooms: roomsOf(core, online + away),
  };
}

function* peopleOf(core: Core): Generator<PersonFigure> {
  for (const { name, state, since, identity } of core.users.values())
    if (state !== 'offline') yield { name, state, since, from: fromOf(identity) };
}

function* roomsOf(core: Core, here: number): Generator<RoomFigure> {
  for (const { name, members, last, topic } of core.rooms.values())
    yield { name, members: name === LOBBY ? here : members.size, last, topic };
}

const fromOf = (identity: UserIdentity): string =>
  identity.kind === 'guest' ? identity.source : identity.uid === undefined ? 'account' : `uid ${identity.uid}`;
