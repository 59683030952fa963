/** Which addresses a host has that another client might reach it at, and which of another's we are willing to dial. */
import { BlockList, isIP, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPort } from '../link/address.ts';
import type { Address } from '../link/link.ts';
import { MAX_OFFERED } from './direct.ts';

/** As `os.networkInterfaces()`: by the interface's name. */
export type InterfaceTable = Readonly<
  Record<string, readonly { readonly address: string; readonly internal: boolean }[] | undefined>
>;

/** The first port that anybody may listen on (ip(7), ip_unprivileged_port_start). Below are services, which no chat is. */
export const MIN_DIRECT_PORT = 1024;

const NOWHERE_IPV4 = new BlockList();
// "This network" (RFC 1122, 3.2.1.3), multicast (RFC 5771), reserved, with broadcast (RFC 1112, 4; RFC 919).
NOWHERE_IPV4.addSubnet('0.0.0.0', 8, 'ipv4');
NOWHERE_IPV4.addSubnet('224.0.0.0', 4, 'ipv4');
NOWHERE_IPV4.addSubnet('240.0.0.0', 4, 'ipv4');
// Link-local (RFC 3927): another host on each network, and in clouds what tells a machine its secrets.
NOWHERE_IPV4.addSubnet('169.254.0.0', 16, 'ipv4');

const NOWHERE_IPV6 = new BlockList();
// Unspecified, and IPv4 in disguise (RFC 4291, 2.5.5): IPv4 addresses come as such.
NOWHERE_IPV6.addSubnet('::', 96, 'ipv6');
NOWHERE_IPV6.addSubnet('::ffff:0:0', 96, 'ipv6');
// Multicast, and link-local, which means nothing without the name of an interface of the one who dials (RFC 4007, 6).
NOWHERE_IPV6.addSubnet('ff00::', 8, 'ipv6');
NOWHERE_IPV6.addSubnet('fe80::', 10, 'ipv6');

/** The whole of 127.0.0.0/8 is one host; we dial it, and offer it, under one name. */
const LOOPBACK_IPV4 = '127.0.0.1';
const LOOPBACK_IPV6 = '::1';

/**
 * The canonical text of an address that may lead to another client: unicast, of a host and not of whoever happens to be
 * there. Undefined for all others, and for names, zones (`%eth0`) and notations that `isIP` doesn't know.
 */
export function reachable(host: string): string | undefined {
  switch (isIP(host)) {
    case 4:
      if (host === LOOPBACK_IPV4) return host;
      return host.startsWith('127.') || NOWHERE_IPV4.check(host, 'ipv4') ? undefined : host;
    case 6: {
      if (host.includes('%')) return undefined;
      const { address } = new SocketAddress({ address: host, family: 'ipv6' });
      return address === LOOPBACK_IPV6 || !NOWHERE_IPV6.check(address, 'ipv6') ? address : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Of an offer, what we dial: it comes from somebody who may want us to knock at others' doors. So: few, once each, and at
 * no service. What is behind is told nothing but the beginning of a TLS handshake.
 */
export function dialable(offered: readonly Address[]): readonly Address[] {
  const found = new Map<string, Address>();
  for (const { host, port } of offered.slice(0, MAX_OFFERED)) {
    const address = reachable(host);
    if (address === undefined || !isPort(port) || port < MIN_DIRECT_PORT) continue;
    found.set(`${address} ${port}`, { host: address, port });
  }
  return [...found.values()];
}

/** One of each in turn: so a cut of the list takes from both. */
function interleave(a: readonly string[], b: readonly string[]): string[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]])
    .flat()
    .filter((address) => address !== undefined);
}

/**
 * What to offer, best first, at most `MAX_OFFERED`. Loopback leads: two users of one host are what this program is for,
 * and it costs nothing to find out that one isn't on the same.
 */
export function offerable(table: InterfaceTable): readonly string[] {
  const all = Object.values(table).flatMap((addresses) => addresses ?? []);
  const hosts = [...new Set(all.map(({ address }) => reachable(address)).filter((host) => host !== undefined))];
  const loopback = [LOOPBACK_IPV4, LOOPBACK_IPV6].filter((host) => hosts.includes(host));
  const outside = hosts.filter((host) => !loopback.includes(host));
  const [ipv4, ipv6] = [outside.filter((host) => isIP(host) === 4), outside.filter((host) => isIP(host) === 6)];
  return [...loopback, ...interleave(ipv4, ipv6)].slice(0, MAX_OFFERED);
}

/** Of this host, now. Where the system won't tell, none. */
export function interfaceTable(): InterfaceTable {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}
