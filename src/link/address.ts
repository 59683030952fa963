import type { Address } from './link.ts';

/** Where there is no server: one's own program on the local network. No server has this port. */
export const LAN_ADDRESS: Address = { host: 'lan', port: 0 };

export const isLan = ({ host, port }: Address): boolean => host === LAN_ADDRESS.host && port === LAN_ADDRESS.port;

/** As people write it: `box:2428`, and with brackets where the host itself has colons, `[::1]:2428` (RFC 3986, 3.2.2). */
export function addressText({ host, port }: Address): string {
  if (isLan({ host, port })) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A port that can be connected to. */
export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** The code of an error of the operating system, such as `ECONNRESET`; else its words. */
export function systemCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** An IPv4 address that came in through an IPv6 socket is still that address (RFC 4291, 2.5.5.2). */
export const plainHost = (host: string): string => (/^::ffff:\d+\./i.test(host) ? host.slice('::ffff:'.length) : host);

/** Of an address, not of a name. RFC 1122, 3.2.1.3 (g) and RFC 4291, 2.5.3. */
export const isLoopback = (host: string): boolean => /^127\.\d+\.\d+\.\d+$/.test(plainHost(host)) || host === '::1';
