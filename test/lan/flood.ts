/**
 * Whatever nobody should send, as much of it as was asked for: `node flood.ts UDP-PORT DATAGRAMS-A-SECOND SECONDS HOST…`. It
 * waits until it has heard somebody, whom it then says again, forges, and cuts up. Prints how many it has sent of each kind.
 */

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { unixMs } from '../../src/base/ids.ts';
import { newIdentity, signedBy } from '../../src/crypto/identity.ts';
import { encodeAnnouncement, readAnnouncement } from '../../src/lan/announcement-codec.ts';
import { MAX_DATAGRAM_BYTES } from '../../src/lan/limits.ts';

/** How many of each kind. */
export type Sent = Readonly<Record<string, number>>;

const [port = 0, rate = 0, seconds = 0] = process.argv.slice(2, 5).map(Number);
const hosts = process.argv.slice(5);
/** Milliseconds between two bursts. */
const TICK_MS = 5;
/** People who aren't there, each of whom is signed for as they should be: making one takes longer than sending a hundred. */
const INVENTED = 50;

/** See announcement-codec.ts. */
const NONCE_AT = 78;

const identity = newIdentity();
const pin = `SHA256:${randomBytes(32).toString('base64').replace(/=+$/, '')}`;
const fields = { name: 'mallory', being: 'here', pin, port: 4000, addresses: [] } as const;
const fresh = (): Buffer => encodeAnnouncement(identity, { ...fields, time: unixMs(Date.now()) });

/** Of a name that nobody may have, well signed. */
function badlyNamed(): Buffer {
  const good = fresh();
  const body = good.subarray(0, -64);
  const at = body.indexOf(fields.name);
  body.write('\x1b[2J\x07\x00x', at, 'latin1');
  return Buffer.concat([body, signedBy(identity, Buffer.concat([Buffer.from('uchat lan announcement v1\0'), body]))]);
}

/** Its nonce is another one, as if it were new. */
function forged(datagram: Buffer): Buffer {
  const other = Buffer.from(datagram);
  randomBytes(8).copy(other, NONCE_AT);
  return other;
}

const KINDS: Readonly<Record<string, (heard: Buffer) => Buffer>> = {
  replayed: (heard) => heard,
  forged: (heard) => forged(Math.random() < 0.5 ? heard : fresh()),
  truncated: (heard) => heard.subarray(0, Math.floor(Math.random() * heard.length)),
  oversize: (heard) => Buffer.concat([heard, randomBytes(MAX_DATAGRAM_BYTES)]),
  foreign: () => randomBytes(100),
  stale: () => encodeAnnouncement(identity, { ...fields, time: unixMs(Date.now() - 120_000) }),
  named: badlyNamed,
  invented: () => encodeAnnouncement(newIdentity(), { ...fields, time: unixMs(Date.now()) }),
};

/** Some of each, made before: so that many can be sent in a second. */
function stock(heard: Buffer): (readonly [kind: string, datagram: Buffer])[] {
  return Object.entries(KINDS).flatMap(([kind, make]) =>
    Array.from({ length: INVENTED }, () => [kind, make(heard)] as const),
  );
}

const udp = createSocket({ type: 'udp4', reuseAddr: true });
udp.on('error', () => undefined);

function flood(heard: Buffer): void {
  const all = stock(heard);
  const sent: Record<string, number> = {};
  const start = performance.now();
  let count = 0;
  const timer = setInterval(() => {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; count < due; count++) {
      const [kind, datagram] = all[count % all.length] ?? ['', heard];
      udp.send(datagram, port, hosts[count % hosts.length]);
      sent[kind] = (sent[kind] ?? 0) + 1;
    }
    if (count < rate * seconds) return;
    clearInterval(timer);
    process.stdout.write(`${JSON.stringify(sent)}\n`, () => udp.close());
  }, TICK_MS);
}

udp.on('message', (datagram) => {
  if (!readAnnouncement(datagram, unixMs(Date.now())).ok) return;
  udp.removeAllListeners('message');
  flood(datagram);
});
udp.bind(port, () => udp.setBroadcast(true));
