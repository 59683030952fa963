/** This host's own networks: where announcements go, and which addresses are on one of them. */
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** As `os.networkInterfaces()`. */
export type Interfaces = ReturnType<typeof networkInterfaces>;

/** One address of one interface. */
export interface Network {
  /** Of the interface, without the label of an address (`eth0:1`). */
  readonly name: string;
  readonly family: 4 | 6;
  readonly address: string;
  /** `10.0.0.7/24`. */
  readonly cidr: string;
  /** IPv4, where the network has one. */
  readonly broadcast: string | undefined;
  readonly isLoopback: boolean;
}

/** Networks that are announced on: a socket of Linux takes 20 memberships (igmp_max_memberships). The first ones count. */
export const MAX_NETWORKS = 16;
/** Prefixes of IPv4 that leave room for a broadcast address: RFC 3021 takes it from those of two hosts. */
const MAX_BROADCAST_PREFIX = 30;

const prefixOf = (cidr: string): number => Number(cidr.slice(cidr.indexOf('/') + 1));

/** All ones behind the prefix (RFC 919). */
function broadcastOf(address: string, prefix: number): string | undefined {
  if (prefix > MAX_BROADCAST_PREFIX) return undefined;
  const hostBits = 0xffff_ffff >>> prefix;
  const bits = address.split('.').reduce((all, byte) => all * 256 + Number(byte), 0);
  const all = (bits | hostBits) >>> 0;
  return [24, 16, 8, 0].map((shift) => (all >>> shift) & 0xff).join('.');
}

/**
 * Loopback first, which always works, and IPv4 before IPv6, so that the shorter addresses are heard first. Of several IPv6 addresses of an interface one is enough, since what is announced
 * there goes to a group; so the link-local one, which is always there.
 */
export function networksOf(table: Interfaces): readonly Network[] {
  const found: Network[] = [];
  for (const [label, addresses = []] of Object.entries(table)) {
    const name = label.replace(/:.*$/, '');
    const linkLocalFirst = addresses.toSorted(
      (a, b) => Number(b.address.startsWith('fe80:')) - Number(a.address.startsWith('fe80:')),
    );
    for (const { address, cidr, family, internal } of linkLocalFirst) {
      if (cidr === null) continue;
      if (family === 'IPv4') {
        const broadcast = broadcastOf(address, prefixOf(cidr));
        found.push({ name, family: 4, address, cidr, broadcast, isLoopback: internal });
      } else if (!internal && !found.some((other) => other.family === 6 && other.name === name)) {
        found.push({ name, family: 6, address, cidr, broadcast: undefined, isLoopback: false });
      }
    }
  }
  const rank = ({ isLoopback, family }: Network): number => (isLoopback ? 0 : family);
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_NETWORKS);
}

/** Of this host, now. Where the system won't tell, none. */
export function readInterfaces(): Interfaces {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** Whether an address is on one of these networks, or on this host. */
export function nearBy(table: Interfaces): (host: string) => boolean {
  const near = new BlockList();
  near.addSubnet('127.0.0.0', 8, 'ipv4');
  near.addAddress('::1', 'ipv6');
  // Of every network that one is on (RFC 4291, 2.5.6; RFC 3927).
  near.addSubnet('fe80::', 10, 'ipv6');
  near.addSubnet('169.254.0.0', 16, 'ipv4');
  for (const { address, cidr, family } of Object.values(table).flatMap((addresses) => addresses ?? []))
    if (cidr !== null) near.addSubnet(address, prefixOf(cidr), family === 'IPv6' ? 'ipv6' : 'ipv4');
  return (host) => {
    const plain = host.replace(/%.*$/, '');
    return near.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
