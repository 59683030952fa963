import { expect, test } from 'vitest';
import { listeningRows, portHolder, startedAs } from '../../src/server/port-holder.ts';
import { readRunning, writeRunning } from '../../src/server/running-file.ts';
import { openWhenFree } from '../../src/server/second-server.ts';
import { serverStatus, stopServer } from '../../src/server/stop-server.ts';
import { StoreError } from '../../src/server/store/store.ts';
import { startTestServer, temporaryFolder } from './running.ts';

const inUse = () => Promise.reject(new StoreError('in_use', 'somebody has it'));

test('a folder that another server has is refused with its process, its address and what to do', async () => {
  const server = await startTestServer();
  const why = await openWhenFree(server.folder, inUse, () => undefined).catch((error: unknown) => error);
  expect(why).toMatchObject({
    code: 'in_use',
    message:
      `another server (process ${process.pid}, listening on 127.0.0.1:${server.port}) uses the folder ${server.folder}: ` +
      `stop it with uchat --serve --stop --data ${server.folder}, or choose another folder with --data`,
  });
});

test('a server that ends already is waited for, which is told once', async () => {
  const server = await startTestServer();
  writeRunning(server.folder, { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'draining' });
  const told: number[] = [];
  let tries = 0;
  const open = () => {
    tries += 1;
    return tries < 4 ? inUse() : Promise.resolve('open');
  };
  expect(await openWhenFree(server.folder, open, (pid) => void told.push(pid))).toBe('open');
  expect([tries, told]).toEqual([4, [process.pid]]);
});

test('what else is wrong with a folder is told at once', async () => {
  let tries = 0;
  const open = () => {
    tries += 1;
    return Promise.reject(new StoreError('disk_full', 'no room'));
  };
  await expect(openWhenFree(temporaryFolder(), open, () => undefined)).rejects.toMatchObject({ code: 'disk_full' });
  expect(tries).toBe(1);
});

test('what a server has said of itself counts only while that process has the folder', async () => {
  const server = await startTestServer();
  expect(readRunning(server.folder)).toMatchObject({ pid: process.pid, port: server.port, state: 'up' });
  expect(serverStatus(server.folder, Date.now())).toMatchObject({ ok: true });
  const later = serverStatus(server.folder, Date.now() + 75 * 3_600_000 + 5000);
  expect(later.ok && later.value).toContain(' for 3d 3h, process ');
  const { folder } = server;
  writeRunning(folder, { pid: process.pid, host: '127.0.0.1', port: 7, since: 1, state: 'draining' });
  const stopping = `stopping, and no longer listening on 127.0.0.1:7, process ${process.pid}, data in ${folder}`;
  expect(serverStatus(folder, Date.now())).toEqual({ ok: true, value: stopping });
  await server.stop();
  expect(readRunning(folder)).toBeUndefined();
  // As a crash leaves it, with a process of that number that is another program by now.
  writeRunning(folder, { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'up' });
  expect(readRunning(folder)).toBeUndefined();
  writeRunning(folder, { pid: 2 ** 22 + 1, host: '127.0.0.1', port: 1, since: 1, state: 'up' });
  expect(readRunning(folder)).toBeUndefined();
  const none = { ok: false, error: { kind: 'none', text: `no server runs on the folder ${folder}` } };
  expect(serverStatus(folder, Date.now())).toEqual(none);
  expect(await stopServer(folder)).toEqual(none);
});

test('the kernel says who listens on a port', async () => {
  const server = await startTestServer();
  expect(portHolder(server.port)).toMatchObject({ uid: process.getuid?.(), pid: process.pid });
  const { port } = server;
  await server.stop();
  expect(portHolder(port)).toBeUndefined();
});

const row = (address: string, state: string, inode = 61159) =>
  `   3: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1001        0 ${inode} 1 x\n`;

test('only a socket that listens counts, by its port', () => {
  expect(listeningRows(row('0100007F:097D', '0A') + row('0100007F:097C', '01'), 2428)).toEqual([]);
  expect(listeningRows(row('0100007F:097C', '01') + row('0100007F:097C', '0A'), 2428)).toEqual([
    { uid: 1001, inode: '61159' },
  ]);
});

test('where several programs listen on a port of several addresses, none is blamed', () => {
  const tables = row('0100007F:097C', '0A', 1) + row('0200007F:097C', '0A', 2);
  const pids = new Map([
    ['1', 10],
    ['2', 20],
  ]);
  expect(portHolder(2428, tables, (inode) => pids.get(inode))).toBeUndefined();
  expect(portHolder(2428, tables, () => process.pid)).toMatchObject({ uid: 1001, pid: process.pid });
  expect(portHolder(2428, tables, () => undefined)).toBeUndefined();
  expect(portHolder(2428, row('0100007F:097C', '0A'), () => undefined)).toEqual({ uid: 1001 });
});

test('what holds a port is named by the words that tell one program from another', () => {
  const node = [
    '/opt/x/node_modules/node/bin/node',
    '--disable-warning=X',
    '--expose-gc',
    '/opt/x/src/cli.ts',
    '--serve',
  ];
  expect(startedAs(`${node.join('\0')}\0`)).toBe('node /opt/x/src/cli.ts --serve');
  expect(startedAs('/usr/local/bin/uchat\0--serve\0--guests\0')).toBe('uchat --serve --guests');
  expect(startedAs('node\0-i\0')).toBe('node -i');
  expect(startedAs('')).toBe('');
});
