/** Figures and events for the dashboard's tests, made by hand. */
import type { RoomName, Seq, UnixMs, UserName } from '../../../../src/base/ids.ts';
import type { PersonFigure, RoomFigure, Snapshot } from '../../../../src/server/console/dashboard/snapshot.ts';
import type { ConsoleEvent } from '../../../../src/server/core/notice.ts';

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
  last: 0 as Seq,
  topic: '',
  ...more,
});

export function snapshotOf(
  people: readonly PersonFigure[],
  rooms: readonly RoomFigure[],
  more: Partial<Snapshot> = {},
) {
  const online = people.filter(({ state }) => state === 'online').length;
  const snapshot: Snapshot = {
    connections: people.length,
    outboxMaxBytes: 0,
    deliveries: undefined,
    locked: 0,
    online,
    away: people.length - online,
    people,
    roomCount: rooms.length,
    rooms,
    ...more,
  };
  return snapshot;
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
