import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSockDiag } from '../../../src/server/login/netlink.ts';
import { SockDiag } from '../../../src/server/login/sock-diag.ts';

const exchange = openSockDiag();

/** In a sandbox it may not be asked; then the server reads tables, which is a hundred times as much work. */
describe.runIf(exchange !== undefined)('a connection of ours', () => {
  test('is told of by this kernel as long as it stands, and then is nobody’s', async () => {
    const diag = new SockDiag(exchange ?? (() => undefined));
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    const [socket] = (await once(server, 'connection')) as [Socket];
    const remote = { host: '127.0.0.1', port: socket.remotePort ?? 0 };
    const local = { host: '127.0.0.1', port };
    expect(diag.ownerOf(remote, local)).toEqual({ kind: 'owner', uid: process.getuid?.() });
    const closed = Promise.withResolvers<void>();
    socket.on('error', () => undefined).on('close', () => closed.resolve());
    socket.resume();
    client.resetAndDestroy();
    await closed.promise;
    expect(diag.ownerOf(remote, local)).toEqual({ kind: 'nobody' });
  });
});
