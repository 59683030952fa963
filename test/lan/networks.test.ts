/** The networks that the other tests rely on are as networks are. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { Network } from './networks.ts';

/** Listens for datagrams, and prints each; ends after half a second. */
const LISTEN = `
  const socket = require('node:dgram').createSocket({ type: process.argv[1], reuseAddr: true });
  socket.on('message', (bytes) => console.log(String(bytes)));
  socket.bind(4000, () => {
    if (process.argv[1] === 'udp6') socket.addMembership('ff02::7', '::%eth0');
    console.log('listening');
    setTimeout(() => process.exit(), 500);
  });`;
const SAY = `
  const [kind, to, word] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket(kind);
  socket.bind(() => {
    if (kind === 'udp4') socket.setBroadcast(true);
    else socket.setMulticastInterface('::%eth0');
    socket.send(word, 4000, to, (error) => { socket.close(); if (error) throw error; });
  });`;

describe.runIf(needHosts())('a network', () => {
  let network: Network<'alice' | 'bob' | 'carol'>;
  beforeAll(async () => {
    network = await Network.start({ hosts: { alice: 1, bob: 1, carol: 2 } });
  });
  afterAll(() => network.close());

  type Host = 'alice' | 'bob' | 'carol';
  /** What these two hear of what alice says. */
  async function heard(kind: 'udp4' | 'udp6', to: string): Promise<string[]> {
    const listening = (['bob', 'carol'] as const).map(async (host: Host) => {
      const child = network.spawn(host, [process.execPath, '-e', LISTEN, kind], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      const ready = Promise.withResolvers<null>();
      const ended = Promise.withResolvers<null>();
      child.stdout?.on('data', (data) => {
        text += String(data);
        ready.resolve(null);
      });
      child.once('close', () => ended.resolve(null));
      await ready.promise;
      return {
        ended: ended.promise,
        words: () =>
          text
            .split('\n')
            .slice(1, -1)
            .map((word) => `${host}: ${word}`),
      };
    });
    const all = await Promise.all(listening);
    await network.run('alice', [process.execPath, '-e', SAY, kind, to, 'hello']);
    await Promise.all(all.map(({ ended }) => ended));
    return all.flatMap(({ words }) => words());
  }

  test('takes broadcasts and multicasts to all who are on it, and no further', async () => {
    expect(await heard('udp4', '10.78.1.255')).toEqual(['bob: hello']);
    expect(await heard('udp4', '255.255.255.255')).toEqual(['bob: hello']);
    expect(await heard('udp6', 'ff02::7')).toEqual(['bob: hello']);
  });

  test('is joined to the next one by a router, for what is meant for one host', async () => {
    expect(await heard('udp4', network.address('carol'))).toEqual(['carol: hello']);
  });

  test('loses a host that is unplugged, and has it again when it is plugged in', async () => {
    await network.unplug('bob');
    expect(await heard('udp4', '10.78.1.255')).toEqual([]);
    await network.plug('bob');
    expect(await heard('udp4', '10.78.1.255')).toEqual(['bob: hello']);
  });
});
