import { connect, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';

/** A line between a client and the server that can be cut, and mended. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly #proxy: TcpServer;
  #isCut = false;

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#proxy = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(target);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  async open(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#proxy.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = this.#proxy.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
    return `127.0.0.1:${address.port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#proxy.close();
  }
}

test('answers, corrections, deletions and reactions are the same on both screens, also after a broken line', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [host = '', port] = server.address.split(':');
  const line = new Line({ host, port: Number(port) });
  onTestFinished(() => line.close());
  const [alice] = await stage.guests(server, ['alice']);
  const bob = stage.client(await line.open(), { as: 'bob' });
  await bob.waitFor(ONLINE);

  alice.say('teh build is green');
  await bob.waitFor('teh build is green');
  // Message mode stands on the newest one.
  bob.press('alt-m').type('r');
  await bob.waitFor('replying to ~alice: teh build is green');
  bob.type('thanks');
  await alice.waitFor('~bob is typing');
  bob.press('enter');
  await alice.waitFor(/↳ ~alice: teh build is green *│.*\n +thanks/);

  alice.press('alt-m', 'up').type('e');
  await alice.waitFor('correcting: teh build is green');
  alice.press('ctrl-u').say('the build is green');
  await bob.waitFor(/~alice +the build is green \(edited\)/);
  await bob.waitFor('↳ ~alice: the build is green');

  bob.say('/react 👍 alice');
  await alice.waitFor(/the build is green \(edited\) +👍 1/);

  line.cut();
  await bob.waitFor('offline');
  alice.say('wrong window');
  await alice.waitFor('wrong window');
  await alice.waitUntilGone('sending');
  alice.say('/delete');
  await alice.waitFor('/delete once more does it');
  alice.say('/delete');
  await alice.waitFor(/deleted by ~alice/);
  alice.press('alt-m', 'up').type('+4');
  await alice.waitFor(/thanks +\[🎉 1\]/);
  bob.press('alt-m', 'enter').say('written without a connection');
  await bob.waitFor('waiting');
  line.mend();
  bob.press('enter');

  await bob.waitFor(/thanks +🎉 1/);
  await bob.waitFor(/~alice +\(deleted/);
  await alice.waitFor(/↳ ~bob: thanks *│.*\n +written without a connection/);
  await bob.waitUntilGone('waiting');
  await bob.waitUntilGone('sending');
  const seen = alice.screen().filter((row) => row.includes('written without a connection'));
  expect(seen).toHaveLength(1);
  expect(bob.screen().join('\n')).not.toContain('wrong window');
});
