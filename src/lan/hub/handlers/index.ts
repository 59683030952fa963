/** Which message is handled where, and when it is allowed. A message without an entry does not compile. */
import type { ClientMessage, ClientMessages, ClientMessageType } from '../../../protocol/client-messages.ts';
import type { Core } from '../core.ts';
import type { Session } from '../session.ts';
import { activity } from './activity.ts';
import { block } from './block.ts';
import { bye } from './bye.ts';
import { delete_ } from './delete.ts';
import { device } from './device.ts';
import { devices } from './devices.ts';
import { edit } from './edit.ts';
import type { Handler } from './handler.ts';
import { hello } from './hello.ts';
import { history } from './history.ts';
import { join } from './join.ts';
import { keep } from './keep.ts';
import { lan } from './lan.ts';
import { leave } from './leave.ts';
import { mail } from './mail.ts';
import { members } from './members.ts';
import { mute } from './mute.ts';
import { needsServer } from './needs-server.ts';
import { ping } from './ping.ts';
import { private_ } from './private.ts';
import { react } from './react.ts';
import { received } from './received.ts';
import { rooms } from './rooms.ts';
import { say } from './say.ts';
import { search } from './search.ts';
import { typing } from './typing.ts';
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
  topic: needsServer('topic'),
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
  password: needsServer('password'),
  key_add: needsServer('key_add'),
  key_remove: needsServer('key_remove'),
  keys: needsServer('keys'),
  invite: needsServer('invite'),
  announce: needsServer('announce'),
  op: needsServer('op'),
  deop: needsServer('deop'),
  kick: needsServer('kick'),
  ban: needsServer('ban'),
  unban: needsServer('unban'),
  bans: needsServer('bans'),
  slow: needsServer('slow'),
  keep,
  close: needsServer('close'),
  lan,
  activity,
  ping,
  bye,
} satisfies Record<ClientMessageType, unknown>;

export function receive(core: Core, session: Session, message: ClientMessage): void {
  handle(message.type, message, core, session);
}

function handle<T extends ClientMessageType>(type: T, message: ClientMessages[T], core: Core, session: Session): void {
  const handler: Handler<T> = HANDLERS[type];
  switch (session.state) {
    case 'connected':
      if (handler.allowed === 'online') return core.sessions.refuse(session, 'hello_expected');
      return handler.handle({ core, session }, message);
    case 'online':
      if (handler.allowed === 'connected') return core.sessions.refuse(session, 'already_logged_in');
      return handler.handle({ core, session }, message);
    case 'closing':
  }
}
