/** The server's composition root: what it is made of, how it starts, and how it stops. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { unixMs } from '../base/ids.ts';
import { err, type Result } from '../base/result.ts';
import { sanitizeLine } from '../base/text/sanitize.ts';
import { Tidying } from '../base/tidying.ts';
import { memoryLinks } from '../link/memory.ts';
import type { ListenFailure } from '../link/tcp.ts';
import { createLocalBus } from './bus/local.ts';
import { type Commands, createCommands } from './console/commands.ts';
import type { Console, ConsoleKind } from './console/console.ts';
import { openConsole } from './console/open.ts';
import { type Core, type CoreOptions, createCore, type Stored } from './core/core.ts';
import { Figures } from './figures/figures.ts';
import type { Snapshot } from './figures/snapshot.ts';
import { createHost } from './host.ts';
import type { Host } from './identify.ts';
import { Keeper } from './keeper.ts';
import { listen, type RunningServer } from './listening.ts';
import { createPasswords } from './login/password.ts';
import { ownServerKey, readServerKey, type ServerKeyFailure } from './login/server-key.ts';
import { serveFigures } from './metrics/open.ts';
import type { MetricsFailure } from './metrics/server.ts';
import { connectionsWithin, fewFiles, fileLimit } from './open-files.ts';
import { liveOptions } from './reload.ts';
import { openWhenFree } from './second-server.ts';
import type { ServerOptions } from './server-options.ts';
import { type Notice, Shell } from './shell.ts';
import { listenToSignals } from './signals.ts';
import { starter } from './starter.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import { type Store, StoreError, type StoreErrorCode } from './store/store.ts';

export type { RunningServer, ServerOptions };

/** What tests put in place of the real thing. */
export interface ServerParts {
  readonly clock?: Clock;
  readonly host?: Host;
  readonly store?: Store;
  /** When those who read slowly are looked at. */
  readonly later?: (look: () => void, ms: number) => void;
}

/**
 * Why a server doesn't start; `text` is one line for people. `listen_…`: the address; `store_…`: the data folder; `tls_…`:
 * its key and certificate. The codes are stable.
 */
export interface StartFailure {
  readonly code:
    | `listen_${ListenFailure['kind']}`
    | `store_${StoreErrorCode}`
    | ServerKeyFailure['code']
    | MetricsFailure['code'];
  readonly text: string;
}

export const systemClock: Clock = { now: () => unixMs(Date.now()), monotonic: () => performance.now() };

/** A server in this process. It shows nothing unless it is given a console. */
export async function startServer(
  options: ServerOptions,
  console: Omit<Console, 'close'> = { show: () => undefined },
  parts: ServerParts = {},
): Promise<Result<RunningServer, StartFailure>> {
  const clock = parts.clock ?? systemClock;
  const figures = new Figures(options.dataFolder);
  const notice: Notice = (event) => {
    figures.hear(event);
    console.show(event, clock.now());
  };
  const connectionLimit = connectionsWithin(fileLimit());
  const few = connectionLimit === undefined ? undefined : fewFiles(connectionLimit);
  if (few !== undefined) notice(few);
  const host = parts.host ?? createHost();
  let store: Store;
  let core: Core;
  try {
    store = parts.store ?? (await openStore(options, figures, notice));
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
    core = await coreOf(options, store, clock, connectionLimit);
  } catch (error) {
    await store.close();
    return err(storeFailure(error));
  }
  const bus = createLocalBus();
  const committed = (ms: number): void => figures.work.commits.record(ms / 1000);
  const shell = new Shell({
    core,
    store,
    bus,
    host,
    passwords: createPasswords(),
    clock,
    notice,
    committed,
    later: parts.later,
    tidying: new Tidying(),
  });
  const read = (): Snapshot => figures.read(shell.snapshot());
  const served = await serveFigures(options.metrics, { read, monotonic: () => clock.monotonic() }, notice);
  if (!served.ok) {
    await store.close();
    return served;
  }
  console.watch?.(read);
  const keeper = new Keeper({ core, store, clock, notice });
  const server = await listen({
    options,
    key: key.value,
    shell,
    core,
    store,
    bus,
    host,
    clock,
    notice,
    over: () => {
      keeper.stop();
      served.value.close();
      figures.close();
    },
  });
  const uid = process.getuid?.();
  // Elsewhere there is no Unix user who could be the first operator.
  if (server.ok && uid !== undefined) console.operate?.(consoleCommands(shell, store, clock, uid));
  return server;
}

async function coreOf(
  options: ServerOptions,
  store: Store,
  clock: Clock,
  connectionLimit: CoreOptions['connectionLimit'],
): Promise<Core> {
  const own = { name: hostname(), serverId: randomUUID(), operatorUid: process.getuid?.(), connectionLimit };
  const stored = await storedIn(store);
  return createCore({ ...liveOptions(options), ...own }, stored, { wall: clock.now(), mono: clock.monotonic() });
}

async function storedIn(store: Store): Promise<Stored> {
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
  return { rooms, memberships, accounts, operators, bans, ignores, lockouts, invites };
}

/** Where a server that ends already has the folder, it is waited for. */
async function openStore(options: ServerOptions, figures: Figures, notice: Notice): Promise<Store> {
  const { dataFolder: folder, durability } = options;
  const open = (): Promise<Store> =>
    openSqliteStore({
      folder,
      durability,
      onBatch: (calls) => figures.work.batches.record(calls),
      onWarning: (text) => notice({ kind: 'warning', code: 'old_database', text }),
      // People can still see each other and be told that nothing is stored; whether to restart is the operator's.
      onFailure: ({ code, message }) =>
        notice({ kind: 'store-failed', what: 'go on, and must be restarted', code, text: message }),
    });
  return await openWhenFree(folder, open, (pid) => {
    notice({
      kind: 'warning',
      code: 'waiting',
      text: `the server before (process ${pid}) is stopping: waits for its end`,
    });
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
    reload: () => void process.kill(process.pid, 'SIGHUP'),
    clock,
  });
}

function storeFailure(error: unknown): StartFailure {
  if (error instanceof StoreError) return { code: `store_${error.code}`, text: error.message };
  throw error;
}

/** Milliseconds after its last word in which a server that has stopped is gone. */
const LEAVE_WITHIN_MS = 1000;

/** The exit status: 0 stopped when it was told to, 1 could not start, 2 the address is none. */
type ExitStatus = 0 | 1 | 2;

/** What a server that runs as a program has beside its options. */
export interface Life {
  /** Reads the settings again: what they are now, or one line that says what is wrong. */
  readonly reread?: () => Result<ServerOptions, string>;
  /** In the background: where the file is that standard output goes to. */
  readonly logFile?: string | undefined;
}

/**
 * The server as a program: says what happens on standard output, and runs until a signal ends it.
 * @param kind `json`, unless people look.
 */
export async function runServer(options: ServerOptions, kind: ConsoleKind, life: Life = {}): Promise<ExitStatus> {
  // A terminal or a pipe that has gone away is no reason to stop.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const report = starter();
  const log =
    life.logFile === undefined ? undefined : (await import('./console/log-file.ts')).openLogFile(life.logFile);
  const console =
    log === undefined
      ? await openConsole(kind, systemClock, () => process.kill(process.pid, 'SIGINT'))
      : (await import('./console/json.ts')).openJson(log);
  const notice: Notice = (event) => console.show(event, systemClock.now());
  // A fault leaves a state that nobody has thought of. What was acknowledged is on the disk; clients come back by themselves.
  const fault = (error: unknown): never => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    notice({ kind: 'fault', what: 'the server ends', stack });
    console.close();
    process.exit(1);
  };
  process.on('uncaughtException', fault);
  let running: RunningServer | undefined;
  const { stop } = listenToSignals(() => {
    if (life.reread !== undefined) running?.reload(life.reread()).catch(fault);
  });
  const server = await startServer(options, console).catch((error: unknown) => {
    // What is told of it next would go with a dashboard's screen.
    console.close();
    throw error;
  });
  if (!server.ok) {
    // First: what is written to a dashboard's screen goes with it.
    console.close();
    const line = sanitizeLine(`${server.error.text} (${server.error.code})`);
    const status = server.error.code === 'listen_bad_address' || server.error.code === 'metrics_bad_address' ? 2 : 1;
    process.stderr.write(`uchat: ${line}\n`);
    report?.({ kind: 'failed', line, status });
    return status;
  }
  running = server.value;
  report?.({ kind: 'listening', address: running.address });
  const signal = await stop;
  notice({ kind: 'stopping', why: signal });
  await running.stop();
  await log?.settled();
  console.close();
  // Whatever still hangs, a disk that doesn't answer for instance, nobody waits for it.
  setTimeout(() => process.exit(0), LEAVE_WITHIN_MS).unref();
  return 0;
}
