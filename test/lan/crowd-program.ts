/**
 * Many people on one host, each with announcements, links and a lobby that are those of uchat, and whatever else a program
 * costs left out: `node crowd-program.ts HOW-MANY UDP-PORT`. They hear everybody but each other, so that it is one program's
 * load that can be measured: that of whoever is not of the crowd. Told what to do, and telling, by lines of JSON.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type DeviceId, unixMs } from '../../src/base/ids.ts';
import { clock } from '../../src/client/shell/clock.ts';
import { newId } from '../../src/client/shell/new-id.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { encodeAnnouncement, readAnnouncement } from '../../src/lan/announcement-codec.ts';
import { networksOf, readInterfaces } from '../../src/lan/discovery/networks.ts';
import { GROUP_IPV4, GROUP_IPV6 } from '../../src/lan/discovery/sockets.ts';
import { signingOf } from '../../src/lan/hub/signing.ts';
import { ANNOUNCE_EVERY_MS } from '../../src/lan/limits.ts';
import { createLobby } from '../../src/lan/lobby/create-lobby.ts';
import type { Lobby } from '../../src/lan/lobby/lobby.ts';
import type { Mesh, MeshFrame } from '../../src/lan/mesh/mesh.ts';
import { openMesh } from '../../src/lan/mesh/open-mesh.ts';
import { accountName, LOBBY } from '../../src/protocol/names.ts';
import { machineTime } from './hub-program.ts';

export type CrowdOrder =
  /** All begin to announce themselves. */
  | { readonly type: 'come' }
  /** The first of them says something to all. */
  | { readonly type: 'say'; readonly text: string };

/** `at`: as `machineTime`. */
export type CrowdReport =
  | { readonly type: 'ready' }
  /** One of them was told something by somebody who is not. */
  | { readonly type: 'heard'; readonly at: number; readonly text: string }
  | { readonly type: 'said'; readonly at: number };

/** One of the crowd. */
interface One {
  readonly mesh: Mesh;
  readonly lobby: Lobby;
  announce(): void;
}

const tell = (report: CrowdReport): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

const [count = 0, port = 0] = process.argv.slice(2).map(Number);
const crowd = new Map<DeviceId, One>();
const seen = new Set<string>();
const networks = networksOf(readInterfaces()).filter(({ isLoopback }) => !isLoopback);

/** One socket hears for all of them. */
function listen(): void {
  const shared = createSocket({ type: 'udp4', reuseAddr: true });
  shared.on('message', (bytes, { address }) => {
    const read = readAnnouncement(bytes, unixMs(Date.now()));
    if (!read.ok || crowd.has(read.value.device) || seen.has(read.value.nonce)) return;
    seen.add(read.value.nonce);
    for (const { mesh } of crowd.values()) mesh.heard(read.value, address);
  });
  shared.bind(port);
}

/** Sends as `Sockets` does: from the port that is announced, in all ways. */
async function sender(from: number): Promise<(bytes: Uint8Array) => void> {
  const open = async (type: 'udp4' | 'udp6'): Promise<Socket> => {
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    socket.bind(from);
    await once(socket, 'listening');
    return socket;
  };
  const [four, six] = await Promise.all([open('udp4'), open('udp6')]);
  four.setBroadcast(true);
  for (const socket of [four, six]) socket.setMulticastLoopback(false);
  return (bytes) => {
    for (const { family, broadcast, name } of networks) {
      if (family === 6) six.send(bytes, port, `${GROUP_IPV6}%${name}`);
      else for (const to of [broadcast, GROUP_IPV4]) four.send(bytes, port, to);
    }
  };
}

function take(lobby: Lobby, device: DeviceId, frame: MeshFrame, mesh: Mesh): void {
  switch (frame.type) {
    case 'lobby':
      for (const news of lobby.take(frame.entries).news)
        if (news.kind === 'message') tell({ type: 'heard', at: machineTime(), text: news.message.text });
      return;
    case 'held':
      for (const entries of lobby.missing([frame.entries])) mesh.send(device, { type: 'lobby', entries: [...entries] });
      return;
    case 'claim':
      mesh.send(device, { type: 'package', id: frame.id });
      return;
    case 'ping':
    case 'pong':
    case 'typing':
    case 'private':
    case 'mail':
    case 'mailed':
    case 'package':
    case 'refused':
      return;
  }
}

async function join(n: number): Promise<void> {
  const identity = newIdentity();
  const { device } = identity;
  const name = `peer-${n}`;
  const lobby = createLobby({
    device,
    name: () => name,
    now: () => clock.now(),
    userOf: (_, called) => accountName(called),
    room: LOBBY,
    ...signingOf(identity),
  });
  const addresses = networks.map(({ address }) => address);
  const announcement = (): Uint8Array =>
    encodeAnnouncement(identity, {
      name,
      being: 'here',
      pin: mesh.pin,
      port: mesh.port,
      addresses,
      time: unixMs(Date.now()),
    });
  const opened = await openMesh(
    {
      device,
      announcement,
      heard: () => undefined,
      alive: () => undefined,
      linked: () => undefined,
      unlinked: () => undefined,
      frame: (from, frame) => take(lobby, from, frame, mesh),
      lobbyDigest: () => lobby.digest,
    },
    { port: 0 },
  );
  if (!opened.ok) throw new Error(opened.error);
  const mesh: Mesh = opened.value;
  const say = await sender(mesh.port);
  crowd.set(device, { mesh, lobby, announce: () => say(announcement()) });
}

for (let n = 1; n <= count; n++) await join(n);
listen();

function come(): void {
  // As of people who came at different times.
  for (const one of crowd.values())
    setTimeout(() => {
      one.announce();
      setInterval(() => one.announce(), ANNOUNCE_EVERY_MS);
    }, Math.random() * ANNOUNCE_EVERY_MS);
}

function say(text: string): void {
  const [first] = crowd.values();
  const said = first?.lobby.say({ id: newId(), text });
  if (first === undefined || said?.ok !== true) throw new Error('it can be said');
  tell({ type: 'said', at: machineTime() });
  first.mesh.sendAll({ type: 'lobby', entries: [...said.value.fresh] });
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order = JSON.parse(line) as CrowdOrder;
    if (order.type === 'come') come();
    else say(order.text);
  })
  .on('close', () => process.exit());
tell({ type: 'ready' });
