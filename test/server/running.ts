/** A real server in this process, on a port of its own, with a data folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ConsoleEvent } from '../../src/server/core/notice.ts';
import { type RunningServer, type ServerOptions, type ServerParts, startServer } from '../../src/server/main.ts';
import { WireClient } from './client.ts';

export interface TestServer extends RunningServer {
  readonly port: number;
  readonly folder: string;
  readonly notices: readonly ConsoleEvent[];
  /** What it was started with. */
  readonly options: ServerOptions;
  /** A guest who is in; closed when the test ends. */
  guest(name: string, more?: object): Promise<WireClient>;
  connect(): Promise<WireClient>;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function startTestServer(
  options: Partial<ServerOptions> = {},
  parts: ServerParts = {},
): Promise<TestServer> {
  const folder = options.dataFolder ?? temporaryFolder();
  const notices: ConsoleEvent[] = [];
  const whole: ServerOptions = {
    host: '127.0.0.1',
    port: 0,
    dataFolder: folder,
    awayAfter: 10_000,
    logOffAfter: 900_000,
    guests: true,
    hostLogin: true,
    registration: 'invite',
    lockoutAfter: 3,
    lockoutFor: 60_000,
    rateLimit: false,
    // What a power cut would do is the store's own matter, and its tests'.
    durability: 'process',
    ...options,
  };
  const started = await startServer(whole, { show: (event) => void notices.push(event) }, parts);
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.text}`);
  const server = started.value;
  const clients: WireClient[] = [];
  const keep = (client: WireClient): WireClient => {
    clients.push(client);
    return client;
  };
  onTestFinished(async () => {
    for (const client of clients) client.close();
    await server.stop();
  });
  const { port } = server.address;
  return {
    address: server.address,
    get connections() {
      return server.connections;
    },
    stop: () => server.stop(),
    reload: (options) => server.reload(options),
    port,
    folder,
    notices,
    options: whole,
    guest: async (name, more) => keep(await WireClient.guest(port, name, more)),
    connect: async () => keep(await WireClient.connect(port)),
  };
}
