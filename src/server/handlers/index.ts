/** Which message is handled where, and when it is allowed. A message without an entry does not compile. */
import type { ClientMessage, ClientMessages, ClientMessageType } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { Core } from '../core/core.ts';
import type { Instant } from '../core/instant.ts';
import { MAX_HELD } from '../core/limits.ts';
import type { Session } from '../core/session.ts';
import { heard, refuse } from '../core/sessions.ts';
import { activity } from './activity.ts';
import { announce } from './announce.ts';
import { ban } from './ban.ts';
import { bans } from './bans.ts';
import { block } from './block.ts';
import { bye } from './bye.ts';
import { close } from './close.ts';
import { delete_ } from './delete.ts';
import { deop } from './deop.ts';
import { device } from './device.ts';
import { devices } from './devices.ts';
import { edit } from './edit.ts';
import type { Context, Handler } from './handler.ts';
import { hello } from './hello.ts';
import { history } from './history.ts';
import { invite } from './invite.ts';
import { join } from './join.ts';
import { keep } from './keep.ts';
import { key_add } from './key-add.ts';
import { key_remove } from './key-remove.ts';
import { keys } from './keys.ts';
import { kick } from './kick.ts';
import { lan } from './lan.ts';
import { leave } from './leave.ts';
import { mail } from './mail.ts';
import { members } from './members.ts';
import { mute } from './mute.ts';
import { op } from './op.ts';
import { password } from './password.ts';
import { ping } from './ping.ts';
import { private_ } from './private.ts';
import { react } from './react.ts';
import { received } from './received.ts';
import { rooms } from './rooms.ts';
import { say } from './say.ts';
import { search } from './search.ts';
import { slow } from './slow.ts';
import { topic } from './topic.ts';
import { typing } from './typing.ts';
import { unban } from './unban.ts';
import { unblock } from './unblock.ts';
import { unmute } from './unmute.ts';
import { who } from './who.ts';

const HANDLERS: { readonly [T in ClientMessageType]: Handler<T> } = {
  hello,
  say,
  edit,
  delete: delete_,
  react,
  typing,
  search,
  join,
  leave,
  rooms,
  topic,
  members,
  who,
  history,
  mail,
  device,
  devices,
  private: private_,
  received,
  block,
  unblock,
  mute,
  unmute,
  password,
  key_add,
  key_remove,
  keys,
  invite,
  announce,
  op,
  deop,
  kick,
  ban,
  unban,
  bans,
  slow,
  keep,
  close,
  lan,
  activity,
  ping,
  bye,
} satisfies Record<ClientMessageType, unknown>;

/** A message from a session: handled now, or held while one before it waits for an answer. */
export function receive(core: Core, session: Session, message: ClientMessage, at: Instant): void {
  session.errorsInARow = 0;
  heard(core, session, at);
  if (session.waitsFor === 'nothing' && session.held.length === 0) handle(message.type, message, { core, session, at });
  else if (session.state.kind !== 'closing') holdBack(core, session, message, at);
}

/** Handles what was held, until one of them waits again. */
export function handleHeld(core: Core, session: Session, at: Instant): void {
  while (session.waitsFor === 'nothing') {
    const message = session.held.shift();
    if (message === undefined) return;
    handle(message.type, message, { core, session, at });
  }
}

function holdBack(core: Core, session: Session, message: ClientMessage, at: Instant): void {
  if (session.held.length < MAX_HELD) session.held.push(message);
  else {
    const id = 'id' in message ? message.id : undefined;
    refuse(core, session, 'rate_limited', 'too many messages wait for the one before them', at, id);
  }
}

function handle<T extends ClientMessageType>(type: T, message: ClientMessages[T], context: Context): void {
  const { core, session, at } = context;
  const { state } = session;
  const handler: Handler<T> = HANDLERS[type];
  switch (state.kind) {
    case 'connected':
      if (handler.allowed === 'online')
        return refuse(core, session, 'hello_expected', ERROR_CODES.hello_expected.says, at);
      return handler.handle(context, message);
    case 'authenticating':
      // Its messages are held until the answer has come.
      return;
    case 'online':
      if (handler.allowed === 'connected')
        return refuse(core, session, 'already_logged_in', ERROR_CODES.already_logged_in.says, at);
      return handler.handle({ ...context, online: state }, message);
    case 'closing':
  }
}
