/** An event from the bus becomes state and frames on this server: the same way for its own events and others'. */
import type { ServerEvent } from '../bus/bus.ts';
import { spread } from './announce.ts';
import { addRoom, type Core, enter, enteredRoom, exit, isMember, type Room } from './core.ts';
import { keyRemoved } from './device-keys.ts';
import { deviceDropped, packagesLow } from './devices.ts';
import type { Effect } from './effect.ts';
import { tellAbout } from './hiding.ts';
import { carryOutIgnore, forgetGuest } from './ignoring.ts';
import type { Instant } from './instant.ts';
import { handOver } from './mail.ts';
import { deliverChange } from './message-changes.ts';
import { carryOut } from './orders.ts';
import { handOverPrivate } from './private.ts';
import { send } from './sessions.ts';
import { deliverTyping } from './typing.ts';

type EventOf<K extends ServerEvent['kind']> = Extract<ServerEvent, { kind: K }>;

export function deliver(core: Core, event: ServerEvent, at: Instant): void {
  switch (event.kind) {
    case 'message':
      return message(core, event);
    case 'changed':
      return deliverChange(core, event);
    case 'typing':
      return deliverTyping(core, event);
    case 'topic':
      return topic(core, event);
    case 'joined':
      return joined(core, event);
    case 'left':
      return left(core, event);
    case 'order':
      return carryOut(core, event, at);
    case 'ignore':
      return carryOutIgnore(core, event, at);
    case 'gone':
      return forgetGuest(core, event.user);
    case 'key-removed':
      return keyRemoved(core, event.user, event.fingerprint, at);
    case 'mail':
      return handOver(core, event, at);
    case 'private':
      return handOverPrivate(core, event);
    case 'device-dropped':
      return deviceDropped(core, event, at);
    case 'packages-low':
      return packagesLow(core, event);
    case 'announced':
      return spread(core, event);
    case 'presence': {
      const { user, state, since, reason } = event;
      const frame = { type: 'presence', user, state, since, ...(reason === undefined ? {} : { reason }) } as const;
      return tellAbout(core, user, 'presence', frame);
    }
  }
}

function message(core: Core, { room, entry, origin }: EventOf<'message'>): void {
  const { seq, from, text, time, id, re } = entry;
  roomOf(core, room).last = seq;
  core.counts.messages += 1;
  const said =
    id === undefined
      ? ({ type: 'message', to: room, seq, from, text, time } as const)
      : ({ type: 'message', to: room, seq, from, text, time, id } as const);
  const fanOut: Extract<Effect, { kind: 'fan-out' }> = {
    kind: 'fan-out',
    channel: room,
    message: re === undefined ? said : { ...said, re },
  };
  if (origin.server === core.options.serverId) {
    const ack = id === undefined ? undefined : ({ type: 'ack', id, to: room, seq, time } as const);
    core.effects.push({ ...fanOut, instead: { session: origin.session, message: ack } });
  } else core.effects.push(fanOut);
  core.effects.push({ kind: 'notice', event: { kind: 'message', room, seq, from, text } });
}

function topic(core: Core, { room, text, by, time, origin }: EventOf<'topic'>): void {
  roomOf(core, room).topic = text;
  const frame = { type: 'topic', room, text, by, time } as const;
  core.effects.push({
    kind: 'fan-out',
    channel: room,
    message: frame,
    ...(origin.server === core.options.serverId && origin.id !== undefined
      ? { instead: { session: origin.session, message: { ...frame, id: origin.id } } }
      : {}),
  });
  core.effects.push({ kind: 'notice', event: { kind: 'topic', room, by, text } });
}

function joined(core: Core, { room: name, user, time, reopens, origin }: EventOf<'joined'>): void {
  const room = roomOf(core, name);
  if (reopens === true) room.closed = false;
  const answersTo = origin.server === core.options.serverId ? origin.session : undefined;
  const isNew = !isMember(room, user);
  if (isNew) {
    enter(core, room, user);
    tellAbout(core, user, name, { type: 'joined', room: name, user, time });
    core.effects.push({ kind: 'notice', event: { kind: 'joined', room: name, user } });
  }
  for (const session of core.users.get(user)?.sessions ?? []) {
    // Two sessions of one person may have asked at once: the second gets its answer, and nobody else hears of it.
    if (!isNew && session.id !== answersTo) continue;
    const id = session.id === answersTo ? origin.id : undefined;
    send(core, session, { type: 'room', ...(id === undefined ? {} : { id }), room: enteredRoom(core, room) });
    core.effects.push({ kind: 'subscribe', session: session.id, channel: name });
  }
}

function left(core: Core, { room: name, user, time, origin }: EventOf<'left'>): void {
  const room = roomOf(core, name);
  const answersTo = origin?.server === core.options.serverId ? origin.session : undefined;
  const wasIn = room.members.has(user);
  const frame = { type: 'left', room: name, user, time } as const;
  for (const session of core.users.get(user)?.sessions ?? []) {
    if (!wasIn && session.id !== answersTo) continue;
    const id = session.id === answersTo ? origin?.id : undefined;
    send(core, session, id === undefined ? frame : { ...frame, id });
    core.effects.push({ kind: 'unsubscribe', session: session.id, channel: name });
  }
  if (!wasIn) return;
  exit(core, room, user);
  tellAbout(core, user, name, frame);
  core.effects.push({ kind: 'notice', event: { kind: 'left', room: name, user } });
}

const roomOf = (core: Core, name: Room['name']): Room => core.rooms.get(name) ?? addRoom(core, name);
