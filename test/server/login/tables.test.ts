import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTables } from '../../../src/server/login/tables.ts';

describe.runIf(process.platform === 'linux')('the kernel’s tables of connections', () => {
  test('are read to their ends for the rows of a port, whether they are short or long, and anew each time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const listening = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    // The kernel may show a row twice when its neighbours change while it is read.
    const rows = (text: string): number =>
      new Set(
        text.match(/[0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:[0-9A-F]{4} /g)?.filter((ends) => ends.includes(listening)),
      ).size;
    const read = createTables();
    expect(rows(await read([port]))).toBe(1);
    server.on('connection', (socket) => sockets.push(socket));
    // Longer than what is read on the main thread.
    for (let i = 0; i < 500; i++) sockets.push(connect({ port, host: '127.0.0.1' }));
    await expect.poll(() => sockets.length).toBe(1000);
    expect(rows(await read([port]))).toBe(1001);
    for (const socket of sockets.splice(0)) socket.resetAndDestroy();
    await expect.poll(async () => rows(await read([port]))).toBe(1);
    const six = createServer().listen(0, '::1');
    onTestFinished(() => void six.close());
    await once(six, 'listening');
    const { port: other } = six.address() as AddressInfo;
    // tcp6 follows, and of either no row that wasn't asked for.
    const both = (await read([other, port])).split('\n').slice(0, -1);
    expect(both.map((row) => row.length > 150)).toEqual([false, true]);
  });
});
