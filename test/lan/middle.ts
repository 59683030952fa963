/**
 * Somebody in the middle: on a host that has the address of others, it takes the connections that are meant for them, with a
 * key of its own; dials them, in the name of everybody else; and says their announcements again. `node middle.ts UDP-PORT`;
 * what it gets to know is told by lines of JSON.
 */

import { generateKeyPairSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { unixMs } from '../../src/base/ids.ts';
import type { Announcement } from '../../src/lan/announcement.ts';
import { readAnnouncement } from '../../src/lan/announcement-codec.ts';
import { LAN_VERSION } from '../../src/lan/limits.ts';
import { serverNameOf } from '../../src/link/mutual-tls.ts';
import { selfSigned } from '../../src/link/self-signed.ts';

export type Overheard =
  /** Its key was shown: to who dialled it, or to whom it dialled. */
  | { readonly kind: 'met'; readonly by: 'dialled' | 'dialling' }
  /** What it could read. */
  | { readonly kind: 'line'; readonly by: 'dialled' | 'dialling'; readonly line: string }
  | { readonly kind: 'closed'; readonly by: 'dialled' | 'dialling' };

/** What a listener says to whom it takes: see mutual-tls.ts. */
const TAKEN = '\n';
/** Milliseconds between two tries to be somebody else. */
const DIAL_EVERY_MS = 1000;

const PING = '{"type":"ping"}\n';
const PONG = '{"type":"pong"}\n';

const tell = (overheard: Overheard): void => void process.stdout.write(`${JSON.stringify(overheard)}\n`);

const { privateKey } = generateKeyPairSync('ed25519');
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const own = { key, cert: selfSigned(privateKey, 'uchat'), minVersion: 'TLSv1.3', rejectUnauthorized: false } as const;

interface Victim {
  readonly announcement: Announcement;
  readonly datagram: Buffer;
  readonly host: string;
}
const victims = new Map<string, Victim>();
const doors = new Map<number, Server>();

/** Says that it is the one of these words. */
const helloOf = ({ datagram }: Victim): string =>
  `${JSON.stringify({ type: 'hello', version: LAN_VERSION, announcement: datagram.toString('base64url') })}\n`;

function overhear(socket: TLSSocket, by: 'dialled' | 'dialling'): void {
  tell({ kind: 'met', by });
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    for (const line of text.split('\n').filter((one) => one !== '')) {
      tell({ kind: 'line', by, line });
      // Whoever believes it goes on, and says what was meant for somebody else.
      socket.write(line.includes('"hello"') ? PING : PONG);
    }
  });
  socket.on('error', () => undefined);
  socket.once('close', () => tell({ kind: 'closed', by }));
}

/** Takes what is meant for a port of somebody else's. */
function standAt(port: number): void {
  if (doors.has(port)) return;
  const door = createServer({ ...own, requestCert: true }, (socket) => {
    overhear(socket, 'dialled');
    socket.write(TAKEN);
    for (const victim of victims.values()) if (victim.announcement.port === port) socket.write(helloOf(victim));
  });
  door.on('tlsClientError', () => tell({ kind: 'closed', by: 'dialled' }));
  door.listen(port, '0.0.0.0');
  doors.set(port, door);
}

/** Is everybody else to this one. */
function dial(victim: Victim): void {
  const { pin, port } = victim.announcement;
  const socket = connect({ ...own, host: victim.host, port, servername: serverNameOf(pin) }, () => {
    overhear(socket, 'dialling');
    for (const other of victims.values()) if (other !== victim) socket.write(helloOf(other));
  });
  socket.on('error', () => undefined);
}

const udp = createSocket({ type: 'udp4', reuseAddr: true });
udp.on('message', (datagram, { address }) => {
  const read = readAnnouncement(datagram, unixMs(Date.now()));
  if (!read.ok) return;
  const { device, port, addresses } = read.value;
  // It hears what it has said itself, and what others like it say.
  if (!addresses.includes(address)) return;
  const known = victims.get(device);
  victims.set(device, { announcement: read.value, datagram, host: address });
  standAt(port);
  if (known?.announcement.nonce !== read.value.nonce) udp.send(datagram, LAN_PORT, BROADCAST);
});
const BROADCAST = '255.255.255.255';
const LAN_PORT = Number(process.argv[2]);
udp.bind(LAN_PORT, () => udp.setBroadcast(true));
setInterval(() => {
  // Whom it stands in for is itself.
  const here = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
  for (const victim of victims.values()) if (!here.includes(victim.host)) dial(victim);
}, DIAL_EVERY_MS);
