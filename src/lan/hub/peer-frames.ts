/** What others say over their links: one function a frame. Nothing of it may throw, and nothing of it is believed. */
import type { DeviceId } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { LanFrames } from '../mesh/frames.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import type { Core } from './core.ts';
import type { Person } from './person.ts';

type Take<T extends MeshFrame['type']> = (core: Core, from: Person, frame: LanFrames[T]) => void;

const refused = (id: LanFrames['mail']['id'], code: string): MeshFrame => ({ type: 'refused', id, code });

const ping: Take<'ping'> = ({ sync }, { device }, { lobby }) => sync.digest(device, lobby);
const pong: Take<'pong'> = ({ sync }, { device }, { lobby }) => sync.digest(device, lobby);

const lobby: Take<'lobby'> = ({ room, sync, clock }, { device, rates }, { entries }) => {
  // What is too much comes again, when the lobbies are compared.
  if (!rates.entries.take(clock.monotonic(), entries.length)) return;
  sync.brought(device, room.take(entries));
};

const held: Take<'held'> = ({ sync, clock }, { device, rates }, frame) => {
  if (rates.held.take(clock.monotonic())) sync.held(device, frame);
};

const typing: Take<'typing'> = ({ sessions, ignored, clock }, { device, user, rates }) => {
  if (ignored.blocks(device) || !rates.typing.take(clock.monotonic())) return;
  sessions.tell({ type: 'typing', to: LOBBY, from: user });
};

const private_: Take<'private'> = (core, { device, user, rates }, { id, frame }) => {
  const { net, ignored, sessions, clock } = core;
  const mono = clock.monotonic();
  const refuse = (code: string): void => {
    net.send(device, { type: 'refused', code, ...(id === undefined ? {} : { id }) });
  };
  if (ignored.blocks(device)) return refuse('not_delivered');
  if ((frame.kind === 'ask' || frame.kind === 'accept') && frame.from !== device) return refuse('bad_message');
  if (frame.kind === 'ask' && !rates.asks.take(mono)) return refuse('too_many_asks');
  if (frame.kind !== 'ask' && !rates.privates.take(mono)) return refuse('rate_limited');
  const recipients = sessions.online.filter(({ isDevice }) => isDevice);
  if (recipients.length === 0) return refuse(sessions.online.some(({ visible }) => visible) ? 'no_device' : 'not_here');
  const message = { type: 'private', from: user, device, frame, time: clock.now() } as const;
  for (const session of recipients) sessions.send(session, message);
};

const mail: Take<'mail'> = ({ net, ignored, mailbox, people, clock }, person, frame) => {
  const { device, rates } = person;
  if (ignored.blocks(device)) return void net.send(device, refused(frame.id, 'not_delivered'));
  if (!rates.mails.take(clock.monotonic())) return void net.send(device, refused(frame.id, 'rate_limited'));
  people.keep(person);
  net.send(device, mailbox.take(device, frame));
};

const mailed: Take<'mailed'> = ({ mailOut }, { device }, frame) => mailOut.mailed(device, frame);

const claim: Take<'claim'> = ({ net, ignored, packages, clock }, { device, rates }, { id }) => {
  if (ignored.blocks(device)) return void net.send(device, refused(id, 'not_delivered'));
  if (!rates.claims.take(clock.monotonic())) return void net.send(device, refused(id, 'too_many_claims'));
  net.send(device, packages.claimed(id));
};

const package_: Take<'package'> = ({ packages }, { device }, frame) => packages.came(device, frame);

const refusedByThem: Take<'refused'> = ({ mailOut, packages, privates }, { device }, { id, code }) => {
  if (id === undefined || mailOut.refused(device, id, code) || packages.refused(device, id)) return;
  privates.refused(device, id, code);
};

const TAKES: { readonly [T in MeshFrame['type']]: Take<T> } = {
  ping,
  pong,
  lobby,
  held,
  typing,
  private: private_,
  mail,
  mailed,
  claim,
  package: package_,
  refused: refusedByThem,
};

function take<T extends MeshFrame['type']>(type: T, core: Core, from: Person, frame: LanFrames[T]): void {
  const handler: Take<T> = TAKES[type];
  handler(core, from, frame);
}

/** A frame of somebody who has proved this key. */
export function takeFrame(core: Core, device: DeviceId, frame: MeshFrame): void {
  const person = core.people.byDevice(device);
  if (person !== undefined) take(frame.type, core, person, frame);
}
