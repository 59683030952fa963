/** Somebody in between, with a real TLS proxy. */
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { newMutualKey, serverNameOf } from '../../../src/link/mutual-tls.ts';
import { pinOf } from '../../../src/link/pin.ts';
import { selfSigned } from '../../../src/link/self-signed.ts';
import { until } from '../../peer/relay.ts';
import {
  announcementBytes,
  bothLinked,
  HOST,
  helloWith,
  holdTime,
  later,
  Person,
  pass,
  Stranger,
  sendHome,
  strangersPort,
  twoIdentities,
} from './people.ts';

beforeEach(holdTime);
afterEach(sendHome);

function tlsKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, cert: selfSigned(privateKey, 'm'), pin: pinOf(publicKey) };
}

/**
 * Ends TLS on both sides with a key of its own, and passes on all that is said.
 * @returns where it listens, its pin, and what it has read.
 */
async function proxyTo(person: Person) {
  const { key, cert, pin } = tlsKey();
  const read: Buffer[] = [];
  const options = { key, cert, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false } as const;
  const keep = (socket: TLSSocket): TLSSocket => {
    later(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => read.push(chunk));
    return socket;
  };
  const server = createServer(options, (near) => {
    const servername = serverNameOf(person.mesh.pin);
    const far = connect({ ...options, host: HOST, port: person.mesh.port, servername, ca: [] });
    keep(near).pipe(keep(far)).pipe(near);
  });
  server.on('tlsClientError', () => undefined);
  later(() => server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, HOST, resolve);
  });
  return { port: (server.address() as AddressInfo).port, pin, said: () => Buffer.concat(read).toString('utf8') };
}

async function pair(): Promise<[Person, Person]> {
  const [low, high] = twoIdentities();
  return [await Person.open(low, 'low'), await Person.open(high, 'high')];
}

test('somebody in between who has no key but their own is refused, and hears nothing of the dialler', async () => {
  const [low, high] = await pair();
  const proxy = await proxyTo(high);
  low.hears(high, { port: proxy.port });
  await until(() => low.mesh.refused === 1);
  expect(low.mesh.problems).toEqual([
    `high (127.0.0.1:${proxy.port}) is heard, and somebody else answers there: no link`,
  ]);
  await pass(1000);
  // The listener tells who it is to whoever knows its pin, as its announcements do. The dialler has said nothing.
  expect(proxy.said()).not.toContain(Buffer.from(low.announcement()).toString('base64url').slice(0, 100));
  expect([low.mesh.links, high.mesh.links, low.told, high.told]).toEqual([0, 0, [], []]);
  // It is no reason not to link by the right way.
  high.hears(low);
  await pass(2500);
  await bothLinked(low, high);
  expect(low.mesh.problems).toEqual([]);
});

test('somebody in between who announces the other under their own pin is no longer signed by the other', async () => {
  const [low, high] = await pair();
  const proxy = await proxyTo(high);
  // Should a forged announcement be believed after all: TLS stands, and the hello that is passed on names another pin.
  low.hears(high, { port: proxy.port, pin: proxy.pin });
  await until(() => low.mesh.refused === 1);
  await pass(500);
  expect([low.mesh.links, high.mesh.links]).toEqual([0, 0]);
  expect(low.mesh.problems).toHaveLength(1);
});

test("whoever comes with somebody else's announcement is refused", async () => {
  const [bob, carol] = await pair();
  const key = newMutualKey();
  for (const announcement of [
    carol.announcement(),
    // Of a run of one's own, and of another key.
    announcementBytes(newIdentity(), newMutualKey().pin, 2428),
    // Out of date, by two minutes.
    announcementBytes(newIdentity(), key.pin, 2428, { time: Date.now() - 120_000 }),
    announcementBytes(newIdentity(), key.pin, 2428, { being: 'bye' }),
    Buffer.from('uLAN and nothing else'),
  ]) {
    const stranger = await Stranger.at(bob, key);
    stranger.link.write(helloWith(announcement));
    await stranger.told.untilClosed();
    // Its hello; and no ping, which would tell what it holds.
    expect(stranger.told.lines).toHaveLength(1);
  }
  expect([bob.mesh.refused, bob.mesh.links, bob.mesh.greetings, bob.told, bob.heardOf]).toEqual([5, 0, 0, [], []]);
});

test('whoever sends us to somebody else under that key has no link made, nor has that one', async () => {
  const [low, high] = await pair();
  const liar = newIdentity();
  // Signed by the liar: "I have this pin", which is the other's.
  low.hears(high, { device: liar.device, name: 'liar' });
  await pass(3000);
  await until(() => low.mesh.refused === 1);
  expect(low.mesh.problems).toEqual([
    `liar (127.0.0.1:${high.mesh.port}) is heard, and says to be somebody else when asked: no link`,
  ]);
  expect([high.mesh.links, high.told, high.mesh.refused]).toEqual([0, [], 0]);
});

test('a version that we do not speak is refused', async () => {
  const bob = await Person.open();
  const key = newMutualKey();
  const stranger = await Stranger.at(bob, key);
  const hello = helloWith(announcementBytes(newIdentity(), key.pin, 2428));
  stranger.link.write(hello.replace('"version":1', '"version":2'));
  await stranger.told.untilClosed();
  expect(bob.mesh.refused).toBe(1);
});

test('a listener who proves the key and is somebody else is told nothing', async () => {
  const [low, high] = twoIdentities();
  const bob = await Person.open(low);
  const key = newMutualKey();
  const met: Stranger[] = [];
  const port = await strangersPort(key, (stranger) => {
    met.push(stranger);
    stranger.link.write(helloWith(announcementBytes(newIdentity(), key.pin, port)));
  });
  bob.mesh.heard(
    {
      device: high.device,
      name: 'high',
      being: 'here',
      pin: key.pin,
      port,
      addresses: [],
      time: Date.now() as never,
      nonce: '0',
    },
    HOST,
  );
  await until(() => bob.mesh.refused === 1);
  await met[0]?.told.untilClosed();
  expect(met[0]?.told.lines).toEqual([]);
});
