import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openKernelLimits } from '../../src/link/kernel-limits.ts';

const isPossible = process.platform === 'linux' && process.getBuiltinModule('node:ffi') !== undefined;

/** A server's end of a connection whose peer reads nothing. */
async function accepted(): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const peer = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1').pause();
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  return socket;
}

/** Bytes that the kernel takes. */
async function taken(socket: Socket): Promise<number> {
  let bytes = 0;
  for (let quiet = 0; quiet < 20; quiet++) {
    while (socket.writableLength === 0) {
      socket.write(Buffer.alloc(16_384));
      bytes += 16_384;
      quiet = 0;
    }
    await turn();
  }
  return bytes;
}

test.runIf(isPossible)(
  'the kernel takes a fraction of a megabyte for who reads nothing, instead of several',
  async () => {
    const [limited, free] = [await accepted(), await accepted()];
    openKernelLimits()(limited);
    const [less, more] = [await taken(limited), await taken(free)];
    expect(less).toBeLessThan(1_000_000);
    expect(less).toBeLessThan(more / 2);
  },
);

test('they are there without a word on standard error', () => {
  const file = join(import.meta.dirname, '..', '..', 'src', 'link', 'kernel-limits.ts');
  const script = `(await import(${JSON.stringify(file)})).openKernelLimits()`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('a socket that is closed already is passed over', async () => {
  const socket = await accepted();
  socket.destroy();
  expect(() => openKernelLimits()(socket)).not.toThrow();
});
