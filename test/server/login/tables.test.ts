import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTables } from '../../../src/server/login/tables.ts';

describe.runIf(process.platform === 'linux')('the kernel’s tables of connections', () => {
  test('are read whole, whether they are short or long, and anew each time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const listening = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = (text: string): number => text.split(`${listening} `).length - 1;
    const read = createTables();
    expect(rows(await read())).toBe(1);
    server.on('connection', (socket) => sockets.push(socket));
    // Longer than what is read on the main thread.
    for (let i = 0; i < 500; i++) sockets.push(connect({ port, host: '127.0.0.1' }));
    await expect.poll(() => sockets.length).toBe(1000);
    expect(rows(await read())).toBe(1001);
    for (const socket of sockets.splice(0)) socket.resetAndDestroy();
    await expect.poll(async () => rows(await read())).toBe(1);
    // tcp6 follows, with its own heading.
    expect((await read()).split('local_address').length).toBe(3);
  });
});
