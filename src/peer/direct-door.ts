/** Where direct connections begin: a port for each chat, or one for all that a firewall lets through. */
import type { Result } from '../base/result.ts';
import { type Arrival, listenMutual, type MutualKey, type MutualListener, newMutualKey } from '../link/mutual-tls.ts';
import type { ListenFailure } from '../link/tcp.ts';
import { type InterfaceTable, interfaceTable, offerable } from './addresses.ts';
import { DIRECT_WITHIN_MS, type DirectDoor, type DirectPort } from './direct.ts';
import { type Listening, Port } from './direct-port.ts';

export interface DoorOptions {
  /** Where to listen, for all chats (`--direct-port`): from `MIN_DIRECT_PORT` on. 0 or undefined: any, for each chat. */
  readonly port?: number | undefined;
  /** What the host's addresses are taken from; as a rule, the host. */
  readonly interfaces?: () => InterfaceTable;
  /** Milliseconds that a direct connection is tried for. */
  readonly withinMs?: number;
}

/** IPv6, which takes IPv4 too; where the host has none, IPv4. */
async function listenAnywhere(port: number): Promise<Result<MutualListener, ListenFailure>> {
  const both = await listenMutual({ host: '::', port });
  return both.ok || both.error.kind === 'in_use' ? both : await listenMutual({ host: '0.0.0.0', port });
}

/** One listener, for as long as any chat needs it. */
class SharedListener {
  readonly #port: number;
  #users = 0;
  #listener: Promise<Result<MutualListener, ListenFailure>> | undefined;

  /** @param port 0: any. */
  constructor(port: number) {
    this.#port = port;
  }

  /** Whoever gets one calls `release`, once. */
  async acquire(): Promise<MutualListener | undefined> {
    this.#users++;
    this.#listener ??= listenAnywhere(this.#port);
    const listener = await this.#listener;
    if (listener.ok) return listener.value;
    // The next chat tries again.
    this.release(undefined);
    return undefined;
  }

  release(listener: MutualListener | undefined): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#listener = undefined;
    listener?.close();
  }
}

class Door implements DirectDoor {
  readonly #options: DoorOptions;
  readonly #fixed: SharedListener | undefined;
  /** That still let somebody in. */
  readonly #ports = new Set<Port>();
  #isClosed = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#fixed = options.port === undefined || options.port === 0 ? undefined : new SharedListener(options.port);
  }

  get addresses(): readonly string[] {
    return offerable((this.#options.interfaces ?? interfaceTable)());
  }

  async open(): Promise<DirectPort> {
    const key = newMutualKey();
    const shared = this.#fixed ?? new SharedListener(0);
    const listener = await shared.acquire();
    const port: Port = new Port({
      key,
      withinMs: this.#options.withinMs ?? DIRECT_WITHIN_MS,
      listen: (arrived) => listener && this.#serve(listener, key, arrived, () => shared.release(listener)),
      stopped: () => void this.#ports.delete(port),
    });
    this.#ports.add(port);
    // The program may have ended while the port was asked for.
    if (this.#isClosed) port.close();
    return port;
  }

  #serve(
    listener: MutualListener,
    key: MutualKey,
    arrived: (arrival: Arrival) => void,
    release: () => void,
  ): Listening {
    const { port } = listener.address;
    const unserve = listener.serve(key, arrived);
    let isServing = true;
    return {
      addresses: this.addresses.map((host) => ({ host, port })),
      stop: () => {
        if (!isServing) return;
        isServing = false;
        unserve();
        release();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const port of this.#ports) port.close();
  }
}

export const createDoor = (options: DoorOptions = {}): DirectDoor => new Door(options);
