import type { ServerMessages } from '../../protocol/server-messages.ts';
import { notice, stillOpen } from '../core/lookup.ts';
import { MAX_ROOMS_KNOWN, roomsTold } from '../core/palette.ts';
import { answered, finish } from '../core/requests.ts';
import type { Receive } from './handler.ts';

/** Rooms in the answer of `/rooms`: more is no list that a person reads. */
export const MAX_ROOMS_SHOWN = 500;

type RoomLine = ServerMessages['rooms']['rooms'][number];

export const rooms: Receive<'rooms'> = (state, message, env) => {
  const listed = answered(state, message.id, 'directory');
  if (listed !== undefined) {
    const { rows } = listed.purpose;
    rows.push(...message.rooms.slice(0, Math.max(0, MAX_ROOMS_KNOWN - rows.length)));
    if (!message.more) finish(state, listed.id);
    roomsTold(state, rows, message.more);
    return [];
  }
  const found = answered(state, message.id, 'rooms');
  if (found === undefined) return [];
  const { rows, tab } = found.purpose;
  rows.push(...message.rooms.slice(0, Math.max(0, MAX_ROOMS_SHOWN - rows.length)));
  if (message.more) return [];
  finish(state, found.id);
  const sorted = rows.toSorted((a, b) => b.members - a.members || (a.name < b.name ? -1 : 1));
  const width = Math.max(...sorted.map(({ name }) => name.length), 0);
  const head = `${sorted.length} ${sorted.length === 1 ? 'room' : 'rooms'} (*: you are in it; /join #name to enter, or to make a new one)`;
  notice(stillOpen(state, tab), env, [head, ...sorted.map((row) => line(row, width))].join('\n'));
  return [];
};

function line({ name, topic, members, joined }: RoomLine, width: number): string {
  const people = `${members}`.padStart(4);
  return `${joined ? '*' : ' '} ${name.padEnd(width)} ${people}  ${topic}`.trimEnd();
}
