/** A server that takes connections: from the moment that it listens until it has taken leave of everybody. */
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Address } from '../link/link.ts';
import { type ListenFailure, listenTcp } from '../link/tcp.ts';
import { encode } from '../protocol/codec.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Bus } from './bus/bus.ts';
import type { Core } from './core/core.ts';
import { inTime, storeNotClosed } from './drain.ts';
import type { Host } from './identify.ts';
import type { ServerKey } from './login/server-key.ts';
import { Reloading } from './reload.ts';
import { removeRunning, writeRunning } from './running-file.ts';
import { portTaken } from './second-server.ts';
import type { ServerOptions } from './server-options.ts';
import type { Notice, Shell } from './shell.ts';
import type { Store } from './store/store.ts';

/** Connections that the kernel holds until they are accepted: everybody comes back at once after a restart. */
const BACKLOG = 1024;
/** For whoever speaks plain text from elsewhere than this host. */
const TLS_REQUIRED = encode({
  type: 'error',
  code: 'tls_required',
  text: ERROR_CODES.tls_required.says,
  closes: true,
});

export interface RunningServer {
  /** Where it listens, with the port that it was given. */
  readonly address: Address;
  /** Connections that are open. */
  readonly connections: number;
  /** Takes no new connection, finishes what is on its way to the disk, says `bye`, closes. Safe to call twice. */
  stop(): Promise<void>;
  /** What can change while people are here does; the rest, and what is wrong, is told. */
  reload(options: Result<ServerOptions, string>): Promise<void>;
}

export interface ListenParts {
  readonly options: ServerOptions;
  readonly key: ServerKey;
  readonly shell: Shell;
  readonly core: Core;
  readonly store: Store;
  readonly bus: Bus;
  readonly host: Pick<Host, 'nameOf'>;
  readonly clock: Clock;
  readonly notice: Notice;
  /** The server has ended, or never began. */
  readonly over: () => void;
}

export async function listen(
  parts: ListenParts,
): Promise<Result<RunningServer, { code: `listen_${ListenFailure['kind']}`; text: string }>> {
  const { options, key: serverKey, shell, core, store, clock, notice, over } = parts;
  const { host, port, dataFolder, guests, durability } = options;
  const { fingerprint, ...key } = serverKey;
  const listener = await listenTcp(
    { host, port, backlog: BACKLOG, tls: { ...key, plainFrom: 'loopback', refusal: TLS_REQUIRED } },
    (link) => shell.accept(link),
    (code) => notice({ kind: 'warning', code, text: 'a connection could not be accepted' }),
  );
  if (!listener.ok) {
    over();
    await store.close();
    const text = await portTaken(listener.error, { host, port }, (uid) => parts.host.nameOf(uid));
    return err({ code: `listen_${listener.error.kind}`, text });
  }
  const { address } = listener.value;
  const running = { pid: process.pid, ...address, since: clock.now() };
  writeRunning(dataFolder, { ...running, state: 'up' });
  const { hostLogin } = core.options;
  notice({ kind: 'started', ...address, fingerprint, dataFolder, guests, hostLogin, durability });
  const now = () => ({ wall: clock.now(), mono: clock.monotonic() });
  const reloading = new Reloading({ core, listener: listener.value, notice, now }, options, serverKey);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    listener.value.close();
    writeRunning(dataFolder, { ...running, state: 'draining' });
    await shell.stop();
    removeRunning(dataFolder);
    if (!(await inTime(Promise.all([store.close(), parts.bus.close()])))) notice(storeNotClosed());
    over();
    notice({ kind: 'stopped' });
  };
  return ok({
    address,
    get connections() {
      return shell.connections;
    },
    stop: () => (stopped ??= stop()),
    reload: (read) => reloading.reload(read),
  });
}
