import type { Address } from './link.ts';

/** As people write it: `box:2428`, and with brackets where the host itself has colons, `[::1]:2428` (RFC 3986, 3.2.2). */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A port that can be connected to. */
export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** The code of an error of the operating system, such as `ECONNRESET`; else its words. */
export function systemCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
