/** Where a server is, as people write it: `box`, `box:2428`, `10.0.0.7:2428`, `::1`, `[::1]:2428`. */
import { isIP, isIPv6 } from 'node:net';
import { err, ok, type Result } from '../../base/result.ts';
import type { Address } from '../../link/link.ts';
import { DEFAULT_PORT } from '../../protocol/limits.ts';

export const DEFAULT_ADDRESS: Address = { host: '127.0.0.1', port: DEFAULT_PORT };

const MAX_PORT = 65_535;
/** RFC 1035, 2.3.4: a name has at most 253 characters, a label 63. The underscore is not in it, but in hosts files. */
const MAX_HOST_CHARS = 253;
const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

export function parsePort(text: string): Result<number, string> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= MAX_PORT
    ? ok(port)
    : err(`a port is a number from 1 to ${MAX_PORT}, such as ${DEFAULT_PORT}`);
}

/** A host: an IP address (IPv6 with or without brackets, a zone allowed) or a name. */
export function parseHost(text: string): Result<string, string> {
  if (text === '') return err('a host is missing: a name like box.example, or an IP address like 10.0.0.7 or ::1');
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIP(bare) !== 0) return ok(bare);
  // Digits and dots only are meant as an address, and resolvers read such things in surprising ways.
  if (bare !== text || /^[\d.]+$/.test(text)) return err('this is no IP address: write it as 10.0.0.7 or ::1');
  const named = text.endsWith('.') ? text.slice(0, -1) : text;
  return text.length <= MAX_HOST_CHARS && named.split('.').every((label) => LABEL.test(label))
    ? ok(text)
    : err('this is no host: write a name like box.example, or an IP address like 10.0.0.7 or ::1');
}

/** @param portElse where none is named. */
export function parseAddress(text: string, portElse: number = DEFAULT_PORT): Result<Address, string> {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/.exec(text);
  // Node makes its pattern of all IPv6 addresses when it is first asked, which takes 5 ms of every start.
  const isBare6 = /:.*:/.test(text) && isIPv6(text);
  const parts = bracketed ?? (isBare6 ? [text, text] : /^([^:]*)(?::([^:]*))?$/.exec(text));
  if (!parts) return err('more than one colon: write an IPv6 address with a port as [::1]:2428');
  const host = parseHost(parts[1] ?? '');
  if (!host.ok) return host;
  if (parts[2] === undefined) return ok({ host: host.value, port: portElse });
  const port = parsePort(parts[2]);
  return port.ok ? ok({ host: host.value, port: port.value }) : port;
}

/** Whether the other end is on this very host, so that the kernel can vouch for who connects. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(host);
