/** Every message of the server, and what it does here. One that is missing does not compile. */
import type { ServerMessage, ServerMessages, ServerMessageType } from '../../protocol/server-messages.ts';
import type { Effect, Env } from '../core/event.ts';
import type { State } from '../core/state.ts';
import { ack } from './ack.ts';
import { bans } from './bans.ts';
import { bye } from './bye.ts';
import { changed } from './changed.ts';
import { device } from './device.ts';
import { devices } from './devices.ts';
import { done } from './done.ts';
import { error } from './error.ts';
import { found } from './found.ts';
import type { Receive } from './handler.ts';
import { history } from './history.ts';
import { ignored } from './ignored.ts';
import { invite } from './invite.ts';
import { joined } from './joined.ts';
import { kept } from './kept.ts';
import { keys } from './keys.ts';
import { lan } from './lan.ts';
import { left } from './left.ts';
import { mail } from './mail.ts';
import { mailed } from './mailed.ts';
import { members } from './members.ts';
import { message } from './message.ts';
import { pong } from './pong.ts';
import { presence } from './presence.ts';
import { private_ } from './private.ts';
import { room } from './room.ts';
import { rooms } from './rooms.ts';
import { topic } from './topic.ts';
import { typing } from './typing.ts';
import { users } from './users.ts';
import { welcome } from './welcome.ts';

const RECEIVE: { readonly [K in ServerMessageType]: Receive<K> } = {
  welcome,
  message,
  changed,
  typing,
  found,
  ack,
  room,
  joined,
  left,
  topic,
  rooms,
  members,
  users,
  presence,
  history,
  kept,
  mail,
  mailed,
  device,
  devices,
  private: private_,
  ignored,
  done,
  bans,
  keys,
  invite,
  lan,
  pong,
  error,
  bye,
};

function dispatch<K extends ServerMessageType>(type: K, state: State, received: ServerMessages[K], env: Env) {
  return RECEIVE[type](state, received, env);
}

export const receive = (state: State, received: ServerMessage, env: Env): readonly Effect[] =>
  dispatch(received.type, state, received, env);
