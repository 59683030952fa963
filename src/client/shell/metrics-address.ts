/** Where `--metrics` serves the figures, as people write it: `9100`, `10.0.0.7:9100`, `[::1]:9100`, `unix:/run/uchat.sock`. */
import { isAbsolute } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { parseHost } from './address.ts';

export type MetricsAddress =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'path'; readonly path: string };

/** Without a host, and so without a word about it, nobody from elsewhere gets them. */
const OWN_HOST = '127.0.0.1';
const MAX_PORT = 65_535;
/** Bytes of sun_path, unix(7), with the zero at its end. */
const MAX_PATH_BYTES = 108;
const HOW = 'write PORT, HOST:PORT or unix:PATH, such as 9100';

export function parseMetricsAddress(text: string): Result<MetricsAddress, string> {
  if (text.startsWith('unix:')) return parsePath(text.slice('unix:'.length));
  const [, bracketed, bare, digits = ''] = /^(?:(\[[^\]]*\]):|([^:]*):)?(\d{1,5})$/.exec(text) ?? [];
  const port = digits === '' ? Infinity : Number(digits);
  if (port > MAX_PORT) return err(`${JSON.stringify(text)} is no address to serve figures on: ${HOW}`);
  const host = parseHost(bracketed ?? bare ?? OWN_HOST);
  return host.ok ? ok({ kind: 'port', host: host.value, port }) : err(`${host.error}; ${HOW}`);
}

function parsePath(path: string): Result<MetricsAddress, string> {
  if (!isAbsolute(path)) return err('the path of a socket begins with /, such as unix:/run/uchat.sock');
  if (Buffer.byteLength(path) >= MAX_PATH_BYTES) return err(`a socket's path has at most ${MAX_PATH_BYTES - 1} bytes`);
  return ok({ kind: 'path', path });
}
