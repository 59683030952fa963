/** The server's composition root: what it is made of, how it starts, and how it stops. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { unixMs } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Address } from '../link/link.ts';
import { memoryLinks } from '../link/memory.ts';
import { type ListenFailure, listenTcp } from '../link/tcp.ts';
import { encode } from '../protocol/codec.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Bus } from './bus/bus.ts';
import { createLocalBus } from './bus/local.ts';
import { type Commands, createCommands } from './console/commands.ts';
import type { Console, ConsoleKind } from './console/console.ts';
import { openConsole } from './console/open.ts';
import { type Core, createCore } from './core/core.ts';
import { createHost } from './host.ts';
import type { Host } from './identify.ts';
import { createPasswords } from './login/password.ts';
import { ownServerKey, readServerKey, type ServerKey, type ServerKeyFailure } from './login/server-key.ts';
import { type Notice, Shell } from './shell.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import { type Durability, type Store, StoreError, type StoreErrorCode } from './store/store.ts';

/** Connections that the kernel holds until they are accepted: everybody comes back at once after a restart. */
const BACKLOG = 1024;
/** For whoever speaks plain text from elsewhere than this host. */
const TLS_REQUIRED = encode({
  type: 'error',
  code: 'tls_required',
  text: ERROR_CODES.tls_required.says,
  closes: true,
});

export interface ServerOptions {
  /** An IP address or a host's name. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly dataFolder: string;
  /** Milliseconds without a sign of life until a person counts as away; 0 never. */
  readonly awayAfter: number;
  /** Milliseconds away until a person is logged off; 0 never. */
  readonly logOffAfter: number;
  readonly guests: boolean;
  /** Linux only; elsewhere nobody can say who owns a connection, and it is off. */
  readonly hostLogin: boolean;
  /** Who may make an account: everybody, those with an invite code, nobody. */
  readonly registration: 'open' | 'invite' | 'closed';
  /** Wrong passwords in a row that lock their source out of the account, and for how many milliseconds the first time. */
  readonly lockoutAfter: number;
  readonly lockoutFor: number;
  readonly rateLimit: boolean;
  readonly durability: Durability;
  /** PEM files of a key and its certificate; without them the server has its own, in the data folder. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string } | undefined;
}

/** What tests put in place of the real thing. */
export interface ServerParts {
  readonly clock?: Clock;
  readonly host?: Host;
  readonly store?: Store;
}

/**
 * Why a server doesn't start; `text` is one line for people. `listen_…`: the address; `store_…`: the data folder; `tls_…`:
 * its key and certificate. The codes are stable.
 */
export interface StartFailure {
  readonly code: `listen_${ListenFailure['kind']}` | `store_${StoreErrorCode}` | ServerKeyFailure['code'];
  readonly text: string;
}

export interface RunningServer {
  /** Where it listens, with the port that it was given. */
  readonly address: Address;
  /** Connections that are open. */
  readonly connections: number;
  /** Takes no new connection, finishes what is on its way to the disk, says `bye`, closes. Safe to call twice. */
  stop(): Promise<void>;
}

export const systemClock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };

/** A server in this process. It shows nothing unless it is given a console. */
export async function startServer(
  options: ServerOptions,
  console: Omit<Console, 'close'> = { show: () => undefined },
  parts: ServerParts = {},
): Promise<Result<RunningServer, StartFailure>> {
  const clock = parts.clock ?? systemClock;
  const notice: Notice = (event) => console.show(event, clock.now());
  const hostLogin = options.hostLogin && process.platform === 'linux';
  const host = parts.host ?? createHost();
  let store: Store;
  let core: Core;
  try {
    store =
      parts.store ??
      (await openSqliteStore({
        folder: options.dataFolder,
        durability: options.durability,
        // People can still see each other and be told that nothing is stored; whether to restart is the operator's.
        onFailure: ({ code, message }) =>
          notice({ kind: 'store-failed', what: 'go on, and must be restarted', code, text: message }),
      }));
  } catch (error) {
    return err(storeFailure(error));
  }
  // After the store, which makes the folder.
  const { dataFolder, tls } = options;
  const key = tls === undefined ? ownServerKey(dataFolder) : readServerKey(tls.keyFile, tls.certFile);
  if (!key.ok) {
    await store.close();
    return key;
  }
  try {
    const [rooms, memberships, accounts, operators, bans, ignores, lockouts, invites] = await Promise.all([
      store.rooms(),
      store.memberships(),
      store.accounts(),
      store.operators(),
      store.bans(),
      store.ignores(),
      store.lockouts(),
      store.invites(),
    ]);
    const { awayAfter, logOffAfter, guests, registration, lockoutAfter, lockoutFor, rateLimit } = options;
    core = createCore(
      {
        name: hostname(),
        serverId: randomUUID(),
        awayAfter,
        logOffAfter,
        guests,
        hostLogin,
        registration,
        lockout: { after: lockoutAfter, lockFor: lockoutFor },
        rateLimit,
        operatorUid: process.getuid?.(),
      },
      { rooms, memberships, accounts, operators, bans, ignores, lockouts, invites },
      { wall: clock.now(), mono: clock.monotonic() },
    );
  } catch (error) {
    await store.close();
    return err(storeFailure(error));
  }
  const bus = createLocalBus();
  const committed = (ms: number): void => console.committed?.(ms);
  const shell = new Shell({ core, store, bus, host, passwords: createPasswords(), clock, notice, committed });
  console.watch?.(() => shell.snapshot());
  const server = await listen(options, key.value, hostLogin, shell, store, bus, notice);
  const uid = process.getuid?.();
  // Elsewhere there is no Unix user who could be the first operator.
  if (server.ok && uid !== undefined) console.operate?.(consoleCommands(shell, store, clock, uid));
  return server;
}

async function listen(
  options: ServerOptions,
  { fingerprint, ...key }: ServerKey,
  hostLogin: boolean,
  shell: Shell,
  store: Store,
  bus: Bus,
  notice: Notice,
): Promise<Result<RunningServer, StartFailure>> {
  const { host, port, dataFolder, guests, durability } = options;
  const listener = await listenTcp(
    { host, port, backlog: BACKLOG, tls: { ...key, plainFrom: 'loopback', refusal: TLS_REQUIRED } },
    (link) => shell.accept(link),
    (code) => notice({ kind: 'warning', code, text: 'a connection could not be accepted' }),
  );
  if (!listener.ok) {
    await store.close();
    return err({ code: `listen_${listener.error.kind}`, text: listener.error.text });
  }
  const { address } = listener.value;
  notice({ kind: 'started', ...address, fingerprint, dataFolder, guests, hostLogin, durability });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    listener.value.close();
    await shell.stop();
    await Promise.all([store.close(), bus.close()]);
    notice({ kind: 'stopped' });
  };
  return ok({
    address,
    get connections() {
      return shell.connections;
    },
    stop: () => (stopped ??= stop()),
  });
}

function consoleCommands(shell: Shell, store: Store, clock: Clock, uid: number): Commands {
  return createCommands({
    connect: () => {
      const [client, server] = memoryLinks();
      shell.acceptConsole(server, uid);
      return client;
    },
    audit: (limit) => store.auditLog(limit),
    stop: () => void process.kill(process.pid, 'SIGTERM'),
    clock,
  });
}

function storeFailure(error: unknown): StartFailure {
  if (error instanceof StoreError) return { code: `store_${error.code}`, text: error.message };
  throw error;
}

/** The exit status: 0 stopped when it was told to, 1 could not start, 2 the address is none. */
type ExitStatus = 0 | 1 | 2;

/**
 * The server as a program: says what happens on standard output, and runs until a signal ends it.
 * @param kind `json`, unless people look.
 */
export async function runServer(options: ServerOptions, kind: ConsoleKind): Promise<ExitStatus> {
  // A terminal or a pipe that has gone away is no reason to stop.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const console = await openConsole(kind, systemClock, () => process.kill(process.pid, 'SIGINT'));
  const notice: Notice = (event) => console.show(event, systemClock.now());
  // A fault leaves a state that nobody has thought of. What was acknowledged is on the disk; clients come back by themselves.
  process.on('uncaughtException', (error) => {
    notice({ kind: 'fault', what: 'the server ends', stack: error.stack ?? error.message });
    console.close();
    process.exit(1);
  });
  const stopWanted = signalToStop();
  const server = await startServer(options, console);
  if (!server.ok) {
    // First: what is written to a dashboard's screen goes with it.
    console.close();
    process.stderr.write(`uchat: ${server.error.text} (${server.error.code})\n`);
    return server.error.code === 'listen_bad_address' ? 2 : 1;
  }
  const signal = await stopWanted;
  notice({ kind: 'stopping', why: signal });
  await server.value.stop();
  console.close();
  return 0;
}

/**
 * SIGTERM and SIGINT stop the server. So does SIGHUP where it has a terminal, because that terminal is gone; a server in the
 * background has none to lose, and outlives the session that it was started from. A second signal ends it at once.
 */
function signalToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let told = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (told) process.exit(1);
      told = true;
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('SIGHUP', (signal) => {
      if (process.stdout.isTTY) stop(signal);
    });
  });
}
