/** Figures and events for the dashboard's tests, made by hand. */
import { type RoomName, type Seq, sessionId, type UnixMs, type UserName } from '../../../../src/base/ids.ts';
import { FOREVER } from '../../../../src/base/keep.ts';
import { createCounts } from '../../../../src/server/core/counts.ts';
import type { ConsoleEvent } from '../../../../src/server/core/notice.ts';
import type { ProcessFigures } from '../../../../src/server/figures/meter.ts';
import type { ConnectionFigure, PersonFigure, RoomFigure, Snapshot } from '../../../../src/server/figures/snapshot.ts';
import { createWork } from '../../../../src/server/figures/work.ts';

/** Friday 20 November 2026, 09:16 UTC. */
export const NOW = Date.UTC(2026, 10, 20, 9, 16) as UnixMs;
export const ago = (ms: number): UnixMs => (NOW - ms) as UnixMs;
export const MINUTE = 60_000;

export const person = (name: string, more: Partial<PersonFigure> = {}): PersonFigure => ({
  name: name as UserName,
  state: 'online',
  since: ago(11 * MINUTE),
  from: 'uid 1001',
  ...more,
});

export const room = (name: string, more: Partial<RoomFigure> = {}): RoomFigure => ({
  name: name as RoomName,
  members: 1,
  here: () => 1,
  last: 0 as Seq,
  keep: FOREVER,
  topic: '',
  ...more,
});

export const connection = (id: number, user: string | undefined, more: Partial<ConnectionFigure> = {}) => ({
  id: sessionId(id),
  user: user as UserName | undefined,
  from: 'uid 1001',
  since: ago(11 * MINUTE),
  kind: 'client' as const,
  waiting: 0,
  behindSince: undefined,
  ...more,
});

/** A process that stays as it is. */
const STEADY: ProcessFigures = {
  startedAt: NOW - 76 * 60 * MINUTE,
  cpuSeconds: 12,
  resident: 91e6,
  heapUsed: 34e6,
  loop: { count: 500, mean: 0.0001, p50: 0.0001, p99: 0.0012, max: 0.02, countEver: 500, sumEver: 0.05 },
  folder: { all: 45e6, database: 41e6, wal: 4e6 },
};

export function snapshotOf(
  people: readonly PersonFigure[],
  rooms: readonly RoomFigure[],
  more: Partial<Snapshot> = {},
): Snapshot {
  const online = people.filter(({ state }) => state === 'online').length;
  return {
    time: NOW,
    connections: people.length,
    connectionsEver: people.length,
    sessions: { connected: 0, authenticating: 0, online: people.length, closing: 0 },
    outboxMaxBytes: 0,
    outboxBytes: 0,
    behind: 0,
    deliveries: 0,
    counts: createCounts(),
    refused: 0,
    locked: 0,
    online,
    away: people.length - online,
    roomCount: rooms.length,
    people,
    rooms,
    links: people.map(({ name, from, since }, i) => connection(i, name, { from, since })),
    work: createWork(),
    process: STEADY,
    ...more,
  };
}

export const said = (from: string, text: string, seq = 1): ConsoleEvent => ({
  kind: 'message',
  room: '#lobby' as RoomName,
  seq: seq as Seq,
  from: from as UserName,
  text,
});

export const cameOnline = (user: string, from = 'uid 1004'): ConsoleEvent => ({
  kind: 'online',
  user: user as UserName,
  from,
  by: 'host',
});

export const STARTED: ConsoleEvent = {
  kind: 'started',
  host: '127.0.0.1',
  port: 2428,
  dataFolder: '/srv/chat/data',
  guests: true,
  hostLogin: true,
  durability: 'full',
  fingerprint: 'SHA256:bZ0yJ3Z0Gq0E0JbPYHF4gq1wq0vJx0n1mFJ3kZ0yJ3Y',
};
