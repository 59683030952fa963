/** Edits, deletions and reactions: asked for, stored, published. */
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { ChangeCame, NewChange } from '../store/store.ts';
import { addRoom, type Core } from './core.ts';
import type { ChangeRequest } from './effect.ts';
import type { Instant } from './instant.ts';
import type { Online, Session } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

/** Asks the store. The session's next message waits for the answer. */
export function changeMessage(
  core: Core,
  session: Session,
  { user }: Online,
  { room, seq, id }: Pick<ClientMessages['delete'], 'room' | 'seq' | 'id'>,
  { what, may }: Pick<NewChange, 'what' | 'may'>,
  at: Instant,
): void {
  const by = user.name;
  hold(core, session);
  core.effects.push({
    kind: 'change-message',
    change: { room, seq, by, time: at.wall, what, may },
    audit: { time: at.wall, by, action: what.kind, target: `${room} ${seq}`, detail: '' },
    origin: { server: core.options.serverId, session: session.id, ...(id === undefined ? {} : { id }) },
  });
}

/** What the store has made of it. */
export function messageChanged(core: Core, asked: ChangeRequest, came: ChangeCame, at: Instant): void {
  const { change, audit, origin } = asked;
  const { room, seq, by, time } = change;
  const session = core.sessions.get(origin.session);
  switch (came.kind) {
    case 'changed': {
      const { rev, author, fields } = came;
      const event = { kind: 'changed', room, seq, by, time, rev, author, fields, origin } as const;
      core.effects.push({ kind: 'publish', event });
      if (change.what.kind === 'delete' && author !== by)
        core.effects.push({
          kind: 'notice',
          event: { kind: 'audit', by, action: audit.action, target: audit.target, detail: author },
        });
      break;
    }
    case 'same':
      // Nobody else hears of it, and it takes no number: it may stand anywhere in the stream.
      if (session?.state.kind === 'online')
        send(core, session, {
          type: 'changed',
          ...(origin.id === undefined ? {} : { id: origin.id }),
          room,
          rev: came.rev,
          seq,
          by,
          time,
          ...came.fields,
        });
      break;
    case 'no_such_message':
    case 'not_kept':
    case 'not_yours':
    case 'deleted':
    case 'too_many_reactions':
      if (session !== undefined) refuse(core, session, came.kind, ERROR_CODES[came.kind].says, at, origin.id);
  }
  if (session !== undefined) release(core, session, at);
}

/** The store can't take it, so nothing has changed. */
export function messageNotChanged(core: Core, { origin }: ChangeRequest, at: Instant): void {
  const session = core.sessions.get(origin.session);
  if (session === undefined) return;
  refuse(core, session, 'not_stored', 'the server could not store this; try again later', at, origin.id);
  release(core, session, at);
}

/** To all members, in the change's place in the stream of the room. */
export function deliverChange(core: Core, event: Extract<ServerEvent, { kind: 'changed' }>): void {
  const { room: name, seq, by, time, rev, author, fields, origin } = event;
  (core.rooms.get(name) ?? addRoom(core, name)).rev = rev;
  const message = { type: 'changed', room: name, rev, seq, by, time, ...fields } as const;
  const own = origin.id === undefined ? message : { ...message, id: origin.id };
  core.effects.push({
    kind: 'fan-out',
    channel: name,
    message,
    // Also an operator who isn't in the room.
    ...(origin.server === core.options.serverId ? { instead: { session: origin.session, message: own } } : {}),
  });
  if (fields.deleted === true)
    core.effects.push({ kind: 'notice', event: { kind: 'deleted', room: name, seq, by, author } });
  else if (fields.text !== undefined)
    core.effects.push({ kind: 'notice', event: { kind: 'edited', room: name, seq, by, text: fields.text } });
}
