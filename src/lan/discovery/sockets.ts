/**
 * UDP: two sockets on the port that all programs share, which broadcasts and multicasts come to; and two on a port of
 * one's own, from which everything goes out, and which announcements come to that are meant for this program alone, since
 * a unicast to a shared port reaches one socket only. What can't be had is a problem, and asked for again.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { addressText, plainHost, systemCode } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import type { Network } from './networks.ts';
import type { Problems } from './problems.ts';
import { explain } from './reasons.ts';

/** Administratively scoped, for one site (RFC 2365, 6.1): 24 and 28 as in the port. */
export const GROUP_IPV4 = '239.255.24.28';
/** Transient, link-local (RFC 4291, 2.7). */
export const GROUP_IPV6 = 'ff12::2428';
/** No router passes it on. */
const MULTICAST_TTL = 1;

type Family = 4 | 6;

export interface SocketsParts {
  /** Shared by all programs. */
  readonly port: number;
  readonly ownPort: number;
  readonly problems: Problems;
  readonly arrived: (bytes: Buffer, from: Address, isShared: boolean) => void;
}

interface Slot {
  readonly family: Family;
  readonly isShared: boolean;
  state: 'none' | 'opening' | Socket;
}

const aboutSending = (to: Address): string => `to ${addressText(to)}`;
const anyHost = (family: Family): string => (family === 4 ? '0.0.0.0' : '::');
const slotName = ({ family, isShared }: Slot): string => `socket ${isShared ? 'shared' : 'own'} ${family}`;

/** Of a host that has no IPv6, or no IPv4: nothing is wrong with it. */
const isMissingFamily = (code: string): boolean => ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT'].includes(code);

function newSocket(family: Family, isShared: boolean): Socket {
  return createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    ipv6Only: family === 6,
    reuseAddr: isShared,
    // Only addresses come here, never names. At once: what is set before a send holds for it.
    lookup: (host, _options, found) => found(null, host, family),
  });
}

/** @returns the code of the system's error where it can't be had. */
function bound(family: Family, isShared: boolean, port: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    let socket: Socket;
    try {
      socket = newSocket(family, isShared);
    } catch (error) {
      resolve(error instanceof Error ? systemCode(error) : String(error));
      return;
    }
    const failed = (error: Error): void => {
      socket.close();
      resolve(systemCode(error));
    };
    socket.once('error', failed);
    socket.bind({ port, address: anyHost(family), exclusive: true }, () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

/** Does what may fail by what became of an interface. @returns the code of the failure. */
function attempt(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? systemCode(error) : String(error);
  }
}

const membershipOf = ({ family, address, name }: Network): readonly [group: string, by: string] =>
  family === 4 ? [GROUP_IPV4, address] : [GROUP_IPV6, `::%${name}`];

export class Sockets {
  readonly #parts: SocketsParts;
  readonly #slots: readonly Slot[] = [
    { family: 4, isShared: true, state: 'none' },
    { family: 6, isShared: true, state: 'none' },
    { family: 4, isShared: false, state: 'none' },
    { family: 6, isShared: false, state: 'none' },
  ];
  #networks: readonly Network[] = [];
  #isClosed = false;

  constructor(parts: SocketsParts) {
    this.#parts = parts;
  }

  /** Whether anything can be said or heard. */
  get isUsable(): boolean {
    return this.#slots.some(({ state }) => typeof state === 'object');
  }

  /** Opens what isn't open. Never rejects. */
  async open(): Promise<void> {
    await Promise.all(this.#slots.filter(({ state }) => state === 'none').map((slot) => this.#open(slot)));
    this.adjust(this.#networks);
  }

  async #open(slot: Slot): Promise<void> {
    const { family, isShared } = slot;
    const { port, ownPort, problems } = this.#parts;
    slot.state = 'opening';
    const wanted = isShared ? port : ownPort;
    let socket = await bound(family, isShared, wanted);
    if (typeof socket !== 'string') problems.clear(slotName(slot));
    else if (!isMissingFamily(socket)) {
      problems.set(slotName(slot), explain.port(wanted, isShared, socket));
      // What goes out needs no certain port.
      if (!isShared) socket = await bound(family, isShared, 0);
    }
    slot.state = 'none';
    if (typeof socket === 'string') return;
    if (this.#isClosed) socket.close();
    else this.#use(slot, socket);
  }

  #use(slot: Slot, socket: Socket): void {
    const { problems, arrived, port } = this.#parts;
    slot.state = socket;
    socket.on('error', (error) => {
      if (slot.state === socket) slot.state = 'none';
      problems.set(slotName(slot), explain.port(port, slot.isShared, systemCode(error)));
      socket.close();
    });
    socket.on('message', (bytes, { address, port: from }) =>
      arrived(bytes, { host: plainHost(address), port: from }, slot.isShared),
    );
    if (slot.isShared) return;
    attempt(() => socket.setMulticastTTL(MULTICAST_TTL));
    // Whoever is on this host hears it by loopback.
    attempt(() => socket.setMulticastLoopback(false));
    if (slot.family === 4) attempt(() => socket.setBroadcast(true));
  }

  #socket(family: Family, isShared: boolean): Socket | undefined {
    const state = this.#slots.find((slot) => slot.family === family && slot.isShared === isShared)?.state;
    return typeof state === 'object' ? state : undefined;
  }

  /** From now on these are the networks. Asked for again each time: an interface that came back has no members. */
  adjust(networks: readonly Network[]): void {
    for (const gone of this.#networks)
      if (!networks.some(({ name, address }) => name === gone.name && address === gone.address)) {
        const [group, by] = membershipOf(gone);
        // Its interface may be gone; then so is the membership.
        attempt(() => this.#socket(gone.family, true)?.dropMembership(group, by));
      }
    this.#networks = networks;
    const { problems } = this.#parts;
    const names = new Set(networks.map(({ name }) => name));
    problems.keep((about) => !about.startsWith('on ') || names.has(about.split(' ')[1] ?? ''));
    for (const network of networks) this.#join(network);
  }

  #join(network: Network): void {
    const [group, by] = membershipOf(network);
    const code = attempt(() => this.#socket(network.family, true)?.addMembership(group, by));
    const about = `on ${network.name} member ${network.family}`;
    // EADDRINUSE: we are one.
    if (code === undefined || code === 'EADDRINUSE') this.#parts.problems.clear(about);
    else this.#parts.problems.set(about, `${network.name}: no multicast comes in: ${explain.code(code)}`);
  }

  /** To everybody on our own networks, in all ways. Resolves when it has gone to the kernel. Never rejects. */
  async near(bytes: Uint8Array): Promise<void> {
    const done = new Set<string>();
    const sent: Promise<void>[] = [];
    for (const network of this.#networks) {
      const { name, family, broadcast } = network;
      if (family === 4 && broadcast !== undefined && !done.has(broadcast)) {
        done.add(broadcast);
        sent.push(this.#send(4, bytes, broadcast, `on ${name} broadcast`, `${name}: no broadcast goes out`));
      }
      const group = `${name} multicast ${family}`;
      if (done.has(group) || !this.#mayMulticast(network)) continue;
      done.add(group);
      const host = family === 4 ? GROUP_IPV4 : `${GROUP_IPV6}%${name}`;
      sent.push(this.#send(family, bytes, host, `on ${group}`, `${name}: no IPv${family} multicast goes out`));
    }
    await Promise.all(sent);
  }

  /** On loopback broadcast is enough, and there multicast is as a rule switched off. */
  #mayMulticast({ family, address, isLoopback }: Network): boolean {
    if (isLoopback) return false;
    // A failure shows when it is sent.
    if (family === 4) attempt(() => this.#socket(4, false)?.setMulticastInterface(address));
    return true;
  }

  /** What is wrong with other addresses than these is forgotten. */
  keepTo(addresses: readonly Address[]): void {
    const kept = new Set(addresses.map(aboutSending));
    this.#parts.problems.keep((about) => !about.startsWith('to ') || kept.has(about));
  }

  /** To one program, or to one of those that share its port. As `near`. */
  to(bytes: Uint8Array, { host, port }: Address): Promise<void> {
    const text = addressText({ host, port });
    return this.#send(
      isIPv6(host) ? 6 : 4,
      bytes,
      host,
      aboutSending({ host, port }),
      `nothing goes out to ${text}`,
      port,
    );
  }

  #send(
    family: Family,
    bytes: Uint8Array,
    host: string,
    about: string,
    failed: string,
    port = this.#parts.port,
  ): Promise<void> {
    const socket = this.#socket(family, false);
    const { problems } = this.#parts;
    if (socket === undefined) {
      problems.set(about, `${failed}: no IPv${family} on this host`);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      socket.send(bytes, port, host, (error) => {
        if (error === null) problems.clear(about);
        else problems.set(about, `${failed}: ${explain.code(systemCode(error))}`);
        resolve();
      });
    });
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#slots) {
      if (typeof slot.state === 'object') slot.state.close();
      slot.state = 'none';
    }
  }
}
