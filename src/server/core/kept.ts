/** How long the messages of rooms are kept: what is told of it, and what has gone. */
import type { RoomName } from '../../base/ids.ts';
import { type Keep, keepWords } from '../../base/keep.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { HistoryPage, Retained } from '../store/store.ts';
import { type Core, keepOf, type Room } from './core.ts';
import type { KeptQuestion } from './effect.ts';
import type { Instant } from './instant.ts';
import { refuse, release, send } from './sessions.ts';

/** The store has removed the oldest messages of some rooms. */
export function noteKept(core: Core, rooms: Retained['rooms']): void {
  for (const { room: name, first } of rooms) {
    const room = core.rooms.get(name);
    if (room !== undefined) room.first = first;
  }
}

const told = (core: Core, room: Room): ServerMessages['kept'] => ({
  type: 'kept',
  room: room.name,
  keep: keepOf(core, room),
  own: room.keep !== undefined,
  first: room.first,
});

/** An operator has ordered it: all in the room are told. @returns what that means. */
export function setKeep(core: Core, name: RoomName, keep: Keep | undefined): string | undefined {
  const room = core.rooms.get(name);
  if (room === undefined) return undefined;
  room.keep = keep;
  core.effects.push({ kind: 'fan-out', channel: name, message: told(core, room) });
  const whose = keep === undefined ? ", the server's rule" : '';
  return `messages of ${name} are kept ${keepWords(keepOf(core, room))} now${whose}`;
}

/** @param page the first message that is still there. */
export function keptRead(core: Core, asked: KeptQuestion, page: HistoryPage, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  const room = core.rooms.get(asked.room);
  const since = page.messages[0]?.time;
  if (session.state.kind === 'online' && room !== undefined)
    send(core, session, {
      ...told(core, room),
      ...(asked.id === undefined ? {} : { id: asked.id }),
      ...(since === undefined ? {} : { since }),
    });
  release(core, session, at);
}

export function keptNotRead(core: Core, asked: KeptQuestion, at: Instant): void {
  const session = core.sessions.get(asked.session);
  if (session === undefined) return;
  refuse(core, session, 'internal', 'the server could not read its history; its log says why', at, asked.id);
  release(core, session, at);
}
